/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of a filter expression (filter.h), and how a mistake in one is shown. */
#pragma once

#include "filter.h"

enum token_kind {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_OR,
	TOKEN_AND,
	TOKEN_NOT,
	TOKEN_COMPARE, /* op: OP_EQ .. OP_GE */
	TOKEN_MATCH,   /* op: OP_MATCH or OP_DIFFER */
	TOKEN_LITERAL, /* value; of text only the type: it stands between the quotes */
	TOKEN_NAME,
};

enum filter_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_MATCH, OP_DIFFER };

struct token {
	enum token_kind kind;
	size_t at, len; /* where it stands, in bytes */
	enum filter_op op;
	struct filter_value value;
};

/*
 * Reads the token at or behind byte AT of TEXT. Returns 0, or -EINVAL with a sentence.
 * The next one is at or behind ret->at + ret->len.
 */
int token_read(const char *text, size_t at, struct token *ret, struct err *e);

/* The token as messages name it: "'NAME'" or "the end"; to be freed. */
char *token_quoted(const char *text, const struct token *t);

/*
 * Reads the number at *P, "12", "4KiB" or "1.5", as FILTER_U64 or FILTER_FLOAT, and moves *P
 * behind it. Returns 0, -EINVAL or -ERANGE.
 */
int filter_number(const char **p, struct filter_value *ret);

/*
 * Sets the sentence "filter: … at column N" and, as its hint, TEXT above a caret that points at
 * its byte AT. Returns -EINVAL.
 */
int filter_fail(struct err *e, const char *text, size_t at, const char *fmt, ...)
	FORMAT_PRINTF(4, 5);
