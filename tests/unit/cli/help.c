/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/help.h"

#include "../cmocka.h"
#include "../tables.h"
#include "fake.h"

static char *help_text(const struct applet *a, const char *name)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	help_applet(out, a, name);
	fclose(out);
	return text;
}

static void test_help(void **state)
{
	auto_free char *text = help_text(&fake_list, "nstool ls");

	(void)state;
	assert_string_equal(text, "Usage: nstool ls [options] [TYPE...]\n"
				  "\n"
				  "list: show it\n"
				  "\n"
				  "Options:\n"
				  " -J, --json               write JSON\n"
				  " -v, --verbose            say more\n"
				  "     --tree               draw a tree\n"
				  " -t, --type TYPE          show only this type\n"
				  " -o, --output[=TYPE]      choose columns\n"
				  " -c, --color[=TYPE]       use colours\n"
				  "     --help               show this text\n"
				  "     --version            show the version\n");
}

/* An option that reaches into the column of the help has it on the next line. */
static void test_help_of_long_options(void **state)
{
	static const struct opt opts[] = {
		FLAG('a', "sixteen-letters-", struct fake_opts, json, "fits"),
		FLAG('b', "seventeen-letters", struct fake_opts, json, "fits"),
		FLAG('c', "eighteen-letters--", struct fake_opts, json, "does not fit"),
		VALUE(0, "value-of-much-length", &fake_kind, struct fake_opts, type,
		      "nor does this"),
	};
	static const struct applet a = { .name = "long",
					 .summary = "say much",
					 .opts = opts,
					 .nopts = ARRAY_LEN(opts),
					 .opts_size = sizeof(struct fake_opts) };
	auto_free char *text = help_text(&a, "long");

	(void)state;
	assert_non_null(strstr(text, "\n -a, --sixteen-letters-   fits\n"
				     " -b, --seventeen-letters  fits\n"
				     " -c, --eighteen-letters--\n"
				     "                          does not fit\n"
				     "     --value-of-much-length TYPE\n"
				     "                          nor does this\n"));
}

static void test_usage(void **state)
{
	static const struct {
		const struct applet *applet;
		const char *usage;
	} cases[] = {
		{ &fake_list, "x [options] [TYPE...]\n" },
		{ &fake_diff, "x [options] TYPE [TYPE]\n" },
		{ &fake_enter, "x [options] [--] [COMMAND [ARG...]]\n" },
		{ &fake_doctor, "x [options]\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		help_usage(out, cases[i].applet, "x");
		fclose(out);
		assert_string_equal(text, cases[i].usage);
	}
}

static void test_overview(void **state)
{
	auto_free char *text = NULL;
	size_t size;
	struct ctx ctx = { .applets = fake_applets, .napplets = ARRAY_LEN(fake_applets) };

	(void)state;
	ctx.out = open_memstream(&text, &size);
	help_overview(&ctx);
	fclose(ctx.out);
	assert_non_null(strstr(text, "\nApplets:\n"
				     "  list         show it\n"
				     "  diff         compare it\n"
				     "  enter        run a command in it\n"
				     "  doctor       look after it\n"
				     "\n"));
	assert_null(strstr(text, "unshare"));
}

static void test_good_tables(void **state)
{
	auto_free char *complaints = tables_complaints(fake_applets, ARRAY_LEN(fake_applets));

	(void)state;
	assert_string_equal(complaints, "");
}

/* Tables that break every rule, most of them in one. */
static const struct arg_kind no_metavar = { NULL, 1, fake_parse, NULL };
static const struct opt bad_opts[] = {
	{ "Capital", NULL, "fine", 0, 1, 'a', OPT_FLAG },
	{ "two", NULL, "Not fine", 0, 1, 'a', OPT_FLAG },
	{ "two", NULL, "ends in a stop.", 0, 1, '?', OPT_FLAG },
	{ "help", &fake_kind, "two\nlines", 0, 8, 0, OPT_FLAG },
	{ "kindless", NULL, "", 0, 8, 0, OPT_VALUE },
	{ "nameless", &no_metavar, "ID of a process", 0, 8, 0, OPT_VALUE },
	{ "small", &fake_kind, "blank ", 0, 4, 0, OPT_VALUE },
	{ "outside", NULL, "fine", 64, 1, 0, OPT_FLAG },
};
static const struct operand bad_operands[] = {
	{ &fake_kind, OPERAND_MAYBE },
	{ &fake_kind, OPERAND_ONE },
	{ &fake_kind, OPERAND_REST },
	{ &fake_kind, OPERAND_ONE },
};
static const char *const bad_aliases[] = { "bad", "ls", "x", "x", "X", NULL };
static const struct applet bad = { .name = "bad",
				   .aliases = bad_aliases,
				   .summary = "Bad",
				   .opts = bad_opts,
				   .nopts = ARRAY_LEN(bad_opts),
				   .opts_size = 64,
				   .operands = bad_operands,
				   .noperands = ARRAY_LEN(bad_operands) };
static const struct opt wide_opts[] = {
	{ "wide", NULL, "words that go on and on until they reach far behind the edge", 0, 1, 0,
	  OPT_FLAG },
};
static const struct applet wide = { .name = "wide",
				    .summary = "fine",
				    .opts = wide_opts,
				    .nopts = ARRAY_LEN(wide_opts),
				    .opts_size = 64,
				    .run = fake_run };
static const struct applet *const bad_applets[] = { &fake_list, &bad, &wide, &fake_list };

/* Each rule for tables finds what breaks it. */
static void test_bad_tables(void **state)
{
	auto_free char *complaints = tables_complaints(bad_applets, ARRAY_LEN(bad_applets));

	(void)state;
	assert_string_equal(
		complaints,
		"bad: alias bad is there twice\n"
		"bad: alias ls is there twice\n"
		"bad: alias x is there twice\n"
		"bad: alias X is no name\n"
		"bad: summary is no phrase: Bad\n"
		"bad cannot be run\n"
		"bad: --Capital is no name\n"
		"bad: --two: help is no phrase: Not fine\n"
		"bad: -a is there twice\n"
		"bad: --two has an odd letter\n"
		"bad: --two: help is no phrase: ends in a stop.\n"
		"bad: --two is there twice\n"
		"bad: --help is every applet's\n"
		"bad: --help: help is no phrase: two\nlines\n"
		"bad: --help is no flag\n"
		"bad: --kindless: help is no phrase: \n"
		"bad: --kindless has no kind\n"
		"bad: --nameless has no kind\n"
		"bad: --small: help is no phrase: blank \n"
		"bad: --small: the field has 4 bytes, its kind 8\n"
		"bad: --outside lies outside of the options\n"
		"bad: operand 1 must be, the one before it may\n"
		"bad: operand 3 gets nothing\n"
		"wide: help is wider than 80:      --wide               words that go on and on "
		"until they reach far behind the edge\n"
		"list is there twice\n"
		"list: alias ls is there twice\n"
		"list: alias dir is there twice\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help),	    cmocka_unit_test(test_help_of_long_options),
		cmocka_unit_test(test_usage),	    cmocka_unit_test(test_overview),
		cmocka_unit_test(test_good_tables), cmocka_unit_test(test_bad_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
