/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/pattern.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <errno.h>

/* Whether PATTERN is taken at all, with a whole budget. */
static bool is_taken(const char *pattern)
{
	size_t budget = PATTERN_BUDGET;
	regex_t re;

	if (pattern_compile(pattern, &budget, &re, NULL) < 0)
		return false;
	regfree(&re);
	return true;
}

static void test_bounds_growth(void **state)
{
	static const char *const taken[] = {
		"a{1000}",    "(a{9}){90}", "(ab|c){200}", "[0-9]{999}",
		"a{2}b{900}", "x(a+)+",	    "(){400}",
	};
	static const char *const refused[] = {
		"a{1001}",	  "(a{32}){32}",  "(ab|c){400}", "[]x]{1001}", "a{600}b{600}",
		"(((a+)+){99})+", "((){500}){3}", "a{1,1001}",	 "a{1000,}",   "\\+{1001}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		if (!is_taken(taken[i]))
			fail_msg("refused: %s", taken[i]);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (is_taken(refused[i]))
			fail_msg("taken: %s", refused[i]);
}

static void test_bounds_nesting(void **state)
{
	auto_str struct str pattern = { 0 };

	(void)state;
	for (size_t depth = 1; depth <= 33; depth++) {
		str_clear(&pattern);
		for (size_t i = 0; i < depth; i++)
			str_addc(&pattern, '(');
		for (size_t i = 0; i < depth; i++)
			str_addc(&pattern, ')');
		assert_int_equal(is_taken(str_text(&pattern)), depth <= 32);
	}
}

static void test_shares_a_budget(void **state)
{
	auto_err struct err e = { 0 };
	size_t budget = 10;
	regex_t re;

	(void)state;
	assert_int_equal(pattern_compile("a{6}", &budget, &re, &e), 0);
	assert_int_equal(budget, 4);
	assert_true(pattern_match(&re, "baaaaaab"));
	assert_false(pattern_match(&re, "aaaaa"));
	regfree(&re);
	assert_int_equal(pattern_compile("a{6}", &budget, &re, &e), -EINVAL);
	assert_string_equal(e.text, "regular expression is too large");
	assert_int_equal(budget, 4);
}

static void test_refuses_back_references(void **state)
{
	auto_err struct err e = { 0 };
	size_t budget = PATTERN_BUDGET;
	regex_t re;

	(void)state;
	assert_int_equal(pattern_compile("(a*)\\1", &budget, &re, &e), -EINVAL);
	assert_string_equal(e.text, "back-references are not supported");
	assert_false(is_taken("[]](a)\\1"));
	assert_false(is_taken("[[:alpha:]](a)\\1"));
	assert_true(is_taken("(a)[\\1]"));
	assert_true(is_taken("(a)\\\\1"));
	assert_true(is_taken("[[.].]\\1]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds_growth),
		cmocka_unit_test(test_bounds_nesting),
		cmocka_unit_test(test_shares_a_budget),
		cmocka_unit_test(test_refuses_back_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
