/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include "../base/dl.h"
#include "../base/escape.h"
#include "../base/num.h"
#include "../base/vec.h"
#include "flush.h"

#include <errno.h>
#include <langinfo.h>
#include <libsmartcols/libsmartcols.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80

/*
 * The library draws a branch by recursion and as long as it is deep. Namespaces nest 32 levels,
 * but anybody can make a line of descent of thousands of processes.
 */
#define DEEPEST 100

#define SMARTCOLS(X)                                                                               \
	X(scols_new_table)                                                                         \
	X(scols_unref_table)                                                                       \
	X(scols_table_enable_raw)                                                                  \
	X(scols_table_enable_colors)                                                               \
	X(scols_table_enable_noencoding)                                                           \
	X(scols_table_enable_noheadings)                                                           \
	X(scols_table_set_stream)                                                                  \
	X(scols_table_set_termforce)                                                               \
	X(scols_table_set_termwidth)                                                               \
	X(scols_table_new_column)                                                                  \
	X(scols_column_set_wrapfunc)                                                               \
	X(scols_wrapnl_chunksize)                                                                  \
	X(scols_wrapnl_nextchunk)                                                                  \
	X(scols_table_new_line)                                                                    \
	X(scols_line_set_data)                                                                     \
	X(scols_line_set_color)                                                                    \
	X(scols_print_table)

struct smartcols {
	SMARTCOLS(DL_FIELD)
};

DL_NOTE("libsmartcols.so.1", "tables", "Tables and trees");

struct row {
	struct libscols_line *line; /* NULL if there was no memory */
	uint32_t parent;
	uint32_t depth;
};

struct table {
	struct smartcols lib;
	struct table_style style;
	struct libscols_table *table;
	VEC(struct row) rows;
	VEC(unsigned) columns; /* their flags */
	bool utf8;	       /* the user's locale has more than ASCII */
	int failed;	       /* the first -errno of the library, which has only one: no memory */
};

static void check(struct table *t, int r)
{
	if (r < 0 && !t->failed)
		t->failed = r;
}

