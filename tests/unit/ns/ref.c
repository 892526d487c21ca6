/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/ns/ref.h"

#include "../cmocka.h"
#include "../tsv.h"

#include <errno.h>
#include <inttypes.h>

static const char *const kinds[] = {
	[REF_PROCESS] = "process", [REF_THREAD] = "thread", [REF_SELF] = "self",
	[REF_PARENT] = "parent",   [REF_HOST] = "host",	    [REF_INODE] = "inode",
	[REF_ID] = "id",	   [REF_SET] = "set",	    [REF_NETNS] = "netns",
	[REF_FILE] = "file",	   [REF_FD] = "fd",	    [REF_CONTAINER] = "container",
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

static char *check_ref(const char *const *fields)
{
	auto_str struct str got = { 0 };
	auto_err struct err e = { 0 };
	struct ref ref;

	if (ref_parse(fields[0], &ref, &e) < 0)
		describe_error(&got, &e);
	else
		describe(&got, &ref);
	return str_is(str_text(&got), fields[1]) ? NULL : xasprintf("got: %s", str_text(&got));
}

static void test_reads_as_the_table_says(void **state)
{
	(void)state;
	tsv_each("unit/ns/refs.tsv", 2, check_ref);
}

static void test_refuses_without_a_sentence_too(void **state)
{
	static const char *const texts[] = { "", "blue", "pid:x", "net:x", "x:1", "0", "fd:" };
	struct ref ref;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(ref_parse(texts[i], &ref, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_as_the_table_says),
		cmocka_unit_test(test_refuses_without_a_sentence_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
