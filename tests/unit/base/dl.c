/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/dl.h"

#include "../cmocka.h"

#include <errno.h>

#define MATHS(X) X(cos) X(sin)

double cos(double x);
double sin(double x);

struct maths {
	MATHS(DL_FIELD)
};

static void test_loads_in_order(void **state)
{
	static const char *const names[] = { MATHS(DL_NAME) };
	struct maths m = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(dl_load("libm.so.6", "libc6", names, ARRAY_LEN(names), &m, &e), 0);
	assert_true(m.cos(0) == 1);
	assert_true(m.sin(0) == 0);
}

static void test_names_the_package_of_a_missing_library(void **state)
{
	static const char *const names[] = { "nothing" };
	auto_err struct err e = { 0 };
	void *fns[1] = { NULL };

	(void)state;
	assert_int_equal(dl_load("libnotthere.so.9", "libnotthere9", names, 1, fns, &e), -ENOENT);
	assert_string_equal(e.text, "cannot load libnotthere.so.9");
	assert_string_equal(e.hint, "install it; on Debian: apt-get install libnotthere9");
}

static void test_names_what_an_old_library_lacks(void **state)
{
	static const char *const names[] = { "cos", "no_such_function" };
	auto_err struct err e = { 0 };
	void *fns[2] = { NULL };

	(void)state;
	assert_int_equal(dl_load("libm.so.6", "libc6", names, 2, fns, &e), -ENOENT);
	assert_string_equal(e.text, "libm.so.6 is too old: it has no no_such_function()");
	assert_string_equal(e.hint, "install a newer libc6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loads_in_order),
		cmocka_unit_test(test_names_the_package_of_a_missing_library),
		cmocka_unit_test(test_names_what_an_old_library_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
