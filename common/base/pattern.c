/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern.h"

#include "num.h"

#include <errno.h>

#define NESTING_MAX 32

/* glibc's regcomp(3) copies what it can reach from an anchor without reading a character. */
#define ANCHOR_COST 10

static const char too_large[] = "regular expression is too large";

/* A part of a pattern. */
struct extent {
	size_t size;   /* when its repetitions are written out */
	bool nullable; /* it may match the empty text */
};

/* What stands behind a '(', as far as it is read. */
struct group {
	struct extent rest; /* all but the last piece; nullable: of the last branch */
	struct extent last; /* the piece that a repetition would copy */
	bool nullable;	    /* an earlier branch is */
};

static const struct group no_group = { .rest.nullable = true, .last.nullable = true };

/* A pattern, as far as it is read. */
struct growth {
	struct group groups[NESTING_MAX + 1]; /* the open ones, innermost last */
	size_t depth;
	const char *refusal;
};

static const char *refuse(struct growth *g, const char *why)
{
	g->refusal = why;
	return NULL;
}

static struct group *innermost(struct growth *g)
{
	return &g->groups[g->depth];
}

static size_t group_size(const struct group *group)
{
	return group->rest.size + group->last.size;
}

/* Adds one piece. Returns P, which is behind it, or NULL. */
static const char *add_piece(struct growth *g, struct extent piece, const char *p)
{
	struct group *in = innermost(g);

	in->rest.size += in->last.size;
	in->rest.nullable &= in->last.nullable;
	in->last = piece;
	return group_size(in) > PATTERN_BUDGET ? refuse(g, too_large) : p;
}

static const char *add_character(struct growth *g, const char *p)
{
	return add_piece(g, (struct extent){ .size = 1 }, p);
}

static const char *add_anchor(struct growth *g, const char *p)
{
	return add_piece(g, (struct extent){ ANCHOR_COST, true }, p);
}

static const char *begin_branch(struct growth *g, const char *p)
{
	struct group *in = innermost(g);

	in->nullable |= in->rest.nullable && in->last.nullable;
	in->rest = (struct extent){ group_size(in) + 1, true };
	in->last = (struct extent){ 0, true };
	return p;
}

static const char *open_group(struct growth *g, const char *p)
{
	if (g->depth == NESTING_MAX)
		return refuse(g, too_large);
	g->groups[++g->depth] = no_group;
	return p;
}

/* A ')' without a '(' is left to regcomp(3). */
static const char *close_group(struct growth *g, const char *p)
{
	struct extent whole;

	if (!g->depth)
		return add_character(g, p);
	begin_branch(g, p);
	whole = (struct extent){ group_size(innermost(g)), innermost(g)->nullable };
	g->depth--;
	return add_piece(g, whole, p);
}

/* Takes the last piece LEAST to MOST times; without end if IS_LOOP. */
static const char *repeat(struct growth *g, uint64_t least, uint64_t most, bool is_loop,
			  const char *p)
{
	struct extent *last = &innermost(g)->last;

	if (is_loop && last->nullable)
		return refuse(g, "what may be empty cannot be repeated without end");
	if (__builtin_mul_overflow(last->size, MAX(most, 1), &last->size))
		return refuse(g, too_large);
	last->size++;
	last->nullable |= least == 0;
	return group_size(innermost(g)) > PATTERN_BUDGET ? refuse(g, too_large) : p;
}

/* "{2}", "{2,}", "{2,5}", "{,5}", P standing on the '{'. */
static const char *repeat_interval(struct growth *g, const char *p)
{
	uint64_t least = 0, most;
	bool is_loop = false;

	p++;
	if (num_prefix(&p, &least) == -ERANGE)
		return refuse(g, too_large);
	most = least;
	if (*p == ',') {
		p++;
		most = least + 1;
		is_loop = *p == '}';
		if (num_prefix(&p, &most) == -ERANGE)
			return refuse(g, too_large);
	}
	return repeat(g, least, MAX(least, most), is_loop, p + (*p == '}'));
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

/* P stands behind the '\'. */
static const char *add_escaped(struct growth *g, const char *p)
{
	if (*p >= '1' && *p <= '9')
		return refuse(g, "back-references are not supported");
	if (*p && strchr("<>bB`'", *p))
		return add_anchor(g, p + 1);
	return add_character(g, *p ? p + 1 : p);
}

/* Takes what stands at P into account. Returns what is behind it, or NULL if it is refused. */
static const char *grow(struct growth *g, const char *p)
{
	switch (*p) {
	case '(':
		return open_group(g, p + 1);
	case ')':
		return close_group(g, p + 1);
	case '|':
		return begin_branch(g, p + 1);
	case '?':
		return repeat(g, 0, 1, false, p + 1);
	case '*':
		return repeat(g, 0, 1, true, p + 1);
	case '+': /* as {1,} */
		return repeat(g, 1, 2, true, p + 1);
	case '{':
		return repeat_interval(g, p);
	case '[':
		return add_character(g, skip_bracket(p));
	case '\\':
		return add_escaped(g, p + 1);
	case '^':
	case '$':
		return add_anchor(g, p + 1);
	}
	return add_character(g, p + 1);
}

/* Sets *SIZE to that of TEXT. Returns NULL, or why TEXT is refused. */
static const char *measure(const char *text, size_t *size)
{
	struct growth g = { .groups[0] = no_group };

	for (const char *p = text; *p;) {
		p = grow(&g, p);
		if (!p)
			return g.refusal;
	}
	*size = group_size(&g.groups[0]);
	return NULL;
}

int pattern_compile(const char *text, size_t *budget, regex_t *ret, struct err *e)
{
	size_t size = 0;
	const char *refusal = measure(text, &size);
	char why[128];
	int r;

	if (!refusal && size > *budget)
		refusal = too_large;
	if (refusal)
		return err_say(e, -EINVAL, "%s", refusal);
	r = regcomp(ret, text, REG_EXTENDED | REG_NOSUB);
	if (r == 0) {
		*budget -= size;
		return 0;
	}
	regerror(r, ret, why, sizeof(why));
	return err_say(e, -EINVAL, "bad regular expression: %s", why);
}

bool pattern_match(const regex_t *pattern, const char *text)
{
	return regexec(pattern, text, 0, NULL, 0) == 0;
}
