/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter_parse.h"

#include "pattern.h"
#include "suggest.h"

#include <errno.h>
#include <strings.h>

#define NESTING_MAX 64

/* How tightly operators bind; NOT takes what binds tighter than itself. */
enum binding { BINDS_NOTHING, BINDS_OR, BINDS_AND, BINDS_NOT, BINDS_COMPARE };

struct parser {
	const char *text;
	struct token token;	/* the one to look at */
	enum token_kind before; /* what the last one was */
	unsigned depth;		/* parse() calls under way */
	size_t budget;		/* left for patterns */
	const struct filter_names *names;
	struct filter *f;
	struct err *e;
};

static enum binding binding(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_OR:
		return BINDS_OR;
	case TOKEN_AND:
		return BINDS_AND;
	case TOKEN_COMPARE:
	case TOKEN_MATCH:
		return BINDS_COMPARE;
	case TOKEN_END:
	case TOKEN_OPEN:
	case TOKEN_CLOSE:
	case TOKEN_NOT:
	case TOKEN_LITERAL:
	case TOKEN_NAME:
		break;
	}
	return BINDS_NOTHING;
}

static int advance(struct parser *p)
{
	p->before = p->token.kind;
	return token_read(p->text, p->token.at + p->token.len, &p->token, p->e);
}

static int fail_expected(const struct parser *p, const char *what)
{
	auto_free char *found = token_quoted(p->text, &p->token);

	return filter_fail(p->e, p->text, p->token.at, "expected %s, not %s", what, found);
}

static uint32_t add_node(struct parser *p, struct node n)
{
	n.first = n.last = n.next = NODE_NONE;
	vec_push(&p->f->nodes, n);
	return (uint32_t)(p->f->nodes.n - 1);
}

static void add_child(struct parser *p, uint32_t parent, uint32_t child)
{
	struct node *nodes = p->f->nodes.v;

	if (nodes[parent].first == NODE_NONE)
		nodes[parent].first = child;
	else
		nodes[nodes[parent].last].next = child;
	nodes[parent].last = child;
}

static int unknown_column(const struct parser *p, const char *word)
{
	auto_free char *q = token_quoted(p->text, &p->token);
	struct suggestion s = { .word = word };
	const char *name;

	filter_fail(p->e, p->text, p->token.at, "unknown column %s", q);
	for (size_t i = 0; (name = p->names->name(p->names->table, i)); i++)
		suggest_consider(&s, name);
	if (s.nearest)
		err_hint(p->e, "did you mean '%s'?", s.nearest);
	if (p->before == TOKEN_COMPARE || p->before == TOKEN_MATCH)
		err_hint(p->e, "text needs quotes: \"%s\"", word);
	return -EINVAL;
}

static int parse_column(struct parser *p, uint32_t *ret)
{
	auto_free char *word = xstrndup(p->text + p->token.at, p->token.len);
	const char *name;

	for (size_t i = 0; (name = p->names->name(p->names->table, i)); i++) {
		if (strcasecmp(name, word) != 0)
			continue;
		*ret = add_node(p, (struct node){ .kind = NODE_COLUMN, .column = i });
		return advance(p);
	}
	return unknown_column(p, word);
}

static int parse_literal(struct parser *p, uint32_t *ret)
{
	const struct token *t = &p->token;
	struct node n = { .kind = NODE_LITERAL, .value = t->value };

	if (n.value.type == FILTER_TEXT)
		n.value.text = xstrndup(p->text + t->at + 1, t->len - 2);
	*ret = add_node(p, n);
	return advance(p);
}

static int parse_value(struct parser *p, uint32_t *ret)
{
	if (p->token.kind == TOKEN_NAME)
		return parse_column(p, ret);
	if (p->token.kind == TOKEN_LITERAL)
		return parse_literal(p, ret);
	return fail_expected(p, "a column or a value");
}

/* Joins "a or b" and c to one node of three, so that a long chain is no deep tree. */
static uint32_t combine(struct parser *p, const struct token *op, uint32_t left, uint32_t right)
{
	enum node_kind kind = op->kind == TOKEN_OR    ? NODE_OR
			      : op->kind == TOKEN_AND ? NODE_AND
						      : NODE_COMPARE;
	uint32_t parent = left;

	if (kind == NODE_COMPARE || p->f->nodes.v[left].kind != kind) {
		parent = add_node(p, (struct node){ .kind = kind, .op = op->op });
		add_child(p, parent, left);
	}
	add_child(p, parent, right);
	return parent;
}

