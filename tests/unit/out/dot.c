/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/out/dot.h"

#include "../cmocka.h"

#include <errno.h>

static void test_graph(void **state)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct err e = { 0 };

	(void)state;
	assert_non_null(out);
	dot_begin(out, "namespaces");
	dot_node(out, "ns1", (const char *[]){ "user", "4026531837" }, 2, "shape=box");
	dot_node(out, "ns2", (const char *[]){ "mnt" }, 1, NULL);
	dot_edge(out, "ns1", "ns2", "style=dashed");
	dot_edge(out, "ns2", "ns1", NULL);
	assert_int_equal(dot_end(out, &e), 0);
	fclose(out);
	assert_string_equal(text, "digraph \"namespaces\" {\n"
				  "\t\"ns1\" [label=\"user\\n4026531837\",shape=box];\n"
				  "\t\"ns2\" [label=\"mnt\"];\n"
				  "\t\"ns1\" -> \"ns2\" [style=dashed];\n"
				  "\t\"ns2\" -> \"ns1\";\n"
				  "}\n");
	free(text);
}

/* What a stranger's text becomes between the quotes of a label. */
static const struct {
	const char *text, *label;
} hostile[] = {
	{ "a\"];evil [label=\"", "a\\\"];evil [label=\\\"" },
	{ "ends in \\", "ends in \\\\" },
	{ "\\N \\G \\l", "\\\\N \\\\G \\\\l" },
	{ "a\nb\r", "a\\\\x0ab\\\\x0d" },
	{ "\x1b[2J", "\\\\x1b[2J" },
	{ "\\x1b", "\\\\x5cx1b" },
	{ "<b>&lt;&amp;</b>", "<b>&amp;lt;&amp;amp;</b>" },
	{ "{a|<p>b}", "{a|<p>b}" },
	{ "\xff\u6f22", "\\\\xff\u6f22" },
	{ "", "" },
};

static void test_labels_cannot_get_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		auto_free char *expected = xasprintf("\t\"n\" [label=\"%s\"];\n", hostile[i].label);
		char *text = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&text, &n);

		assert_non_null(out);
		dot_node(out, "n", &hostile[i].text, 1, NULL);
		fclose(out);
		assert_string_equal(text, expected);
		free(text);
	}
}

static void test_names_cannot_get_out(void **state)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	assert_non_null(out);
	dot_begin(out, "a\"{");
	dot_edge(out, "a\"b", "c:d\\", NULL);
	fclose(out);
	assert_string_equal(text, "digraph \"a\\\"{\" {\n"
				  "\t\"a\\\"b\" -> \"c:d\\\\\";\n");
	free(text);
}

static void test_reports_a_full_disk(void **state)
{
	auto_err struct err e = { 0 };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	dot_begin(out, "a");
	assert_int_equal(dot_end(out, &e), -ENOSPC);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph),
		cmocka_unit_test(test_labels_cannot_get_out),
		cmocka_unit_test(test_names_cannot_get_out),
		cmocka_unit_test(test_reports_a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
