/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eventview.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "flush.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>
#include <time.h>

#define SECOND	      INT64_C(1000000000)
/* Clocks read so far apart say nothing of each other; one that differs by so much was set. */
#define CLOCKS_APART  100000
#define CLOCK_WAS_SET 1000000
/* So many names of users are kept: ids are for anybody to take. */
#define USERS_MAX     4096

static void set_number(struct eventcell *c, uint64_t number)
{
	c->type = number ? EVENTCELL_NUMBER : EVENTCELL_NONE;
	c->number = number;
}

static void set_text(struct eventcell *c, const char *text)
{
	if (!text || !*text)
		return;
	c->type = EVENTCELL_TEXT;
	str_add(&c->text, text);
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec;
}

/*
 * How far the clock of the day is ahead of the monotonic one. Reading both takes a while, now and then a
 * long one: what is in order by one clock must not get out of it by the other. So only when it was set
 * is it read anew.
 */
static int64_t day_offset(struct eventview *v)
{
	int64_t before, day, after;

	for (int tries = 0; tries < 10; tries++) {
		before = clock_ns(CLOCK_MONOTONIC);
		day = clock_ns(CLOCK_REALTIME);
		after = clock_ns(CLOCK_MONOTONIC);
		if (after - before < CLOCKS_APART)
			break;
	}
	day -= before;
	if (after - before < CLOCKS_APART &&
	    (day - v->offset > CLOCK_WAS_SET || v->offset - day > CLOCK_WAS_SET))
		v->offset = day;
	return v->offset ? v->offset : day;
}

/* The time of day when the monotonic clock was at TIME; it may have been set since. */
static struct timespec time_of_day(struct eventview *v, uint64_t time)
{
	int64_t day = (int64_t)time + day_offset(v);

	return (struct timespec){ .tv_sec = (time_t)(day / SECOND),
				  .tv_nsec = (long)(day % SECOND) };
}

static void get_time(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	struct timespec ts = time_of_day(v, e->time);
	char text[32] = "";
	struct tm tm;

	if (!gmtime_r(&ts.tv_sec, &tm))
		return;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	ret->type = EVENTCELL_TEXT;
	str_addf(&ret->text, "%s.%06ldZ", text, ts.tv_nsec / 1000);
}

static void show_time(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	struct timespec ts = time_of_day(v, e->time);
	struct tm tm;

	if (!localtime_r(&ts.tv_sec, &tm))
		return;
	ret->type = EVENTCELL_TEXT;
	str_addf(&ret->text, "%02d:%02d:%02d.%06ld", tm.tm_hour, tm.tm_min, tm.tm_sec,
		 ts.tv_nsec / 1000);
}

static void get_event(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_text(ret, event_infos[e->kind].name);
}

static void get_namespace(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	if (!e->ino)
		return;
	ret->type = EVENTCELL_TEXT;
	str_addf(&ret->text, "%s:[%lu]", ns_types[e->type].name, e->ino);
}

static void get_type(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	if (e->ino)
		set_text(ret, ns_types[e->type].name);
}

static void get_ns(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->ino);
}

static void get_from(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->from);
}

static void get_to(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->to);
}

static void get_held(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	ret->type = e->held ? EVENTCELL_TEXT : EVENTCELL_NONE;
	for (unsigned bit = 1; bit < 1U << HELD_NKINDS; bit <<= 1)
		if (e->held & bit)
			str_join(&ret->text, ",", held_name((enum held)bit));
}

static void get_pid(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->who ? (uint64_t)e->who->pid : 0);
}

static void get_tid(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->who ? (uint64_t)e->who->tid : 0);
}

static void get_uid(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	if (!e->who || !e->who->has_uid)
		return;
	ret->type = EVENTCELL_NUMBER;
	ret->number = e->who->uid;
}