static uint32_t negate(struct parser *p, uint32_t child)
{
	uint32_t parent = add_node(p, (struct node){ .kind = NODE_NOT });

	add_child(p, parent, child);
	return parent;
}

static int fail_chained(const struct parser *p)
{
	filter_fail(p->e, p->text, p->token.at, "comparison of a comparison");
	err_hint(p->e, "join comparisons with 'and', or put one in parentheses");
	return -EINVAL;
}

/* "left =~ 'pattern'"; the token to look at is the pattern. */
static int parse_match(struct parser *p, enum filter_op op, uint32_t *left)
{
	struct node n = { .kind = NODE_MATCH, .op = op, .pattern = xcalloc(1, sizeof(regex_t)) };
	auto_free char *text = NULL;
	struct token t = p->token;
	auto_err struct err why = { 0 };
	uint32_t match;

	if (t.kind != TOKEN_LITERAL || t.value.type != FILTER_TEXT) {
		free(n.pattern);
		return fail_expected(p, "a regular expression in quotes");
	}
	text = xstrndup(p->text + t.at + 1, t.len - 2);
	if (pattern_compile(text, &p->budget, n.pattern, &why) < 0) {
		free(n.pattern);
		return filter_fail(p->e, p->text, t.at, "%s", why.text);
	}
	match = add_node(p, n);
	add_child(p, match, *left);
	*left = match;
	return advance(p);
}

/* The ')' that belongs to the '(' at byte OPEN. */
static int parse_close(struct parser *p, size_t open)
{
	if (p->token.kind == TOKEN_CLOSE)
		return advance(p);
	if (p->token.kind == TOKEN_END)
		return filter_fail(p->e, p->text, open, "missing the ')' for the '('");
	return fail_expected(p, "an operator or ')'");
}

/*
 * Reads an operand and, as long as they bind tighter than LOOSER, the operators behind it with
 * their right sides.
 */
static int parse(struct parser *p, enum binding looser, uint32_t *ret)
{
	struct token first = p->token;
	bool negated = first.kind == TOKEN_NOT, compared = false;
	enum binding b;
	int r;

	if (++p->depth > NESTING_MAX)
		return filter_fail(p->e, p->text, first.at, "nested too deeply");
	if (negated || first.kind == TOKEN_OPEN) {
		r = advance(p);
		if (r == 0)
			r = parse(p, negated ? BINDS_NOT : BINDS_NOTHING, ret);
		if (r == 0 && negated)
			*ret = negate(p, *ret);
		else if (r == 0)
			r = parse_close(p, first.at);
	} else {
		r = parse_value(p, ret);
	}
	while (r == 0 && (b = binding(p->token.kind)) > looser) {
		struct token op = p->token;
		uint32_t right = NODE_NONE;

		if (b == BINDS_COMPARE && compared)
			return fail_chained(p);
		compared = b == BINDS_COMPARE;
		r = advance(p);
		if (r == 0 && op.kind == TOKEN_MATCH) {
			r = parse_match(p, op.op, ret);
		} else if (r == 0) {
			r = parse(p, b, &right);
			if (r == 0)
				*ret = combine(p, &op, *ret, right);
		}
	}
	p->depth--;
	return r;
}

int filter_parse(const char *text, const struct filter_names *names, struct filter *f,
		 struct err *e)
{
	struct parser p = {
		.text = text, .names = names, .f = f, .e = e, .budget = PATTERN_BUDGET
	};
	int r = advance(&p);

	f->root = NODE_NONE;
	if (r < 0 || p.token.kind == TOKEN_END)
		return r;
	r = parse(&p, BINDS_NOTHING, &f->root);
	if (r < 0 || p.token.kind == TOKEN_END)
		return r;
	if (p.token.kind == TOKEN_CLOSE)
		return filter_fail(e, text, p.token.at, "missing the '(' for the ')'");
	return fail_expected(&p, "an operator");
}
