/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables and trees, drawn by libsmartcols, which is loaded with the first table. Every cell may
 * hold what a stranger wrote: it is made safe for a terminal here.
 *
 *	struct table_style style = { .out = ctx->out, .tree = opts->tree };
 *	auto_table struct table *t = NULL;
 *	uint32_t row;
 *
 *	r = table_new(&style, &t, e);
 *	if (r < 0)
 *		return r;
 *	table_column(t, "NS", 10, TABLE_RIGHT);
 *	table_column(t, "COMMAND", 0, TABLE_TRUNCATE);
 *	row = table_row(t, TABLE_TOP);
 *	table_cell(t, row, 0, "4026531840");
 *	table_cell(t, row, 1, cmdline);
 *	return table_print(t, e);
 */
#pragma once

#include "../base/err.h"
#include "../base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct table;

/*
 * The variable by which the shell tells a command how many columns the terminal has, where its
 * output gets there through a pager.
 */
#define TABLE_PAGED "NSTOOL_PAGED_COLUMNS"

/* How the table looks. All false: a plain table with headings, as wide as the terminal. */
struct table_style {
	FILE *out;
	bool tree;	 /* draw rows below their parents; else they stand in the order they came */
	bool raw;	 /* one space between words, nothing aligned or cut; see table_cell() */
	bool noheadings; /* no line of column names */
	bool notruncate; /* nothing is cut, however narrow the terminal */
	bool nowrap;	 /* TABLE_WRAP cells on one line */
	bool color;	 /* table_row_color() has an effect; see color.h */
	unsigned width;	 /* fit into so many columns; 0: the terminal's, no limit if OUT is none */
};

enum table_flag {
	TABLE_RIGHT = 1 << 0,	 /* aligned to the right */
	TABLE_TRUNCATE = 1 << 1, /* may be cut when the table is too wide */
	TABLE_WRAP = 1 << 2,	 /* a newline in a cell begins a line of its own within the row */
	TABLE_TREE = 1 << 3,	 /* has the branches in front, if style.tree; at most one column */
	TABLE_HIDDEN = 1 << 4,	 /* takes cells but is not shown */
	TABLE_ESCAPED = 1 << 5,	 /* cells went through escape_terminal() already */
};

/* The parent of a row that has none. */
#define TABLE_TOP UINT32_MAX

/* Releases the table when it leaves its scope. */
#define auto_table auto_call(table_free)

/* How many columns a table of STYLE has; 0: any number. */
size_t table_width(const struct table_style *style);

/*
 * Makes an empty table; STYLE is copied. Returns 0, or -ENOENT with a sentence and a hint in E
 * when libsmartcols is not installed.
 */
int table_new(const struct table_style *style, struct table **ret, struct err *e);

/*
 * Adds a column; all columns come before the first row. WIDTH is a hint: at least so many
 * columns of the terminal, or below 1 so large a part of it; 0: as wide as its cells. FLAGS are
 * bits of enum table_flag.
 */
void table_column(struct table *t, const char *name, double width, unsigned flags);

/*
 * Adds a row below PARENT, a row added before it, or TABLE_TOP. Returns its number, counted
 * from 0. Rows of the same parent keep their order. What is more than 100 levels deep is drawn
 * at the hundredth.
 */
uint32_t table_row(struct table *t, uint32_t parent);

/*
 * Sets a cell; TEXT is copied, NULL or "" leaves the cell empty. Columns count from 0 in the
 * order they were added. Control characters, text directions and bytes that are no text in the
 * user's locale come out as \xNN. With style.raw a cell is one word: blanks, backslashes and all
 * that is not ASCII come out as \xNN, and an empty cell gives an empty word (two blanks in a
 * row), as in util-linux. The lines of a TABLE_WRAP cell are joined by commas with style.nowrap
 * or style.raw.
 */
void table_cell(struct table *t, uint32_t row, size_t column, const char *text);

/* Colours a row, by a name that terminal-colors.d(5) knows ("red", "brown", "bold"…). */
void table_row_color(struct table *t, uint32_t row, const char *color);

/*
 * Writes the table to style.out and flushes it. A table without rows writes nothing, not even
 * headings. Returns 0, or -errno with the sentence in E.
 */
int table_print(struct table *t, struct err *e);

/* A column of which the table knows by itself what stands in it. */
struct table_getter {
	const char *name;
	unsigned flags; /* bits of enum table_flag */
	void (*get)(const void *data, size_t row, struct str *ret);
};

/*
 * Makes a table of NROWS rows, whose cells the N COLUMNS get from DATA, and writes it. Returns what
 * table_new() and table_print() do.
 */
int table_write(const struct table_style *style, const struct table_getter *columns, size_t n,
		const void *data, size_t nrows, struct err *e);

void table_free(struct table **t);
