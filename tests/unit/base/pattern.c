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
		"a{999}",     "(a{9}){90}", "(ab|c){190}", "[0-9]{999}",
		"a{2}b{900}", "x(a+)+",	    "(){400}",
	};
	static const char *const refused[] = {
		"a{1000}",
		"(a{32}){32}",
		"(ab|c){400}",
		"[]x]{1001}",
		"a{600}b{600}",
		"(((a+)+){99})+",
		"((){500}){3}",
		"a{1,1001}",
		"a{999,}",
		"\\+{1001}",
		"((((((((((a+)b)+c)+d)+e)+f)+g)+h)+i)+j)+",
		"a{18446744073709551615}",
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

/* The first ones take glibc minutes, and each letter more multiplies that. */
static void test_refuses_empty_loops(void **state)
{
	static const char *const refused[] = {
		"((^)*){40}", "^a***++++",  "^(((((a*)+)+)+)+)+",
		"(a*)*",      "(a|b*)+",    "(a|)+",
		"(|a)+",      "(a?b*){2,}", "a?+",
		"a{0}*",      "()*",	    "^*",
		"(\\<)+",     "(a||b)*",    "((a|b?)c?)+",
		"*",	      "a|*",	    "(+a)",
		"a{,5}*",     "($|x)*",
	};
	static const char *const taken[] = {
		"^(a*b)*$",  "(^|,)(a|b)+(,|$)", "((^a|b)c)+", "(a?){40}", "(a*b|c)*",
		"(a|b|c+)*", "a{1,}*",		 "[*]*",       "\\**",	   "[]*]+",
		"(\\^)*",    "(a(b?)c)*",	 "(ab?)*",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		auto_err struct err e = { 0 };
		size_t budget = PATTERN_BUDGET;
		regex_t re;

		if (pattern_compile(refused[i], &budget, &re, &e) != -EINVAL)
			fail_msg("taken: %s", refused[i]);
		assert_string_equal(e.text, "what may be empty cannot be repeated without end");
	}
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		if (!is_taken(taken[i]))
			fail_msg("refused: %s", taken[i]);
}

static void test_bounds_anchors(void **state)
{
	auto_str struct str pattern = { 0 };

	(void)state;
	for (size_t i = 0; i < 60; i++)
		str_add(&pattern, "(^)?");
	assert_true(is_taken(str_text(&pattern)));
	for (size_t i = 0; i < 60; i++)
		str_add(&pattern, "(^)?");
	assert_false(is_taken(str_text(&pattern)));
}

static void test_shares_a_budget(void **state)
{
	auto_err struct err e = { 0 };
	size_t budget = 10;
	regex_t re;

	(void)state;
	assert_int_equal(pattern_compile("a{6}", &budget, &re, &e), 0);
	assert_int_equal(budget, 3);
	assert_true(pattern_match(&re, "baaaaaab"));
	assert_false(pattern_match(&re, "aaaaa"));
	regfree(&re);
	assert_int_equal(pattern_compile("a{6}", &budget, &re, &e), -EINVAL);
	assert_string_equal(e.text, "regular expression is too large");
	assert_int_equal(budget, 3);
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
		cmocka_unit_test(test_refuses_empty_loops),
		cmocka_unit_test(test_bounds_anchors),
		cmocka_unit_test(test_shares_a_budget),
		cmocka_unit_test(test_refuses_back_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
