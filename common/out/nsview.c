/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nsview.h"

#include "../base/escape.h"

#include <ctype.h>

/* Colours by type, so that the eye finds a kind of namespace in a long list. */
static const struct {
	const char *name, *parameters;
} type_colors[NS_NTYPES] = {
	[NS_MNT] = { "yellow", "1;33" }, [NS_UTS] = { "cyan", "36" },
	[NS_IPC] = { "brown", "33" },	 [NS_NET] = { "green", "32" },
	[NS_PID] = { "magenta", "35" },	 [NS_USER] = { "red", "31" },
	[NS_CGROUP] = { "blue", "34" },	 [NS_TIME] = { "gray", "37" },
};

const char *nsview_color(enum ns_type type)
{
	return type_colors[type].parameters;
}

/* All cells, row by row: a column that is empty everywhere is known only at the end. */
struct cells {
	char **text; /* NULL: empty */
	bool *used;  /* by column */
};

static char *cell_text(const struct cell *c)
{
	if (c->type == CELL_NONE)
		return NULL;
	if (c->type == CELL_NUMBER)
		return xasprintf("%lu", c->number);
	return xstrdup(str_text(&c->text));
}

static void cells_fill(const struct nsview *v, struct cells *ret)
{
	size_t width = v->columns->columns.n;
	struct cell c = { 0 };

	ret->text = xcalloc(v->forest->rows.n * width, sizeof(*ret->text));
	ret->used = xcalloc(width, sizeof(*ret->used));
	for (size_t i = 0; i < v->forest->rows.n; i++)
		for (size_t k = 0; k < width; k++) {
			nscolumn_get(v->columns->columns.v[k], v->facts, &v->forest->rows.v[i], &c);
			ret->text[i * width + k] = cell_text(&c);
			ret->used[k] |= c.type != CELL_NONE;
		}
	str_done(&c.text);
}

static void cells_done(const struct nsview *v, struct cells *c)
{
	for (size_t i = 0; i < v->forest->rows.n * v->columns->columns.n; i++)
		free(c->text[i]);
	free(c->text);
	free(c->used);
}

static void add_row(const struct nsview *v, const struct cells *cells, size_t index,
		    struct table *t)
{
	const struct forest_row *row = &v->forest->rows.v[index];
	size_t width = v->columns->columns.n;
	uint32_t at = table_row(t, row->parent == GRAPH_NONE ? TABLE_TOP : row->parent);

	for (size_t k = 0; k < width; k++)
		table_cell(t, at, k, cells->text[index * width + k]);
	if (row->proc == GRAPH_NONE)
		table_row_color(t, at, type_colors[v->facts->g->ns.v[row->ns].type].name);
}

/* The branches stand in front of the column of namespaces, if it is shown, or of the last one. */
static size_t tree_column(const struct nsview *v)
{
	for (size_t k = 0; k < v->columns->columns.n; k++) {
		const struct nscolumn *column = &nscolumns[v->columns->columns.v[k]];

		if (v->at_command ? str_is(column->name, "COMMAND") : column->flags & TABLE_TREE)
			return k;
	}
	return v->columns->columns.n - 1;
}

int nsview_table(const struct nsview *v, const struct table_style *style, bool hide_empty,
		 struct err *e)
{
	auto_table struct table *t = NULL;
	size_t branches = tree_column(v);
	struct cells cells;
	int r = table_new(style, &t, e);

	if (r < 0)
		return r;
	cells_fill(v, &cells);
	for (size_t k = 0; k < v->columns->columns.n; k++) {
		const struct nscolumn *column = &nscolumns[v->columns->columns.v[k]];
		unsigned flags = column->flags & ~(unsigned)TABLE_TREE;

		if (k == branches && style->tree)
			flags = (flags & ~(unsigned)TABLE_RIGHT) | TABLE_TREE;
		if (hide_empty && !cells.used[k])
			flags |= TABLE_HIDDEN;
		table_column(t, column->name, 0, flags);
	}
	for (size_t i = 0; i < v->forest->rows.n; i++)
		add_row(v, &cells, i, t);
	cells_done(v, &cells);
	return table_print(t, e);
}

static struct json_object *lines_json(struct json *j, const char *text)
{
	struct json_object *list = json_list(j);

	for (;;) {
		size_t n = strcspn(text, "\n");

		json_append(j, list, json_bytes(j, text, n));
		if (!text[n])
			return list;
		text += n + 1;
	}
}

/* A value of another type than its column's, such as a process among inodes, is none in JSON. */
static struct json_object *cell_json(struct json *j, size_t column, const struct cell *c)
{
	if (c->type != nscolumns[column].type)
		return NULL;
	switch (c->type) {
	case CELL_NUMBER:
		return json_u64(j, c->number);
	case CELL_TEXT:
		return json_bytes(j, str_text(&c->text), c->text.len);
	case CELL_LINES:
		return lines_json(j, str_text(&c->text));
	case CELL_NONE:
		break;
	}
	return NULL;
}

static struct json_object *row_json(const struct nsview *v, const struct forest_row *row,
				    struct json *j, struct cell *cell)
{
	struct json_object *o = json_map(j);

	for (size_t k = 0; k < v->columns->columns.n; k++) {
		size_t column = v->columns->columns.v[k];
		char key[32] = "";

		for (size_t i = 0; i < sizeof(key) - 1 && nscolumns[column].name[i]; i++)
			key[i] = (char)tolower((unsigned char)nscolumns[column].name[i]);
		nscolumn_get(column, v->facts, row, cell);
		json_set(j, o, key, cell_json(j, column, cell));
	}
	return o;
}

struct json_object *nsview_json(const struct nsview *v, struct json *j)
{
	struct json_object *top = json_list(j);
	auto_free struct json_object **rows = xcalloc(v->forest->rows.n, sizeof(*rows));
	auto_free struct json_object **children = xcalloc(v->forest->rows.n, sizeof(*children));
	struct cell cell = { 0 };

	for (size_t i = 0; i < v->forest->rows.n; i++) {
		const struct forest_row *row = &v->forest->rows.v[i];
		struct json_object *below = top;

		rows[i] = row_json(v, row, j, &cell);
		if (row->parent != GRAPH_NONE) {
			if (!children[row->parent]) {
				children[row->parent] = json_list(j);
				json_set(j, rows[row->parent], "children", children[row->parent]);
			}
			below = children[row->parent];
		}
		json_append(j, below, rows[i]);
	}
	str_done(&cell.text);
	return top;
}
