/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter_lex.h"

#include "escape.h"
#include "num.h"

#include <errno.h>
#include <strings.h>

/* How much of a long expression is shown before and behind a mistake, in bytes. */
#define SHOWN_BEFORE 40
#define SHOWN_BEHIND 30

struct spelling {
	const char *text;
	enum token_kind kind;
	enum filter_op op;
};

/* Longer ones before those they begin with. */
static const struct spelling symbols[] = {
	{ "||", TOKEN_OR, 0 },		 { "&&", TOKEN_AND, 0 },
	{ "==", TOKEN_COMPARE, OP_EQ },	 { "!=", TOKEN_COMPARE, OP_NE },
	{ "<=", TOKEN_COMPARE, OP_LE },	 { ">=", TOKEN_COMPARE, OP_GE },
	{ "=~", TOKEN_MATCH, OP_MATCH }, { "!~", TOKEN_MATCH, OP_DIFFER },
	{ "<", TOKEN_COMPARE, OP_LT },	 { ">", TOKEN_COMPARE, OP_GT },
	{ "!", TOKEN_NOT, 0 },		 { "(", TOKEN_OPEN, 0 },
	{ ")", TOKEN_CLOSE, 0 },
};

static const struct spelling words[] = {
	{ "or", TOKEN_OR, 0 },		{ "and", TOKEN_AND, 0 },
	{ "not", TOKEN_NOT, 0 },	{ "eq", TOKEN_COMPARE, OP_EQ },
	{ "ne", TOKEN_COMPARE, OP_NE }, { "lt", TOKEN_COMPARE, OP_LT },
	{ "le", TOKEN_COMPARE, OP_LE }, { "gt", TOKEN_COMPARE, OP_GT },
	{ "ge", TOKEN_COMPARE, OP_GE },
};

/* What other languages write. */
static const struct {
	char wrong;
	const char *right;
} mistaken[] = { { '=', "==" }, { '&', "&&" }, { '|', "||" }, { '~', "=~" } };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
	return is_letter(c) || is_digit(c) || (c && strchr("_.%:/-", c));
}

