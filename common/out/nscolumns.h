/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns in which namespaces are shown. One table says everything about a column: name, look,
 * type, help and where its value comes from; tables, JSON, filters and help read it.
 */
#pragma once

#include "../base/filter.h"
#include "../base/vec.h"
#include "../ns/facts.h"
#include "../ns/forest.h"

/*
 * A value: its column's type, or none. JSON writes it as number, string or list. Only in NS do
 * rows of processes differ: they have text there, which tables show.
 */
enum cell_type {
	CELL_NONE, /* nothing to show: null in JSON */
	CELL_NUMBER,
	CELL_TEXT,
	CELL_LINES, /* text, each line an item, escaped already: a list of strings in JSON */
};

struct cell {
	enum cell_type type;
	uint64_t number;
	struct str text;
};

struct nscolumn {
	const char *name; /* upper case; JSON and filters take it in any case */
	enum cell_type type;
	unsigned flags; /* bits of enum table_flag */
	const char *help;
	void (*get)(struct facts *f, const struct forest_row *row, struct cell *ret);
};

extern const struct nscolumn nscolumns[];
extern const size_t nnscolumns;

/* Indices into nscolumns, in the order in which they are shown. */
struct nschoice {
	VEC(size_t) columns;
};

/*
 * Adds the columns named in LIST ("NS,type,…") to RET; DEFAULTS (may be NULL) come first if LIST
 * begins with '+'. Returns 0 or -EINVAL with a sentence that names the nearest column.
 */
int nschoice_parse(const char *list, const char *defaults, struct nschoice *ret, struct err *e);

/* Adds every column. */
void nschoice_all(struct nschoice *ret);
bool nschoice_has(const struct nschoice *c, const char *name);
void nschoice_done(struct nschoice *c);

/* Sets RET to the value of column COLUMN in ROW. RET is used again and again; str_done() its text. */
void nscolumn_get(size_t column, struct facts *f, const struct forest_row *row, struct cell *ret);

/* A compiled filter over the columns: NULL and E set if TEXT is wrong. */
struct filter *nsfilter_new(const char *text, struct err *e);

/* Whether namespace NS passes. */
bool nsfilter_match(const struct filter *filter, struct facts *f, uint32_t ns);
