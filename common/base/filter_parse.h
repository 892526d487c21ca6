/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter expression (filter.h) as a tree. */
#pragma once

#include "filter_lex.h"
#include "vec.h"

#include <regex.h>

#define NODE_NONE UINT32_MAX

enum node_kind {
	NODE_LITERAL,
	NODE_COLUMN,
	NODE_OR,      /* of two or more */
	NODE_AND,     /* of two or more */
	NODE_NOT,     /* of one */
	NODE_COMPARE, /* of two, by op */
	NODE_MATCH,   /* of one with the pattern; op says which is true */
};

struct node {
	enum node_kind kind;
	enum filter_op op;
	uint32_t first, last; /* children, linked by next */
	uint32_t next;
	size_t column;
	struct filter_value value; /* of a literal; its text is the node's own */
	regex_t *pattern;
};

struct filter {
	VEC(struct node) nodes; /* an operator behind its operands */
	uint32_t root;		/* NODE_NONE: the empty expression */
};

/*
 * Reads TEXT into F, an empty filter, to be released also after a failure. The tree is at most
 * as deep as parentheses and `not` may be nested: walks may recurse. Returns 0 or -EINVAL.
 */
int filter_parse(const char *text, const struct filter_names *names, struct filter *f,
		 struct err *e);
