/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter.h"

#include "filter_parse.h"
#include "pattern.h"

#include <inttypes.h>
#include <strings.h>

/* One filter_match() under way. */
struct run {
	const struct node *nodes;
	filter_get get;
	const void *row;
};

/* Room for a number as text. */
struct scratch {
	char text[32];
};

static const char *as_text(const struct filter_value *v, struct scratch *room)
{
	switch (v->type) {
	case FILTER_MISSING:
		break;
	case FILTER_U64:
		snprintf(room->text, sizeof(room->text), "%" PRIu64, v->u64);
		return room->text;
	case FILTER_FLOAT:
		snprintf(room->text, sizeof(room->text), "%g", v->real);
		return room->text;
	case FILTER_TEXT:
		return v->text;
	case FILTER_BOOL:
		return v->boolean ? "true" : "false";
	}
	return "";
}

/* As FILTER_U64 or FILTER_FLOAT. Returns false if it is none. */
static bool as_number(const struct filter_value *v, struct filter_value *ret)
{
	const char *p = v->text;

	switch (v->type) {
	case FILTER_MISSING:
		break;
	case FILTER_U64:
	case FILTER_FLOAT:
		*ret = *v;
		return true;
	case FILTER_TEXT:
		return filter_number(&p, ret) == 0 && !*p;
	case FILTER_BOOL:
		*ret = (struct filter_value){ FILTER_U64, .u64 = v->boolean };
		return true;
	}
	return false;
}

/* Whether V counts as true on its own. */
static bool truth(const struct filter_value *v)
{
	switch (v->type) {
	case FILTER_MISSING:
		break;
	case FILTER_U64:
		return v->u64 != 0;
	case FILTER_FLOAT:
		return v->real != 0;
	case FILTER_TEXT:
		return v->text[0] != '\0';
	case FILTER_BOOL:
		return v->boolean;
	}
	return false;
}

/* Where a truth value is wanted, text says it in words. */
static bool as_bool(const struct filter_value *v)
{
	static const char *const yes[] = { "1", "true", "yes", "y" };

	if (v->type != FILTER_TEXT)
		return truth(v);
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (!strcasecmp(v->text, yes[i]))
			return true;
	return false;
}

static bool holds(enum filter_op op, int order)
{
	switch (op) {
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	case OP_GE:
		return order >= 0;
	case OP_MATCH:
	case OP_DIFFER:
		break;
	}
	return false;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static bool compare_text(enum filter_op op, const struct filter_value *l,
			 const struct filter_value *r)
{
	struct scratch left, right;

	return holds(op, strcmp(as_text(l, &left), as_text(r, &right)));
}

static double as_real(const struct filter_value *number)
{
	return number->type == FILTER_FLOAT ? number->real : (double)number->u64;
}

static bool compare_numbers(enum filter_op op, const struct filter_value *l,
			    const struct filter_value *r)
{
	struct filter_value left, right;

	if (!as_number(l, &left) || !as_number(r, &right))
		return false;
	if (left.type == FILTER_U64 && right.type == FILTER_U64)
		return holds(op, ORDER(left.u64, right.u64));
	return holds(op, ORDER(as_real(&left), as_real(&right)));
}

static bool compare_bools(enum filter_op op, const struct filter_value *l,
			  const struct filter_value *r)
{
	if (l->type == FILTER_MISSING || r->type == FILTER_MISSING)
		return false;
	return holds(op, (int)as_bool(l) - (int)as_bool(r));
}

/* The type that both sides of a comparison are taken as; see filter.h. */
static enum filter_type common_type(bool l_column, const struct filter_value *l, bool r_column,
				    const struct filter_value *r)
{
	enum filter_type type = l_column && !r_column ? r->type : l->type;

	return type == FILTER_MISSING ? r->type : type;
}

static bool compare(const struct run *run, const struct node *n, const struct filter_value *l,
		    const struct filter_value *r)
{
	bool l_column = run->nodes[n->first].kind == NODE_COLUMN;
	bool r_column = run->nodes[n->last].kind == NODE_COLUMN;

	switch (common_type(l_column, l, r_column, r)) {
	case FILTER_U64:
	case FILTER_FLOAT:
		return compare_numbers(n->op, l, r);
	case FILTER_BOOL:
		return compare_bools(n->op, l, r);
	case FILTER_TEXT:
	case FILTER_MISSING:
		break;
	}
	return compare_text(n->op, l, r);
}

static bool matches(const struct node *n, const struct filter_value *v)
{
	struct scratch room;

	return pattern_match(n->pattern, as_text(v, &room)) == (n->op == OP_MATCH);
}

static struct filter_value evaluate(const struct run *run, uint32_t index)
{
	const struct node *n = &run->nodes[index];
	struct filter_value v = { FILTER_BOOL, .boolean = n->kind == NODE_AND }, l, r;

	switch (n->kind) {
	case NODE_LITERAL:
		return n->value;
	case NODE_COLUMN:
		return run->get(run->row, n->column);
	case NODE_OR:
	case NODE_AND:
		for (uint32_t i = n->first; i != NODE_NONE; i = run->nodes[i].next) {
			l = evaluate(run, i);
			if (truth(&l) != v.boolean) {
				v.boolean = !v.boolean;
				break;
			}
		}
		return v;
	case NODE_NOT:
		l = evaluate(run, n->first);
		v.boolean = !truth(&l);
		return v;
	case NODE_COMPARE:
		l = evaluate(run, n->first);
		r = evaluate(run, n->last);
		v.boolean = compare(run, n, &l, &r);
		return v;
	case NODE_MATCH:
		l = evaluate(run, n->first);
		v.boolean = matches(n, &l);
		return v;
	}
	return v;
}

bool filter_match(const struct filter *f, filter_get get, const void *row)
{
	struct run run = { f->nodes.v, get, row };
	struct filter_value v;

	if (f->root == NODE_NONE)
		return true;
	v = evaluate(&run, f->root);
	return truth(&v);
}

bool filter_uses(const struct filter *f, size_t column)
{
	for (size_t i = 0; i < f->nodes.n; i++)
		if (f->nodes.v[i].kind == NODE_COLUMN && f->nodes.v[i].column == column)
			return true;
	return false;
}

static void node_done(struct node *n)
{
	if (n->kind == NODE_LITERAL && n->value.type == FILTER_TEXT)
		free((char *)n->value.text);
	if (n->pattern)
		regfree(n->pattern);
	free(n->pattern);
}

void filter_free(struct filter **f)
{
	struct filter *it = *f;

	*f = NULL;
	if (!it)
		return;
	for (size_t i = 0; i < it->nodes.n; i++)
		node_done(&it->nodes.v[i]);
	vec_done(&it->nodes);
	free(it);
}

struct filter *filter_new(const char *text, const struct filter_names *names, struct err *e)
{
	auto_filter struct filter *f = xcalloc(1, sizeof(*f));

	return filter_parse(text, names, f, e) == 0 ? take_ptr(&f) : NULL;
}
