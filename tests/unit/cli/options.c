/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/options.h"

#include "../cmocka.h"
#include "../tsv.h"
#include "fake.h"

#define WORDS_MAX 8

static const struct applet *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(fake_applets); i++)
		if (str_is(fake_applets[i]->name, name))
			return fake_applets[i];
	fail_msg("no applet %s", name);
	return NULL;
}

/* Cuts TEXT at its blanks into ARGV, behind a name. Returns argc. */
static int cut(char *text, char **argv)
{
	char *word;
	int n = 0;

	argv[n++] = text + strlen(text);
	while ((word = strsep(&text, " "))) {
		assert_true(n < WORDS_MAX);
		if (*word)
			argv[n++] = word;
	}
	argv[n] = NULL;
	return n;
}

static void add_value(struct str *s, const char *name, const char *value)
{
	if (value)
		str_addf(s, "%s=%s ", name, value);
}

static void add_fields(struct str *s, const struct fake_opts *o)
{
	str_addf(s, "%s%s%s", o->json ? "json " : "", o->verbose ? "verbose " : "",
		 o->tree ? "tree " : "");
	add_value(s, "type", o->type);
	add_value(s, "output", o->output);
	add_value(s, "color", o->color);
	str_add(s, "-");
}

static void add_outcome(struct str *s, const struct applet *a, int argc, char **argv)
{
	struct fake_opts opts = { 0 };
	auto_err struct err e = { 0 };
	int first = -1, r = options_parse(a, argc, argv, &opts, &first, &e);

	if (r == OPTIONS_HELP) {
		str_add(s, "help");
	} else if (r == OPTIONS_VERSION) {
		str_add(s, "version");
	} else if (r == OPTIONS_RUN) {
		add_fields(s, &opts);
		for (int i = first; i < argc; i++)
			str_addf(s, " %s", argv[i]);
	} else {
		assert_int_equal(r, -EINVAL);
		assert_int_equal(e.code, -EINVAL);
		assert_int_equal(options_parse(a, argc, argv, &opts, &first, NULL), -EINVAL);
		str_addf(s, "error: %s", e.text);
		if (e.hint)
			str_addf(s, " / %s", e.hint);
	}
}

/* APPLET WORDS OUTCOME */
static char *check_parse(const char *const *fields)
{
	auto_free char *text = xstrdup(fields[1]);
	auto_str struct str s = { 0 };
	char *argv[WORDS_MAX + 1];
	int argc = cut(text, argv);

	add_outcome(&s, find(fields[0]), argc, argv);
	return str_is(str_text(&s), fields[2]) ? NULL : xasprintf("gives %s", str_text(&s));
}

/* One case after the other, so that each shows too that nothing remains of the last one. */
static void test_parses(void **state)
{
	(void)state;
	tsv_each("unit/cli/options.tsv", 3, check_parse);
}

/* An applet's own -h and -V are not taken from it. */
static void test_own_letters(void **state)
{
	static const struct opt opts[] = {
		FLAG('h', "human", struct fake_opts, json, "for people"),
		FLAG('V', "vertical", struct fake_opts, tree, "upright"),
	};
	static const struct applet a = { .name = "own",
					 .opts = opts,
					 .nopts = ARRAY_LEN(opts),
					 .opts_size = sizeof(struct fake_opts) };
	char *letters[] = { (char *)"own", (char *)"-hV", NULL };
	char *name[] = { (char *)"own", (char *)"--help", NULL };
	struct fake_opts o = { 0 };
	int first = 0;

	(void)state;
	assert_int_equal(options_parse(&a, 2, letters, &o, &first, NULL), OPTIONS_RUN);
	assert_true(o.json && o.tree);
	assert_int_equal(options_parse(&a, 2, name, &o, &first, NULL), OPTIONS_HELP);
}

/* A failure in the middle of a cluster leaves nothing to the next call. */
static void test_starts_afresh(void **state)
{
	char *bad[] = { (char *)"list", (char *)"-xJ", (char *)"a", NULL };
	char *good[] = { (char *)"list", (char *)"-v", (char *)"b", NULL };
	struct fake_opts o = { 0 };
	int first = 0;

	(void)state;
	assert_int_equal(options_parse(&fake_list, 3, bad, &o, &first, NULL), -EINVAL);
	assert_int_equal(options_parse(&fake_list, 3, good, &o, &first, NULL), OPTIONS_RUN);
	assert_true(o.verbose);
	assert_false(o.json);
	assert_int_equal(first, 2);
	assert_string_equal(good[first], "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parses),
		cmocka_unit_test(test_own_letters),
		cmocka_unit_test(test_starts_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
