/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/ns/ref.h"

#include "../../../common/base/str.h"

#include "../cmocka.h"

#include <errno.h>
#include <inttypes.h>

static const char *const kinds[] = {
	[REF_PROCESS] = "process", [REF_THREAD] = "thread",	  [REF_SELF] = "self",
	[REF_PARENT] = "parent",   [REF_HOST] = "host",		  [REF_INODE] = "inode",
	[REF_ID] = "id",	   [REF_NETNS] = "netns",	  [REF_FILE] = "file",
	[REF_FD] = "fd",	   [REF_CONTAINER] = "container",
};

/* Every field that says something, as refs.tsv writes it. */
static void describe(struct str *s, const struct ref *ref)
{
	str_add(s, kinds[ref->kind]);
	if (ref->pid)
		str_addf(s, " pid=%d", ref->pid);
	if (ref->birth)
		str_addf(s, " birth=%" PRIu64, ref->birth);
	if (ref->number)
		str_addf(s, " number=%" PRIu64, ref->number);
	if (ref->type >= 0)
		str_addf(s, " type=%s", ns_types[ref->type].name);
	if (ref->kind == REF_FD)
		str_addf(s, " fd=%d", ref->fd);
	if (ref->name)
		str_addf(s, " name=%s", ref->name);
}

static void describe_error(struct str *s, const struct err *e)
{
	str_addf(s, "error %s", e->text);
	if (e->hint)
		str_addf(s, "; hint: %s", e->hint);
}

static void check_line(char *line)
{
	auto_str struct str got = { 0 };
	auto_err struct err e = { 0 };
	struct ref ref;
	char *tab = strchr(line, '\t');

	assert_non_null(tab);
	*tab = '\0';
	if (ref_parse(line, &ref, &e) < 0)
		describe_error(&got, &e);
	else
		describe(&got, &ref);
	assert_string_equal(str_text(&got), tab + 1);
}

static void test_reads_as_the_table_says(void **state)
{
	FILE *f = fopen(TESTDIR "/unit/ns/refs.tsv", "re");
	char *line = NULL;
	size_t size = 0, n = 0;
	ssize_t len;

	(void)state;
	assert_non_null(f);
	while ((len = getline(&line, &size, f)) > 0) {
		if (line[0] == '#')
			continue;
		line[len - 1] = '\0';
		check_line(line);
		n++;
	}
	assert_true(n > 70);
	free(line);
	fclose(f);
}

static void test_escapes_what_it_quotes(void **state)
{
	auto_err struct err e = { 0 };
	struct ref ref;

	(void)state;
	assert_int_equal(ref_parse("pid:\033[2J", &ref, &e), -EINVAL);
	assert_string_equal(e.text, "reference 'pid:\\x1b[2J': '\\x1b[2J' is not a process id");
	assert_int_equal(ref_parse("a\nb:1", &ref, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_as_the_table_says),
		cmocka_unit_test(test_escapes_what_it_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
