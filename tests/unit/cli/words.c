/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of the shell: whole lines, and lines that are being typed. */
#include "../../../common/cli/words.h"

#include "../cmocka.h"
#include "../tsv.h"

static const char *const operators[] = {
	[TOKEN_END] = "",   [TOKEN_NEXT] = " ;", [TOKEN_AND] = " &&",	[TOKEN_OR] = " ||",
	[TOKEN_PIPE] = "|", [TOKEN_TO] = "TO",	 [TOKEN_HOST] = "HOST", [TOKEN_WORD] = "NEXT",
};

static void describe_stage(struct str *s, const struct stage *stage)
{
	assert_null(stage->argv.v[stage->argv.n - 1]);
	for (size_t i = 0; stage->argv.v[i]; i++)
		str_addf(s, "<%s>", stage->argv.v[i]);
}

static char *describe(const struct line *line)
{
	struct str s = { 0 };

	for (size_t i = 0; i < line->pipelines.n; i++) {
		const struct pipeline *p = &line->pipelines.v[i];

		str_add(&s, i ? " " : "");
		if (p->host)
			str_addf(&s, "!%s", p->host);
		for (size_t j = 0; j < p->stages.n; j++) {
			str_add(&s, j ? "|" : "");
			describe_stage(&s, &p->stages.v[j]);
		}
		if (p->file)
			str_addf(&s, " %s%s", p->append ? ">>" : ">", p->file);
		str_add(&s, operators[p->then]);
	}
	return str_take(&s);
}

/* LINE MEANING */
static char *check_line(const char *const *fields)
{
	auto_line struct line line = { 0 };
	auto_err struct err e = { 0 };
	int r = line_parse(fields[0], &line, &e);
	char *got = r < 0 ? xasprintf("? %s", e.text) : describe(&line);

	if (!str_is(got, fields[1]))
		return got;
	free(got);
	return NULL;
}

static void test_lines(void **state)
{
	(void)state;
	tsv_each("unit/cli/words.tsv", 2, check_line);
}

/* LINE CURSOR */
static char *check_cursor(const char *const *fields)
{
	auto_cursor struct cursor c = { 0 };
	struct str s = { 0 };
	const char *command;
	char quote[2] = "";

	cursor_find(fields[0], &c);
	command = c.command == TOKEN_PIPE ? "PIPE" : operators[c.command];
	str_addf(&s, "%s ", c.command >= TOKEN_NEXT && c.command <= TOKEN_OR ? "NEXT" : command);
	for (size_t i = 0; i < c.words.n; i++)
		str_addf(&s, "<%s>", c.words.v[i]);
	quote[0] = c.quote;
	str_addf(&s, " %zu %s", c.start, quote);
	if (!str_is(str_text(&s), fields[1]))
		return str_take(&s);
	str_done(&s);
	return NULL;
}

static void test_cursors(void **state)
{
	(void)state;
	tsv_each("unit/cli/cursors.tsv", 2, check_cursor);
}

/* Whatever is quoted is read back as that one word. */
static void test_quoting(void **state)
{
	static const char *const texts[] = { "a b", "#x", "!x", "a'b", "a\"b\\c", "a;b|c>d<e&f" };
	static const char quotes[] = { '\0', '\'', '"' };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts) * ARRAY_LEN(quotes); i++) {
		char quote[2] = { quotes[i % 3] };
		const char *text = texts[i / 3];
		auto_str struct str s = { 0 };
		auto_line struct line line = { 0 };

		str_add(&s, quote);
		word_quote(&s, text, quote[0]);
		str_add(&s, quote);
		assert_int_equal(line_parse(str_text(&s), &line, NULL), 0);
		assert_int_equal(line.pipelines.v[0].stages.v[0].argv.n, 2);
		assert_string_equal(line.pipelines.v[0].stages.v[0].argv.v[0], text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_cursors),
		cmocka_unit_test(test_quoting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
