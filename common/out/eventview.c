/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eventview.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "flush.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>

static const char line_columns[] = "TIME,EVENT,NAMESPACE,PID,USER,CONTAINER,MORE,COMMAND";

static int add_column(struct eventview *v, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion s = { .word = name };

	for (size_t i = 0; i < neventcolumns; i++) {
		if (strcasecmp(eventcolumns[i].name, name) == 0) {
			vec_push(&v->columns, i);
			return 0;
		}
		suggest_consider(&s, eventcolumns[i].name);
	}
	err_say(e, -EINVAL, "unknown column %s", q);
	if (s.nearest)
		err_hint(e, "did you mean %s?", s.nearest);
	return -EINVAL;
}

static int add_columns(struct eventview *v, const char *list, struct err *e)
{
	int r = 0;

	while (r == 0 && list) {
		auto_free char *name = str_part(&list);

		r = add_column(v, name, e);
	}
	return r;
}

static void add_json_columns(struct eventview *v)
{
	for (size_t i = 0; i < neventcolumns; i++)
		if (eventcolumns[i].get)
			vec_push(&v->columns, i);
}

static int choose_columns(struct eventview *v, bool json, const char *list, struct err *e)
{
	if (list && *list != '+')
		return add_columns(v, list, e);
	if (json)
		add_json_columns(v);
	else
		add_columns(v, line_columns, NULL);
	return list ? add_columns(v, list + 1, e) : 0;
}

static const char *column_name(const void *table, size_t column)
{
	(void)table;
	return column >= neventcolumns	  ? NULL
	       : eventcolumns[column].get ? eventcolumns[column].name
					  : "";
}

static struct filter *new_filter(const char *text, struct err *e)
{
	struct filter_names names = { .name = column_name };

	return filter_new(text, &names, e);
}

int eventview_init(struct eventview *v, FILE *out, bool json, const char *columns,
		   const char *filter, struct err *e)
{
	int r;

	*v = (struct eventview){ .out = out, .facts = { .netnsid = -EBADF } };
	v->cells = xcalloc(neventcolumns, sizeof(*v->cells));
	r = choose_columns(v, json, columns, e);
	if (r == 0 && filter) {
		v->filter = new_filter(filter, e);
		r = v->filter ? 0 : -EINVAL;
	}
	return r == 0 && json ? json_new(&v->json, e) : r;
}

int eventview_check_columns(const char *list, struct err *e)
{
	struct eventview v = { 0 };
	int r = choose_columns(&v, true, list, e);

	vec_done(&v.columns);
	return r;
}

int eventview_check_filter(const char *filter, struct err *e)
{
	auto_filter struct filter *f = new_filter(filter, e);

	return f ? 0 : -EINVAL;
}

void eventview_done(struct eventview *v)
{
	for (size_t i = 0; v->cells && i < neventcolumns; i++)
		str_done(&v->cells[i].text);
	free(v->cells);
	vec_done(&v->columns);
	filter_free(&v->filter);
	json_free(&v->json);
	facts_done(&v->facts);
	str_done(&v->line);
}

static struct eventcell *cell(struct eventview *v, const struct event *e, size_t column, bool shown)
{
	const struct eventcolumn *c = &eventcolumns[column];
	struct eventcell *ret = &v->cells[column];

	ret->type = EVENTCELL_NONE;
	str_clear(&ret->text);
	if (shown && c->show)
		c->show(v, e, ret);
	else if (c->get)
		c->get(v, e, ret);
	return ret;
}

/* What a filter is asked of. */
struct asked {
	struct eventview *v;
	const struct event *e;
};

static struct filter_value filter_cell(const void *row, size_t column)
{
	const struct asked *asked = row;
	const struct eventcell *c = cell(asked->v, asked->e, column, false);

	switch (c->type) {
	case EVENTCELL_NUMBER:
		return (struct filter_value){ .type = FILTER_U64, .u64 = c->number };
	case EVENTCELL_TEXT:
		return (struct filter_value){ .type = FILTER_TEXT, .text = str_text(&c->text) };
	case EVENTCELL_TRUTH:
		return (struct filter_value){ .type = FILTER_BOOL, .boolean = c->number };
	case EVENTCELL_NONE:
		break;
	}
	return (struct filter_value){ .type = FILTER_MISSING };
}

bool eventview_passes(struct eventview *v, const struct event *event)
{
	struct asked asked = { v, event };

	return !v->filter || filter_match(v->filter, filter_cell, &asked);
}

/* Adds a word, as wide as its column unless it is the last. A blank would make two of it. */
static void add_word(struct eventview *v, size_t i, const char *text)
{
	size_t from = v->line.len;
	bool is_last = i + 1 == v->columns.n;
	int width = 0;

	for (const char *end; *text; text = end) {
		end = text + strcspn(text, is_last ? "" : " ");
		escape_terminal(&v->line, text, (size_t)(end - text));
		if (*end)
			str_add(&v->line, "\\x20"), end++;
	}
	for (size_t at = from; at < v->line.len; at++)
		width += (v->line.s[at] & 0xc0) != 0x80;
	for (; !is_last && width <= eventcolumns[v->columns.v[i]].width; width++)
		str_addc(&v->line, ' ');
	if (!is_last && v->line.s[v->line.len - 1] != ' ')
		str_addc(&v->line, ' ');
}

static int write_line(struct eventview *v, struct err *e)
{
	str_addc(&v->line, '\n');
	return out_write(v->out, v->line.s, v->line.len, e);
}

int eventview_heading(struct eventview *v, struct err *e)
{
	if (v->json)
		return 0;
	str_clear(&v->line);
	for (size_t i = 0; i < v->columns.n; i++)
		add_word(v, i, eventcolumns[v->columns.v[i]].name);
	return write_line(v, e);
}

static struct json_object *json_cell(struct json *j, const struct eventcell *c)
{
	switch (c->type) {
	case EVENTCELL_NUMBER:
		return json_u64(j, c->number);
	case EVENTCELL_TEXT:
		return json_bytes(j, str_text(&c->text), c->text.len);
	case EVENTCELL_TRUTH:
		return json_boolean(j, c->number);
	case EVENTCELL_NONE:
		break;
	}
	return NULL;
}

static int write_json(struct eventview *v, const struct event *event, struct err *e)
{
	struct json_object *o = json_map(v->json);

	for (size_t i = 0; i < v->columns.n; i++) {
		size_t column = v->columns.v[i];
		char key[16] = "";

		for (size_t k = 0; k < sizeof(key) - 1 && eventcolumns[column].name[k]; k++)
			key[k] = (char)tolower((unsigned char)eventcolumns[column].name[k]);
		json_set(v->json, o, key,
			 json_cell(v->json, cell(v, event, column, !eventcolumns[column].get)));
	}
	return json_write(v->json, o, JSON_LINE, v->out, e);
}

int eventview_write(struct eventview *v, const struct event *event, struct err *e)
{
	if (v->json)
		return write_json(v, event, e);
	str_clear(&v->line);
	for (size_t i = 0; i < v->columns.n; i++) {
		const struct eventcell *c = cell(v, event, v->columns.v[i], true);
		auto_free char *number = NULL;

		if (c->type == EVENTCELL_NUMBER || c->type == EVENTCELL_TRUTH)
			number = xasprintf("%lu", c->number);
		add_word(v, i,
			 number			     ? number
			 : c->type == EVENTCELL_NONE ? "-"
						     : str_text(&c->text));
	}
	return write_line(v, e);
}
