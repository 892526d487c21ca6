/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/num.h"

#include "../cmocka.h"
#include "../tsv.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>

static uint64_t must_number(const char *text)
{
	char *end;
	uintmax_t value = strtoumax(text, &end, 10);

	assert_int_equal(*end, '\0');
	return value;
}

static char *check_u64(const char *const *fields)
{
	uint64_t value = 12345;
	int r = num_u64(fields[0], must_number(fields[1]), must_number(fields[2]), &value);
	auto_free char *got = r == 0 ? xasprintf("%" PRIu64, value) : NULL;
	const char *outcome = got ? got : r == -EINVAL ? "EINVAL" : r == -ERANGE ? "ERANGE" : "?";

	if (r < 0 && value != 12345)
		return xasprintf("'%s' fails, and sets %" PRIu64, fields[0], value);
	return str_is(outcome, fields[3]) ? NULL : xasprintf("'%s': %s", fields[0], outcome);
}

static void test_u64(void **state)
{
	(void)state;
	tsv_each("unit/base/num.tsv", 4, check_u64);
}

static void test_pid(void **state)
{
	pid_t pid = 5;

	(void)state;
	assert_int_equal(num_pid("0", &pid), -ERANGE);
	assert_int_equal(num_pid("2147483648", &pid), -ERANGE);
	assert_int_equal(num_pid("-1", &pid), -EINVAL);
	assert_int_equal(num_pid("", &pid), -EINVAL);
	assert_int_equal(pid, 5);
	assert_int_equal(num_pid("1", &pid), 0);
	assert_int_equal(pid, 1);
	assert_int_equal(num_pid("2147483647", &pid), 0);
	assert_int_equal(pid, INT_MAX);
}

static void test_prefix(void **state)
{
	const char *text = "12:34", *p = text;
	const char *huge = "18446744073709551616]", *at = huge;
	uint64_t value = 0;

	(void)state;
	assert_int_equal(num_prefix(&p, &value), 0);
	assert_int_equal(value, 12);
	assert_ptr_equal(p, text + 2);
	assert_int_equal(num_prefix(&p, &value), -EINVAL);
	assert_ptr_equal(p, text + 2);
	assert_int_equal(num_prefix(&at, &value), -ERANGE);
	assert_ptr_equal(at, huge);
	assert_int_equal(value, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),
		cmocka_unit_test(test_pid),
		cmocka_unit_test(test_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
