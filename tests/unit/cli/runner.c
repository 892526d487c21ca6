/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of applets that run a command: where they end, and letters without their value. */
#include "../../../common/cli/options.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <errno.h>

struct words {
	const char *mount, *uts;
	bool flag;
};

static int parse_word(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word ? word : "bare";
	return 0;
}

static const struct arg_kind word_kind = { "WORD", sizeof(char *), parse_word, NULL };

static const struct opt word_opts[] = {
	LONG_MAYBE('m', "mount", &word_kind, struct words, mount, "with an optional value"),
	LONG_MAYBE('u', "uts", &word_kind, struct words, uts, "with an optional value"),
	FLAG('f', "flag", struct words, flag, "without"),
};

static const struct operand command[] = { { &word_kind, OPERAND_COMMAND } };

static const struct applet runner = {
	.name = "runner",
	.opts = word_opts,
	.nopts = ARRAY_LEN(word_opts),
	.opts_size = sizeof(struct words),
	.operands = command,
	.noperands = ARRAY_LEN(command),
	.exit = EXIT_AS_UTIL_LINUX,
};

static void a_letter_takes_no_value(void **state)
{
	char *argv[] = { (char *)"runner", (char *)"-mu", (char *)"cmd", (char *)"-f", NULL };
	struct words w = { 0 };
	auto_err struct err e = { 0 };
	int at = 0;

	(void)state;
	assert_int_equal(options_parse(&runner, 4, argv, &w, &at, &e), OPTIONS_RUN);
	assert_string_equal(w.mount, "bare");
	assert_string_equal(w.uts, "bare");
	assert_false(w.flag);
	assert_int_equal(at, 2);
	assert_string_equal(argv[at], "cmd");
}

static void a_long_name_may(void **state)
{
	char *argv[] = { (char *)"runner", (char *)"--mount=/x", (char *)"--uts", (char *)"y",
			 NULL };
	struct words w = { 0 };
	auto_err struct err e = { 0 };
	int at = 0;

	(void)state;
	assert_int_equal(options_parse(&runner, 4, argv, &w, &at, &e), OPTIONS_RUN);
	assert_string_equal(w.mount, "/x");
	assert_string_equal(w.uts, "bare");
	assert_int_equal(at, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_takes_no_value),
		cmocka_unit_test(a_long_name_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
