/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/errname.h"

#include "../cmocka.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(errname(EPERM), "EPERM");
	assert_string_equal(errname(EXDEV), "EXDEV");
	assert_string_equal(errname(EOVERFLOW), "EOVERFLOW");
	assert_null(errname(0));
	assert_null(errname(-EPERM));
	assert_null(errname(4095));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