size_t table_width(const struct table_style *style)
{
	const char *columns = getenv("COLUMNS"), *paged = getenv(TABLE_PAGED);
	struct winsize size;
	uint64_t n;

	if (style->notruncate)
		return 0;
	if (style->width)
		return style->width;
	if (!isatty(fileno(style->out)))
		return paged && num_u64(paged, 1, INT_MAX, &n) == 0 ? n : 0;
	if (ioctl(fileno(style->out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (columns && num_u64(columns, 1, INT_MAX, &n) == 0)
		return n;
	return DEFAULT_WIDTH;
}

/*
 * The library would look at the standard output's terminal, not at style.out's, and escape what
 * add_safe() has escaped already; both are settled here.
 */
static void set_style(struct table *t)
{
	const struct table_style *style = &t->style;
	size_t width = table_width(style);

	check(t, t->lib.scols_table_set_stream(t->table, style->out));
	check(t, t->lib.scols_table_enable_raw(t->table, style->raw));
	check(t, t->lib.scols_table_enable_colors(t->table, style->color));
	check(t, t->lib.scols_table_enable_noheadings(t->table, style->noheadings));
	check(t, t->lib.scols_table_enable_noencoding(t->table, 1));
	check(t, t->lib.scols_table_set_termforce(t->table, width ? SCOLS_TERMFORCE_ALWAYS
								  : SCOLS_TERMFORCE_NEVER));
	if (width)
		check(t, t->lib.scols_table_set_termwidth(t->table, width));
}

int table_new(const struct table_style *style, struct table **ret, struct err *e)
{
	static const char *const names[] = { SMARTCOLS(DL_NAME) };
	auto_table struct table *t = xcalloc(1, sizeof(*t));
	int r = dl_load("libsmartcols.so.1", "libsmartcols1", names, ARRAY_LEN(names), &t->lib, e);

	if (r < 0)
		return r;
	t->style = *style;
	t->utf8 = str_is(nl_langinfo(CODESET), "UTF-8");
	t->table = t->lib.scols_new_table();
	if (!t->table)
		return err_set(e, -ENOMEM, "cannot make a table");
	set_style(t);
	*ret = take_ptr(&t);
	return 0;
}

static bool has_wrap(const struct table *t, unsigned flags)
{
	return (flags & TABLE_WRAP) && !t->style.nowrap && !t->style.raw;
}

static int library_flags(const struct table *t, unsigned flags)
{
	int r = 0;

	if (flags & TABLE_RIGHT)
		r |= SCOLS_FL_RIGHT;
	if (flags & TABLE_TRUNCATE)
		r |= SCOLS_FL_TRUNC;
	if ((flags & TABLE_TREE) && t->style.tree && !t->style.raw)
		r |= SCOLS_FL_TREE;
	if (flags & TABLE_HIDDEN)
		r |= SCOLS_FL_HIDDEN;
	if (has_wrap(t, flags))
		r |= SCOLS_FL_WRAP;
	return r;
}

void table_column(struct table *t, const char *name, double width, unsigned flags)
{
	struct libscols_column *column =
		t->lib.scols_table_new_column(t->table, name, width, library_flags(t, flags));

	vec_push(&t->columns, flags);
	if (!column)
		check(t, -ENOMEM);
	else if (has_wrap(t, flags))
		check(t, t->lib.scols_column_set_wrapfunc(column, t->lib.scols_wrapnl_chunksize,
							  t->lib.scols_wrapnl_nextchunk, NULL));
}

static uint32_t depth_below(const struct table *t, uint32_t parent)
{
	return parent == TABLE_TOP ? 0 : t->rows.v[parent].depth + 1;
}

uint32_t table_row(struct table *t, uint32_t parent)
{
	struct row row = { .parent = parent };

	if (depth_below(t, row.parent) > DEEPEST)
		row.parent = t->rows.v[row.parent].parent;
	row.depth = depth_below(t, row.parent);
	row.line = t->lib.scols_table_new_line(
		t->table, row.parent == TABLE_TOP ? NULL : t->rows.v[row.parent].line);
	if (!row.line)
		check(t, -ENOMEM);
	vec_push(&t->rows, row);
	return (uint32_t)t->rows.n - 1;
}

/* Where the locale is not UTF-8, a terminal may take the bytes of a character for commands. */
static void add_ascii(struct str *s, const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x80)
			str_addc(s, *text);
		else
			str_addf(s, "\\x%02x", (unsigned char)*text);
	}
}

/* Makes N bytes of one line safe to show. With raw the library itself does, byte by byte. */
static void add_safe(const struct table *t, unsigned flags, struct str *s, const char *line,
		     size_t n)
{
	auto_str struct str escaped = { 0 };

	if (t->style.raw || (flags & TABLE_ESCAPED))
		str_addn(&escaped, line, n);
	else
		escape_terminal(&escaped, line, n);
	if (t->style.raw || t->utf8)
		str_addn(s, str_text(&escaped), escaped.len);
	else
		add_ascii(s, str_text(&escaped));
}

static void add_lines(const struct table *t, unsigned flags, struct str *s, const char *text)
{
	for (;;) {
		size_t n = strcspn(text, "\n");

		add_safe(t, flags, s, text, n);
		if (!text[n])
			break;
		str_addc(s, has_wrap(t, flags) ? '\n' : ',');
		text += n + 1;
	}
}

void table_cell(struct table *t, uint32_t row, size_t column, const char *text)
{
	struct libscols_line *line = t->rows.v[row].line;
	unsigned flags = t->columns.v[column];
	auto_str struct str s = { 0 };

	if (!text || !*text || !line)
		return;
	if (flags & TABLE_WRAP)
		add_lines(t, flags, &s, text);
	else
		add_safe(t, flags, &s, text, strlen(text));
	check(t, t->lib.scols_line_set_data(line, column, str_text(&s)));
}

void table_row_color(struct table *t, uint32_t row, const char *color)
{
	if (t->rows.v[row].line)
		check(t, t->lib.scols_line_set_color(t->rows.v[row].line, color));
}

int table_print(struct table *t, struct err *e)
{
	if (!t->failed)
		check(t, t->lib.scols_print_table(t->table));
	if (t->failed)
		return err_set(e, t->failed, "cannot make the table");
	return out_flush(t->style.out, e);
}

int table_write(const struct table_style *style, const struct table_getter *columns, size_t n,
		const void *data, size_t nrows, struct err *e)
{
	auto_table struct table *t = NULL;
	int r = table_new(style, &t, e);

	if (r < 0)
		return r;
	for (size_t c = 0; c < n; c++)
		table_column(t, columns[c].name, 0, columns[c].flags);
	for (size_t i = 0; i < nrows; i++) {
		uint32_t row = table_row(t, TABLE_TOP);

		for (size_t c = 0; c < n; c++) {
			auto_str struct str text = { 0 };

			columns[c].get(data, i, &text);
			table_cell(t, row, c, str_text(&text));
		}
	}
	return table_print(t, e);
}

void table_free(struct table **t)
{
	int saved = errno;

	if (!*t)
		return;
	if ((*t)->table)
		(*t)->lib.scols_unref_table((*t)->table);
	vec_done(&(*t)->rows);
	vec_done(&(*t)->columns);
	free(*t);
	*t = NULL;
	errno = saved;
}
