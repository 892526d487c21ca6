/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/dir.h"

#include "../../../common/base/num.h"
#include "../fixture.h"

#include <errno.h>

#define MANY 3000

static void test_only_numbers(void **state)
{
	static const char *const names[] = { "0",
					     "17",
					     "2147483647",
					     "2147483648",
					     "self",
					     "1x",
					     "-1",
					     " 1",
					     "+1",
					     "..1",
					     "0x",
					     "1e3",
					     "99999999999999999999999" };
	struct fixture f = fixture_new();
	int number, sum = 0, n = 0;
	const char *name;
	struct dir d;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		fixture_text(&f, names[i], "");
	assert_int_equal(dir_open(&d, f.fd, "."), 0);
	assert_int_equal(fcntl(d.fd, F_GETFD), FD_CLOEXEC);
	for (; dir_next(&d, &number, &name); n++) {
		uint64_t value;

		assert_int_equal(num_u64(name, 0, UINT64_MAX, &value), 0);
		assert_int_equal(value, number);
		sum += number == 17 || number == 2147483647 || number == 0;
	}
	assert_int_equal(n, 3);
	assert_int_equal(sum, 3);
	assert_false(dir_next(&d, &number, &name));
	dir_close(&d);
	assert_int_equal(d.fd, -EBADF);
	fixture_done(&f);
}

/* More than one call of the kernel's gives. */
static void test_many(void **state)
{
	struct fixture f = fixture_new();
	bool seen[MANY] = { false };
	const char *name;
	struct dir d;
	int number, n = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		auto_free char *path = xasprintf("12/%d", i);

		fixture_text(&f, path, "");
	}
	assert_int_equal(dir_open(&d, f.fd, "12"), 0);
	for (; dir_next(&d, &number, &name); n++) {
		assert_true(number < MANY && !seen[number]);
		seen[number] = true;
	}
	dir_close(&d);
	assert_int_equal(n, MANY);
	fixture_done(&f);
}

static void test_what_is_no_directory(void **state)
{
	struct fixture f = fixture_new();
	struct dir d;

	(void)state;
	fixture_text(&f, "file", "");
	assert_int_equal(dir_open(&d, f.fd, "missing"), -ENOENT);
	assert_int_equal(dir_open(&d, f.fd, "file"), -ENOTDIR);
	fixture_done(&f);
}

/* As /proc/PID does when the process ends while its directory is read. */
static void test_a_directory_that_vanishes_has_ended(void **state)
{
	struct fixture f = fixture_new();
	const char *name;
	struct dir d;
	int number;

	(void)state;
	fixture_dir(&f, "12");
	assert_int_equal(dir_open(&d, f.fd, "12"), 0);
	assert_int_equal(unlinkat(f.fd, "12", AT_REMOVEDIR), 0);
	assert_false(dir_next(&d, &number, &name));
	dir_close(&d);
	fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_numbers),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_what_is_no_directory),
		cmocka_unit_test(test_a_directory_that_vanishes_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
