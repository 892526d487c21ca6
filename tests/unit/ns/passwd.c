/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../cmocka.h"

#include "../../../common/ns/passwd.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char text[] = "root:x:0:0:root:/root:/bin/zsh\n"
			   "\n"
			   "broken line\n"
			   "short:x:5\n"
			   "empty:x:6:6::/:\n"
			   "big:x:4294967295:6::/:/bin/x\n"
			   "last:x:7:7::/:/bin/ash";

static char path[] = "/tmp/nstool-passwd-XXXXXX";

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || write(fd, text, sizeof(text) - 1) < 0 || close(fd) < 0;
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void check_shell(uid_t uid, const char *expected)
{
	auto_free char *shell = passwd_shell(path, uid);

	if (expected)
		assert_string_equal(shell, expected);
	else
		assert_null(shell);
}

static void test_shell(void **state)
{
	(void)state;
	check_shell(0, "/bin/zsh");
	check_shell(7, "/bin/ash");
	check_shell(5, NULL);
	check_shell(6, NULL);
	check_shell(8, NULL);
	assert_null(passwd_shell("/no/such/file", 0));
}

static void test_id(void **state)
{
	unsigned id = 0;

	(void)state;
	assert_int_equal(passwd_id(path, "last", &id), 0);
	assert_int_equal(id, 7);
	assert_int_equal(passwd_id(path, "short", &id), 0);
	assert_int_equal(passwd_id(path, "las", &id), -ENOENT);
	assert_int_equal(passwd_id(path, "broken line", &id), -ENOENT);
	assert_int_equal(passwd_id(path, "big", &id), -EINVAL);
	assert_int_equal(passwd_id("/no/such/file", "root", &id), -ENOENT);
}

/* A target may put anything there. */
static void test_not_a_file(void **state)
{
	unsigned id;

	(void)state;
	assert_int_equal(passwd_id("/dev/zero", "root", &id), -EINVAL);
	assert_int_equal(passwd_id("/tmp", "root", &id), -EINVAL);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(passwd_id(path, "root", &id), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_not_a_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
