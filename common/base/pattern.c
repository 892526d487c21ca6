/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern.h"

#include "num.h"

#include <errno.h>

#define NESTING_MAX 32

/* What a pattern grows to when its repetitions are written out. */
struct growth {
	size_t outer[NESTING_MAX]; /* of what stands before each open '(' */
	size_t depth;
	size_t size; /* so far, since the last '(' */
	size_t last; /* of the last piece, which a repetition would copy */
};

static void add_piece(struct growth *g, size_t size)
{
	g->last = size;
	g->size += size;
}

/* A ')' without a '(' is left to regcomp(3). */
static void close_group(struct growth *g)
{
	size_t inner = g->depth ? g->size + 1 : 1;

	if (g->depth)
		g->size = g->outer[--g->depth];
	add_piece(g, inner);
}

static bool repeat_piece(struct growth *g, uint64_t times)
{
	size_t grown;

	if (times < 2)
		return true;
	if (__builtin_mul_overflow(g->last, times, &grown) || grown > PATTERN_BUDGET)
		return false;
	g->size += grown - g->last;
	g->last = grown;
	return true;
}

/* Behind "[…]", P standing on the '['; a ']' first, and those of [:x:] [.x.] [=x=], do not end it. */
static const char *skip_bracket(const char *p)
{
	p += p[1] == '^' ? 2 : 1;
	p += *p == ']';
	for (; *p && *p != ']'; p++) {
		char kind = p[0] == '[' ? p[1] : '\0';

		if (kind != ':' && kind != '.' && kind != '=')
			continue;
		for (p += 2; *p && !(p[0] == kind && p[1] == ']'); p++)
			;
		if (!*p)
			break;
		p++;
	}
	return *p ? p + 1 : p;
}

/* Reads "{2}", "{2,}", "{2,5}", "{,5}"; sets *TIMES to the copies it makes. */
static const char *read_interval(const char *p, uint64_t *times)
{
	uint64_t least = 0, most = 0;

	p++;
	if (num_prefix(&p, &least) == -ERANGE)
		return NULL;
	most = least;
	if (*p == ',') {
		p++;
		most = least + 1;
		if (num_prefix(&p, &most) == -ERANGE)
			return NULL;
	}
	*times = MAX(least, most);
	return *p == '}' ? p + 1 : p;
}

/* Takes one piece or repetition at P into account. Returns what is behind it, or NULL: too large. */
static const char *grow(struct growth *g, const char *p)
{
	uint64_t times = 0;

	switch (*p) {
	case '(':
		if (g->depth == NESTING_MAX)
			return NULL;
		g->outer[g->depth++] = g->size;
		g->size = g->last = 0;
		return p + 1;
	case ')':
		close_group(g);
		return p + 1;
	case '+': /* as {1,} */
		return repeat_piece(g, 2) ? p + 1 : NULL;
	case '{':
		p = read_interval(p, &times);
		return p && repeat_piece(g, times) ? p : NULL;
	case '[':
		add_piece(g, 1);
		return skip_bracket(p);
	case '\\':
		add_piece(g, 1);
		return p + (p[1] ? 2 : 1);
	case '*':
	case '?':
		return p + 1;
	}
	add_piece(g, 1);
	return p + 1;
}

static bool has_back_reference(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '[') {
			p = skip_bracket(p) - 1;
		} else if (*p == '\\' && p[1]) {
			p++;
			if (*p >= '1' && *p <= '9')
				return true;
		}
	}
	return false;
}

/* Takes the size of TEXT from *BUDGET. Returns false if it is not enough. */
static bool spend(const char *text, size_t *budget)
{
	struct growth g = { 0 };

	for (const char *p = text; *p;) {
		p = grow(&g, p);
		if (!p || g.size > *budget)
			return false;
	}
	*budget -= g.size;
	return true;
}

int pattern_compile(const char *text, size_t *budget, regex_t *ret, struct err *e)
{
	char why[128];
	int r;

	if (has_back_reference(text))
		return err_say(e, -EINVAL, "back-references are not supported");
	if (!spend(text, budget))
		return err_say(e, -EINVAL, "regular expression is too large");
	r = regcomp(ret, text, REG_EXTENDED | REG_NOSUB);
	if (r == 0)
		return 0;
	regerror(r, ret, why, sizeof(why));
	return err_say(e, -EINVAL, "bad regular expression: %s", why);
}

bool pattern_match(const regex_t *pattern, const char *text)
{
	return regexec(pattern, text, 0, NULL, 0) == 0;
}
