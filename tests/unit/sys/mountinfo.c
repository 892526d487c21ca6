/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/mountinfo.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <string.h>

static void add(const char *root, const char *target, void *data)
{
	str_addf(data, "%s on %s;", root ? root : "?", target ? target : "?");
}

static void assert_mounts(const char *text, const char *expected)
{
	auto_str struct str got = { 0 };
	auto_err struct err e = { 0 };

	assert_int_equal(mountinfo_each(text, strlen(text), add, &got, &e), 0);
	assert_string_equal(str_text(&got), expected);
}

static void test_root_and_mount_point(void **state)
{
	(void)state;
	assert_mounts("36 35 0:4 net:[4026532178] /run/netns/blue rw shared:1 - nsfs nsfs rw\n"
		      "37 35 0:4 uts:[4026532179] /b rw,nosuid shared:1 master:2 - nsfs nsfs rw\n",
		      "net:[4026532178] on /run/netns/blue;uts:[4026532179] on /b;");
}

/* proc_pid_mountinfo(5): blanks, tabs, newlines and backslashes in names are octal. */
static void test_octal_escapes(void **state)
{
	(void)state;
	assert_mounts("36 35 0:4 net:[1] /a\\040b\\011c\\012d\\134e\\0401 rw - nsfs nsfs rw\n",
		      "net:[1] on /a b\tc\nd\\e 1;");
	/* what only looks like an escape */
	assert_mounts("36 35 0:4 net:[1] /\\99\\0\\ rw - nsfs nsfs rw\n", "net:[1] on /\\99\\0\\;");
}

static void test_names_that_are_no_text(void **state)
{
	(void)state;
	assert_mounts("36 35 0:4 net:[1] /\xff\xc3(\x1b[31m rw - nsfs nsfs rw\n",
		      "net:[1] on /\xff\xc3(\x1b[31m;");
}

/* One bad line, or one that was cut, does not hide the others. */
static void test_bad_lines_are_passed_over(void **state)
{
	static const char *const bad[] = {
		"garbage",
		"",
		"36",
		"36 35 0:4 net:[1]",
		"36 35 0:4 net:[1] /a rw shared:1 nsfs nsfs rw",
		"99999999999999999999999 35 0:4 net:[1] /a rw - nsfs nsfs rw",
		"-1 -1 x:y net:[1] /a rw - nsfs nsfs rw",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		auto_free char *text = xasprintf("36 35 0:4 net:[2] /b rw - nsfs nsfs rw\n%s\n"
						 "37 35 0:4 net:[3] /c rw - nsfs nsfs rw\n%s",
						 bad[i], bad[i]);

		assert_mounts(text, "net:[2] on /b;net:[3] on /c;");
	}
}

static void test_a_last_line_without_end(void **state)
{
	(void)state;
	assert_mounts("36 35 0:4 net:[1] /a rw - nsfs nsfs rw", "net:[1] on /a;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_and_mount_point),
		cmocka_unit_test(test_octal_escapes),
		cmocka_unit_test(test_names_that_are_no_text),
		cmocka_unit_test(test_bad_lines_are_passed_over),
		cmocka_unit_test(test_a_last_line_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
