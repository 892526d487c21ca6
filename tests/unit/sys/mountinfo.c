/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/mountinfo.h"

#include "../../../common/base/str.h"
#include "../../../common/sys/compat.h"
#include "../cmocka.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

static void add(const struct mount_line *line, void *data)
{
	str_addf(data, "%s on %s;", line->root ? line->root : "?",
		 line->target ? line->target : "?");
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

/* The rest of a line, of the last one told. */
static void keep(const struct mount_line *line, void *data)
{
	*(struct mount_line *)data = *line;
	((struct mount_line *)data)->fstype = xstrdup(line->fstype);
	((struct mount_line *)data)->source = xstrdup(line->source);
}

static void test_flags_and_groups(void **state)
{
	static const char text[] = "36 35 98:7 / /a ro,nosuid,nodev,noexec,noatime,nodiratime,"
				   "nosymfollow,idmapped shared:12 master:34 propagate_from:5 - "
				   "ext4 /dev/a rw\n";
	struct mount_line line = { 0 };

	(void)state;
	assert_int_equal(mountinfo_each(text, strlen(text), keep, &line, NULL), 0);
	assert_int_equal(line.id, 36);
	assert_int_equal(line.parent, 35);
	assert_int_equal(line.dev, makedev(98, 7));
	assert_string_equal(line.fstype, "ext4");
	assert_string_equal(line.source, "/dev/a");
	assert_int_equal(line.peers, 12);
	assert_int_equal(line.master, 34);
	assert_int_equal(line.attr, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
					    MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOATIME |
					    MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW |
					    MOUNT_ATTR_IDMAP);
	free((char *)line.fstype);
	free((char *)line.source);
}

/* A word that only begins or ends like one of the flags is another one. */
static void test_words_like_flags(void **state)
{
	static const char text[] = "1 2 0:4 / /a rw,rox,xro,nosuidx,relatime - t s rw\n";
	static const char strict[] = "1 2 0:4 / /a rw - t s ro\n";
	struct mount_line line = { 0 };

	(void)state;
	assert_int_equal(mountinfo_each(text, strlen(text), keep, &line, NULL), 0);
	assert_int_equal(line.attr, 0);
	assert_int_equal(line.peers + line.master, 0);
	free((char *)line.fstype);
	free((char *)line.source);
	assert_int_equal(mountinfo_each(strict, strlen(strict), keep, &line, NULL), 0);
	assert_int_equal(line.attr, MOUNT_ATTR_STRICTATIME);
	free((char *)line.fstype);
	free((char *)line.source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_and_mount_point),
		cmocka_unit_test(test_octal_escapes),
		cmocka_unit_test(test_names_that_are_no_text),
		cmocka_unit_test(test_bad_lines_are_passed_over),
		cmocka_unit_test(test_a_last_line_without_end),
		cmocka_unit_test(test_flags_and_groups),
		cmocka_unit_test(test_words_like_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
