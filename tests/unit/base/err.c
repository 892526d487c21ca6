/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/err.h"

#include "../cmocka.h"

#include <errno.h>

static void test_set_says_the_errno(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	assert_int_equal(err_set(&e, -ENOENT, "cannot open %s", "'/x'"), -ENOENT);
	assert_int_equal(e.code, -ENOENT);
	assert_string_equal(e.text, "cannot open '/x': No such file or directory");
	assert_null(e.hint);
}

static void test_say_says_no_more(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	assert_int_equal(err_say(&e, -EINVAL, "%d%% is no number", 5), -EINVAL);
	assert_int_equal(e.code, -EINVAL);
	assert_string_equal(e.text, "5% is no number");
}

static void test_wrap_adds_context(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	err_say(&e, -EIO, "first");
	err_hint(&e, "try again");
	err_wrap(&e, "second %d", 2);
	err_wrap(&e, "third");
	assert_int_equal(e.code, -EIO);
	assert_string_equal(e.text, "third: second 2: first");
	assert_string_equal(e.hint, "try again");
}

static void test_hints_are_lines(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	err_say(&e, -EPERM, "no");
	err_hint(&e, "one");
	err_hint(&e, "two %s", "and a half");
	assert_string_equal(e.hint, "one\ntwo and a half");
}

/* A later failure takes the place of a former one, which may stand in its words. */
static void test_replaces(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	err_say(&e, -EPERM, "old");
	err_hint(&e, "old hint");
	err_say(&e, -EIO, "new, not %s (%s)", e.text, e.hint);
	assert_int_equal(e.code, -EIO);
	assert_string_equal(e.text, "new, not old (old hint)");
	assert_null(e.hint);
	err_set(&e, -ENOENT, "newer, not '%s'", e.text);
	assert_string_equal(e.text,
			    "newer, not 'new, not old (old hint)': No such file or directory");
}

static void test_without_a_sentence(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	err_wrap(&e, "context");
	assert_string_equal(e.text, "context");
}

static void test_nobody_listens(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, -EIO, "x"), -EIO);
	assert_int_equal(err_say(NULL, -EIO, "x"), -EIO);
	err_wrap(NULL, "x");
	err_hint(NULL, "x");
}

static void test_done_forgets(void **state)
{
	struct err e = { 0 };

	(void)state;
	err_say(&e, -EIO, "x");
	err_hint(&e, "y");
	err_done(&e);
	assert_int_equal(e.code, 0);
	assert_null(e.text);
	assert_null(e.hint);
	err_done(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_says_the_errno),
		cmocka_unit_test(test_say_says_no_more),
		cmocka_unit_test(test_wrap_adds_context),
		cmocka_unit_test(test_hints_are_lines),
		cmocka_unit_test(test_replaces),
		cmocka_unit_test(test_without_a_sentence),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_done_forgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
