/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/out/flush.h"

#include "../cmocka.h"

#include <errno.h>

static void test_all_is_well(void **state)
{
	auto_err struct err e = { 0 };
	FILE *out = tmpfile();

	(void)state;
	assert_non_null(out);
	fputs("text", out);
	assert_int_equal(out_flush(out, &e), 0);
	assert_null(e.text);
	fclose(out);
}

static void test_this_flush_fails(void **state)
{
	auto_err struct err e = { 0 };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	fputs("text", out);
	assert_int_equal(out_flush(out, &e), -ENOSPC);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	assert_int_equal(out_flush(out, NULL), 0);
	fclose(out);
}

/* What went out before the flush failed, and nothing is left to flush. */
static void test_a_write_before_failed(void **state)
{
	auto_err struct err e = { 0 };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	setvbuf(out, NULL, _IONBF, 0);
	fputs("text", out);
	assert_int_equal(out_flush(out, &e), -ENOSPC);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	assert_int_equal(out_flush(out, NULL), 0);
	fclose(out);
}

/* More than the buffer holds goes out before the flush. */
static void test_a_large_write_fails(void **state)
{
	static const char bytes[1 << 17];
	auto_err struct err e = { 0 };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	assert_int_equal(out_write(out, bytes, sizeof(bytes), &e), -ENOSPC);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	assert_int_equal(out_flush(out, NULL), 0);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_is_well),
		cmocka_unit_test(test_this_flush_fails),
		cmocka_unit_test(test_a_write_before_failed),
		cmocka_unit_test(test_a_large_write_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