static void get_user(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	if (!e->who || !e->who->has_uid)
		return;
	if (v->facts.users.texts.n >= USERS_MAX) {
		facts_done(&v->facts);
		v->facts = (struct facts){ .netnsid = -EBADF };
	}
	set_text(ret, facts_user_name(&v->facts, e->who->uid));
}

static void get_container(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_text(ret, e->who ? e->who->container : NULL);
}

static void get_comm(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_text(ret, e->who ? e->who->comm : NULL);
}

static void get_command(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	if (e->who)
		set_text(ret, e->who->command ? e->who->command : e->who->comm);
}

static void get_id(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->id);
}

static void get_ons(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->owner);
}

static void get_lost(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	set_number(ret, e->lost);
}

static void get_late(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	(void)v;
	ret->type = EVENTCELL_TRUTH;
	ret->number = e->late;
}

static void add_more(struct eventcell *c, const char *name, const char *type, ino_t ino)
{
	if (!ino)
		return;
	c->type = EVENTCELL_TEXT;
	str_join(&c->text, ",", name);
	str_addf(&c->text, "=%s:[%lu]", type, ino);
}

/* What matters of an event beside the columns that all have, as one word. */
static void show_more(struct eventview *v, const struct event *e, struct eventcell *ret)
{
	struct eventcell held = { 0 };

	add_more(ret, "from", ns_types[e->type].name, e->from);
	add_more(ret, "to", ns_types[e->type].name, e->to);
	get_held(v, e, &held);
	if (held.type == EVENTCELL_TEXT) {
		ret->type = EVENTCELL_TEXT;
		str_join(&ret->text, ",", "held=");
		str_add(&ret->text, str_text(&held.text));
	}
	str_done(&held.text);
	if (e->kind == EVENT_LOST) {
		ret->type = EVENTCELL_TEXT;
		str_addf(&ret->text, "lost=%lu", e->lost);
	}
	if (e->late) {
		ret->type = EVENTCELL_TEXT;
		str_join(&ret->text, ",", "late");
	}
}

const struct eventcolumn eventcolumns[] = {
	{ "TIME", 15, "when it happened, or was seen", get_time, show_time },
	{ "EVENT", 5, "what happened", get_event, NULL },
	{ "NAMESPACE", 19, "type and inode number, as references have it", get_namespace, NULL },
	{ "TYPE", 6, "kind of namespace", get_type, NULL },
	{ "NS", 10, "namespace identifier (inode number)", get_ns, NULL },
	{ "FROM", 10, "where the task was before (inode number)", get_from, NULL },
	{ "TO", 10, "where the task went (inode number)", get_to, NULL },
	{ "HELD", 5, "what keeps an empty namespace alive", get_held, NULL },
	{ "PID", 7, "process that did it, or was in it last", get_pid, NULL },
	{ "TID", 7, "thread that did it", get_tid, NULL },
	{ "UID", 5, "its effective user id", get_uid, NULL },
	{ "USER", 8, "its user name", get_user, NULL },
	{ "CONTAINER", 19, "its container, pod, machine or unit", get_container, NULL },
	{ "ID", 10, "64-bit id of the namespace, never used again", get_id, NULL },
	{ "ONS", 10, "owning user namespace (inode number)", get_ons, NULL },
	{ "LOST", 4, "how many records of the kernel were lost", get_lost, NULL },
	{ "LATE", 4, "whether it was found by looking at everything", get_late, NULL },
	{ "MORE", 22, "from where, to where, or what keeps it", NULL, show_more },
	{ "COMM", 15, "name of the process when it did it", get_comm, NULL },
	{ "COMMAND", 7, "its command line a moment later, or that name", get_command, NULL },
};

const size_t neventcolumns = ARRAY_LEN(eventcolumns);

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
	for (;;) {
		size_t n = strcspn(list, ",");
		auto_free char *name = xstrndup(list, n);
		int r = add_column(v, name, e);

		if (r < 0 || !list[n])
			return r;
		list += n + 1;
	}
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
