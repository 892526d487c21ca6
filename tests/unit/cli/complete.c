/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/complete.h"

#include "../cmocka.h"
#include "../tsv.h"
#include "fake.h"

#define WORDS_MAX 8

static const struct ctx fake_ctx = { .applets = fake_applets, .napplets = ARRAY_LEN(fake_applets) };

/* Cuts TEXT at its blanks; the word _ stands for the empty one. */
static int cut(char *text, char **argv)
{
	char *word;
	int n = 0;

	while ((word = strsep(&text, " "))) {
		assert_true(n < WORDS_MAX);
		argv[n++] = str_is(word, "_") ? word + 1 : word;
	}
	argv[n] = NULL;
	return n;
}

static char *describe(const struct candidates *c)
{
	struct str s = { 0 };

	for (size_t i = 0; i < c->found.n; i++)
		str_join(&s, " ", c->found.v[i].word);
	if (c->files)
		str_join(&s, " ", ":files");
	if (c->command) {
		auto_free char *command = xasprintf(":command %d", c->command);

		str_join(&s, " ", command);
	}
	return str_take(&s);
}

/* LINE CANDIDATES */
static char *check_line(const char *const *fields)
{
	auto_candidates struct candidates c = { 0 };
	auto_free char *text = xstrdup(fields[0]);
	char *argv[WORDS_MAX + 1];
	int argc = cut(text, argv);
	char *got;

	complete_words(&fake_ctx, argc, argv, &c);
	got = describe(&c);
	if (!str_is(got, fields[1]))
		return got;
	free(got);
	return NULL;
}

static void test_lines(void **state)
{
	(void)state;
	tsv_each("unit/cli/complete.tsv", 2, check_line);
}

/* In a list only the item at the cursor is completed; what stands before it stays. */
static void test_items(void **state)
{
	auto_candidates struct candidates c = { .typed = "mnt,ne" };

	(void)state;
	candidates_settle_items(&c, ",");
	candidates_add(&c, "net", NULL);
	candidates_add(&c, "mnt", NULL);
	assert_int_equal(c.found.n, 1);
	assert_string_equal(c.found.v[0].word, "mnt,net");
}

/* What a stranger called his process is told about, and does nothing to the terminal. */
static void test_prints_escaped(void **state)
{
	auto_candidates struct candidates c = { .typed = "", .files = true, .command = 3 };
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	candidates_add(&c, "12", "a\033[31m\tb");
	candidates_add(&c, "13", NULL);
	candidates_add(&c, "eth\033[2J", "a name that is never offered");
	complete_print(&c, out);
	fclose(out);
	assert_string_equal(text, "12\ta\\x1b[31m\\x09b\n13\t\n:files\n:command 3\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_prints_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