/* Characters in N bytes of UTF-8. */
static size_t count_characters(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* The expression, cut to what surrounds AT, and below it the caret. */
static void hint_place(struct err *e, const char *text, size_t at)
{
	auto_str struct str shown = { 0 };
	size_t len = strlen(text), from = 0, to = len, width;

	if (len > SHOWN_BEFORE + SHOWN_BEHIND) {
		from = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
		to = MIN(len, at + SHOWN_BEHIND);
	}
	if (from > 0)
		str_add(&shown, "...");
	escape_terminal(&shown, text + from, at - from);
	width = count_characters(str_text(&shown), shown.len);
	escape_terminal(&shown, text + at, to - at);
	if (to < len)
		str_add(&shown, "...");
	err_hint(e, "%s\n%*s^", str_text(&shown), (int)width, "");
}

int filter_fail(struct err *e, const char *text, size_t at, const char *fmt, ...)
{
	auto_str struct str what = { 0 };
	va_list ap;

	if (!e)
		return -EINVAL;
	va_start(ap, fmt);
	str_vaddf(&what, fmt, ap);
	va_end(ap);
	err_say(e, -EINVAL, "filter: %s at column %zu", str_text(&what),
		count_characters(text, at) + 1);
	hint_place(e, text, at);
	return -EINVAL;
}

char *token_quoted(const char *text, const struct token *t)
{
	auto_free char *word = xstrndup(text + t->at, t->len);

	return t->kind == TOKEN_END ? xstrdup("the end") : quoted(word);
}

/* "K", "KiB", "M" …: powers of 1024. */
static int scale(const char **p, uint64_t *value)
{
	static const char units[] = "KMGTPEZY";
	const char *unit = **p ? strchr(units, **p) : NULL;

	if (!unit)
		return 0;
	for (const char *u = units; u <= unit; u++)
		if (__builtin_mul_overflow(*value, 1024, value))
			return -ERANGE;
	++*p;
	if (str_after(*p, "iB"))
		*p += 2;
	return 0;
}

/* The digits behind the point; more than a double can hold are passed over. */
static double add_fraction(const char **p, double whole)
{
	double digits = whole, unit = 1;

	for (; is_digit(**p); ++*p) {
		if (unit >= 1e15)
			continue;
		digits = 10 * digits + (**p - '0');
		unit *= 10;
	}
	return digits / unit;
}

int filter_number(const char **p, struct filter_value *ret)
{
	uint64_t value = 0;
	int r = num_prefix(p, &value);

	if (r < 0)
		return r;
	if ((*p)[0] == '.' && is_digit((*p)[1])) {
		++*p;
		*ret = (struct filter_value){ FILTER_FLOAT,
					      .real = add_fraction(p, (double)value) };
		return 0;
	}
	r = scale(p, &value);
	if (r == 0)
		*ret = (struct filter_value){ FILTER_U64, .u64 = value };
	return r;
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	while (is_name(p[n]))
		n++;
	return n;
}

static int read_number(const char *text, struct token *t, struct err *e)
{
	const char *p = text + t->at;
	int r = filter_number(&p, &t->value);

	t->kind = TOKEN_LITERAL;
	t->len = name_length(text + t->at);
	if (r == -ERANGE) {
		auto_free char *q = token_quoted(text, t);

		return filter_fail(e, text, t->at, "number %s is too large", q);
	}
	if (p != text + t->at + t->len) {
		auto_free char *q = token_quoted(text, t);

		filter_fail(e, text, t->at, "%s is not a number", q);
		err_hint(e, "text needs quotes");
		return -EINVAL;
	}
	return 0;
}

static int read_text(const char *text, struct token *t, struct err *e)
{
	const char *open = text + t->at, *close = strchr(open + 1, *open);

	if (!close)
		return filter_fail(e, text, t->at, "missing the closing %c", *open);
	t->kind = TOKEN_LITERAL;
	t->len = (size_t)(close - open) + 1;
	t->value.type = FILTER_TEXT;
	return 0;
}

static void read_name(const char *text, struct token *t)
{
	const char *p = text + t->at;

	t->len = name_length(p);
	t->kind = TOKEN_NAME;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i].text) == t->len && !strncasecmp(p, words[i].text, t->len)) {
			t->kind = words[i].kind;
			t->op = words[i].op;
		}
	for (int truth = 0; truth <= 1; truth++) {
		const char *word = truth ? "true" : "false";

		if (strlen(word) == t->len && !strncasecmp(p, word, t->len)) {
			t->kind = TOKEN_LITERAL;
			t->value = (struct filter_value){ FILTER_BOOL, .boolean = truth };
		}
	}
}

static int read_symbol(const char *text, struct token *t, struct err *e)
{
	const char *p = text + t->at;

	for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
		if (!str_after(p, symbols[i].text))
			continue;
		t->kind = symbols[i].kind;
		t->op = symbols[i].op;
		t->len = strlen(symbols[i].text);
		return 0;
	}
	for (t->len = 1; ((unsigned char)p[t->len] & 0xc0) == 0x80;)
		t->len++;
	t->kind = TOKEN_NAME;
	auto_free char *q = token_quoted(text, t);
	filter_fail(e, text, t->at, "unexpected %s", q);
	for (size_t i = 0; i < ARRAY_LEN(mistaken); i++)
		if (*p == mistaken[i].wrong)
			err_hint(e, "did you mean '%s'?", mistaken[i].right);
	return -EINVAL;
}

int token_read(const char *text, size_t at, struct token *ret, struct err *e)
{
	at += strspn(text + at, " \t\r\n");
	*ret = (struct token){ .at = at };
	if (!text[at])
		return 0;
	if (is_digit(text[at]))
		return read_number(text, ret, e);
	if (text[at] == '"' || text[at] == '\'')
		return read_text(text, ret, e);
	if (!is_letter(text[at]))
		return read_symbol(text, ret, e);
	read_name(text, ret);
	return 0;
}
