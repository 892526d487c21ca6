/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of events: the table, and where each value comes from. */
#include "eventview.h"

#include <errno.h>
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
