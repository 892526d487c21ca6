/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names as `ip netns` makes them, in a directory and a mount namespace of the test's own. */
#include "../../../common/ns/netns.h"

#include "../fixture.h"

#include <sched.h>
#include <sys/mount.h>

static struct fixture f;

static int bind_at(const char *ns, const char *name)
{
	auto_free char *path = xasprintf("%s/%s", f.dir, name);

	fixture_text(&f, name, "");
	return mount(ns, path, NULL, MS_BIND, NULL);
}

static int setup(void **state)
{
	(void)state;
	f = fixture_new();
	if (geteuid() != 0)
		return 0;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	fixture_link(&f, "linked", "/proc/self/ns/net");
	fixture_link(&f, "dead", "/proc/0/ns/net");
	fixture_text(&f, "stale", "");
	fixture_text(&f, "e\033[2J", "");
	return bind_at("/proc/self/ns/net", "blue") | bind_at("/proc/self/ns/uts", "uts");
}

static void unbind_at(const char *name)
{
	auto_free char *path = xasprintf("%s/%s", f.dir, name);

	umount2(path, MNT_DETACH);
}

static int teardown(void **state)
{
	(void)state;
	unbind_at("blue");
	unbind_at("uts");
	fixture_done(&f);
	return 0;
}

static void need_root(void)
{
	if (geteuid() != 0)
		skip(); /* mounting needs root */
}

static void test_names_never_become_other_paths(void **state)
{
	auto_free char *longest = xasprintf("%0255d", 0);
	auto_free char *too_long = xasprintf("%0256d", 0);

	(void)state;
	assert_true(netns_name_is_valid("blue"));
	assert_true(netns_name_is_valid("..."));
	assert_true(netns_name_is_valid(longest));
	assert_false(netns_name_is_valid(too_long));
	assert_false(netns_name_is_valid(""));
	assert_false(netns_name_is_valid("."));
	assert_false(netns_name_is_valid(".."));
	assert_false(netns_name_is_valid("a/b"));
}

static void test_reads_names(void **state)
{
	static const struct {
		const char *name;
		bool bound;
	} want[] = { { "blue", true },	 { "dead", false },  { "e\033[2J", false },
		     { "linked", true }, { "stale", false }, { "uts", true } };
	auto_call(netns_done) struct netns_names got = { 0 };

	(void)state;
	need_root();
	assert_int_equal(netns_read(f.dir, &got), 0);
	assert_int_equal(got.names.n, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_string_equal(got.names.v[i].name, want[i].name);
		assert_int_equal(got.names.v[i].ino != 0, want[i].bound);
	}
}

static void test_no_directory_is_no_names(void **state)
{
	auto_call(netns_done) struct netns_names got = { 0 };

	(void)state;
	assert_int_equal(netns_read("/proc/self/there is none", &got), 0);
	assert_int_equal(got.names.n, 0);
	assert_int_equal(netns_read("/proc/self/stat", &got), -ENOTDIR);
}

static void test_opens_by_name(void **state)
{
	auto_close int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_close int blue = -EBADF;
	auto_close int linked = -EBADF;

	(void)state;
	need_root();
	blue = netns_open(f.dir, "blue", NULL);
	linked = netns_open(f.dir, "linked", NULL);
	assert_int_equal(fd_inode(blue), fd_inode(own));
	assert_int_equal(fd_inode(linked), fd_inode(own));
	assert_int_equal(fcntl(blue, F_GETFD), FD_CLOEXEC);
}

static void test_says_why_not(void **state)
{
	static const struct {
		const char *name;
		int code;
		const char *text, *hint;
	} cases[] = {
		{ "blu", -ENOENT, "there is no network namespace named 'blu'",
		  "did you mean 'blue'?" },
		{ "zzz", -ENOENT, "there is no network namespace named 'zzz'", NULL },
		{ "e\033[2", -ENOENT, "there is no network namespace named 'e\\x1b[2'",
		  "did you mean 'e\\x1b[2J'?" },
		{ "../x", -EINVAL, "'../x' cannot be the name of a network namespace", NULL },
		{ "..", -EINVAL, "'..' cannot be the name of a network namespace", NULL },
		{ "stale", -EINVAL, "the name 'stale' is stale", "'ip netns delete'" },
		{ "dead", -EINVAL, "the name 'dead' is stale", "'ip netns delete'" },
		{ "uts", -EINVAL, "the name 'uts' is bound to a namespace of type uts", NULL },
	};

	(void)state;
	need_root();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_err struct err e = { 0 };

		assert_int_equal(netns_open(f.dir, cases[i].name, &e), cases[i].code);
		assert_non_null(str_after(e.text, cases[i].text));
		assert_int_equal(!e.hint, !cases[i].hint);
		assert_true(!e.hint || strstr(e.hint, cases[i].hint));
	}
}

static void test_says_that_there_are_none(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	assert_int_equal(netns_open("/nowhere", "blue", &e), -ENOENT);
	assert_string_equal(e.hint, "there are no names in /nowhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_never_become_other_paths),
		cmocka_unit_test(test_reads_names),
		cmocka_unit_test(test_no_directory_is_no_names),
		cmocka_unit_test(test_opens_by_name),
		cmocka_unit_test(test_says_why_not),
		cmocka_unit_test(test_says_that_there_are_none),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
