/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../cmocka.h"

#include "../../../common/base/errpipe.h"
#include "../../../common/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What the reader makes of BYTES. */
static int reading(const void *bytes, size_t n, int *status, struct err *e)
{
	int ends[2], r;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fd_write_all(ends[1], bytes, n), 0);
	close(ends[1]);
	r = errpipe_read(ends[0], status, e);
	close(ends[0]);
	return r;
}

static int passed_on(const struct err *in, int *status, struct err *out)
{
	int ends[2], r;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(errpipe_write(ends[1], 126, in), 0);
	close(ends[1]);
	r = errpipe_read(ends[0], status, out);
	close(ends[0]);
	return r;
}

static void test_there_and_back(void **state)
{
	auto_err struct err in = { 0 }, out = { 0 };
	int status = 0;

	(void)state;
	err_set(&in, -ENOENT, "cannot %s", "fly");
	err_hint(&in, "a");
	err_hint(&in, "b");
	assert_int_equal(passed_on(&in, &status, &out), 1);
	assert_int_equal(status, 126);
	assert_int_equal(out.code, -ENOENT);
	assert_string_equal(out.text, "cannot fly: No such file or directory");
	assert_string_equal(out.hint, "a\nb");
}

static void test_long_ones_are_cut(void **state)
{
	auto_free char *text = xmalloc(200000);
	auto_err struct err in = { 0 }, out = { 0 };
	int status = 0;

	(void)state;
	memset(text, 'x', 199999);
	text[199999] = '\0';
	err_say(&in, -EIO, "%s", text);
	assert_int_equal(passed_on(&in, &status, &out), 1);
	assert_int_equal(strlen(out.text), ERRPIPE_MAX / 2);
	assert_null(out.hint);
}

static void test_anything_else(void **state)
{
	const unsigned lies[] = { 1, 2, 4000000000, 4000000000, 0 };
	auto_err struct err e = { 0 };
	int status;

	(void)state;
	assert_int_equal(reading("", 0, &status, &e), 0);
	assert_int_equal(reading("abc", 3, &status, &e), -EBADMSG);
	assert_int_equal(reading(lies, sizeof(lies), &status, &e), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_long_ones_are_cut),
		cmocka_unit_test(test_anything_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
