/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../cmocka.h"

#include "../../../common/ns/capplan.h"

#include <errno.h>
#include <stdio.h>

#define GOOD                                                                                       \
	"Name:\tx\nUmask:\t0027\nState:\tS\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n"                  \
	"CapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\nCapEff:\t00000000a80425fb\n"        \
	"CapBnd:\tffffffffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t0\n"

static void all_fields(void **state)
{
	struct task_status s;
	const char *field;

	(void)state;
	assert_int_equal(task_status_parse(GOOD, &s, &field), 0);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(s.uid[i], i + 1);
		assert_int_equal(s.gid[i], i + 5);
	}
	assert_int_equal(s.umask, 027);
	assert_int_equal(s.caps.inheritable, 1);
	assert_int_equal(s.caps.permitted, 0x1ffffffffff);
	assert_int_equal(s.caps.effective, 0xa80425fb);
	assert_true(s.bounding == UINT64_MAX);
	assert_int_equal(s.ambient, 0);
	assert_true(s.no_new_privs);
}

/* Each field missing, then malformed: it is the one that is named. */
static void bad_fields(void **state)
{
	static const char *const fields[] = { "Uid:",	 "Gid:",    "CapInh:",
					      "CapPrm:", "CapEff:", "CapBnd:",
					      "CapAmb:", "Umask:",  "NoNewPrivs:" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		char text[] = GOOD;
		char *at = strstr(text, fields[i]);
		struct task_status s;
		const char *field;

		at[strlen(fields[i]) + 1] = 'z';
		assert_int_equal(task_status_parse(text, &s, &field), -EINVAL);
		assert_string_equal(field, fields[i]);
		*at = '?';
		assert_int_equal(task_status_parse(text, &s, &field), -EINVAL);
		assert_string_equal(field, fields[i]);
	}
}

static void plans(void **state)
{
	static const struct {
		struct task_status s;
		unsigned ruid, euid;
		bool exact;
		struct cap_plan loose;
	} cases[] = {
		/* inheritable comes last in struct caps */
		{ { .caps = { 7, 7, 0 }, .bounding = 7 }, 0, 0, true, { { 7, 7, 0 }, 7, 0 } },
		{ { .caps = { 3, 3, 0 }, .bounding = 7 }, 0, 0, false, { { 3, 3, 0 }, 3, 0 } },
		{ { .caps = { 1, 3, 0 }, .bounding = 3 }, 0, 0, false, { { 1, 1, 0 }, 1, 0 } },
		{ { .caps = { 0, 0, 4 }, .bounding = 7 }, 9, 9, true, { { 0, 0, 4 }, 7, 0 } },
		{ { .caps = { 1, 1, 1 }, .bounding = 7, .ambient = 1 },
		  9,
		  9,
		  true,
		  { { 1, 1, 1 }, 7, 1 } },
		{ { .caps = { 2, 2, 0 }, .bounding = 7 }, 9, 9, false, { { 2, 2, 2 }, 7, 2 } },
		/* Real and effective uid are not the same. */
		{ { .caps = { 0, 7, 0 }, .bounding = 7 }, 0, 9, true, { { 0, 7, 0 }, 7, 0 } },
		{ { .caps = { 7, 7, 0 }, .bounding = 7 }, 0, 9, false, { { 7, 7, 0 }, 7, 0 } },
		{ { .caps = { 7, 7, 0 }, .bounding = 7 }, 9, 0, true, { { 7, 7, 0 }, 7, 0 } },
		{ { .caps = { 0, 7, 0 }, .bounding = 7 }, 9, 0, false, { { 0, 0, 0 }, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cap_plan p;
		int r = cap_plan_make(&cases[i].s, cases[i].ruid, cases[i].euid, false, &p, NULL);

		assert_int_equal(r, cases[i].exact ? 0 : -EOPNOTSUPP);
		assert_int_equal(
			cap_plan_make(&cases[i].s, cases[i].ruid, cases[i].euid, true, &p, NULL),
			0);
		assert_memory_equal(&p, &cases[i].loose, sizeof(p));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields),
		cmocka_unit_test(bad_fields),
		cmocka_unit_test(plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
