/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases stand in cgroups.tsv. */
#include "../tsv.h"

#include "../../../common/ns/cgroups.h"

static char *check(const char *const *fields)
{
	auto_call(cgroup_dirs_done) struct cgroup_dirs dirs = { 0 };
	auto_err struct err e = { 0 };
	auto_str struct str got = { 0 };

	cgroup_dirs_find(fields[0], fields[1], fields[2], &dirs, &e);
	for (size_t i = 0; i < dirs.v.n; i++)
		str_join(&got, " ", dirs.v.v[i]);
	if (e.text)
		str_add(&got, e.text);
	return str_is(str_text(&got), fields[3])
		       ? NULL
		       : xasprintf("'%s' instead of '%s'", str_text(&got), fields[3]);
}

static void test_dirs(void **state)
{
	(void)state;
	tsv_each("unit/ns/cgroups.tsv", 4, check);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_dirs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
