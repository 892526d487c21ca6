/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of namespaces as lines, JSON or what a filter compares. One table says all about a column. */
#pragma once

#include "../base/filter.h"
#include "../ns/events.h"
#include "../ns/facts.h"
#include "json.h"

/* A value of an event. */
enum eventcell_type { EVENTCELL_NONE, EVENTCELL_NUMBER, EVENTCELL_TEXT, EVENTCELL_TRUTH };

struct eventcell {
	enum eventcell_type type;
	uint64_t number; /* also a truth */
	struct str text; /* not escaped */
};

struct eventview;

struct eventcolumn {
	const char *name; /* upper case; JSON has it in lower case, options and filters in any */
	int width;	  /* of lines: so many characters at least */
	const char *help;
	void (*get)(struct eventview *v, const struct event *e, struct eventcell *ret);
	/* How a line shows it, if not so; a column that has no get is for lines only. */
	void (*show)(struct eventview *v, const struct event *e, struct eventcell *ret);
};

extern const struct eventcolumn eventcolumns[];
extern const size_t neventcolumns;

struct eventview {
	FILE *out;
	VEC(size_t) columns; /* those that are shown */
	struct json *json;   /* NULL: lines */
	struct filter *filter;
	struct facts facts; /* names of users */
	int64_t offset;	    /* of the clock of the day from the monotonic one; 0: not known yet */
	struct str line;
	struct eventcell *cells; /* of all columns, used again and again */
};

#define auto_eventview auto_call(eventview_done)

/*
 * Prepares to write to OUT the COLUMNS ("NS,pid"; "+PID": besides the default ones; NULL: these), as JSON
 * or lines, of what FILTER (NULL: all) lets pass. Returns 0, or -errno with a sentence.
 */
int eventview_init(struct eventview *v, FILE *out, bool json, const char *columns,
		   const char *filter, struct err *e);

bool eventview_passes(struct eventview *v, const struct event *event);

/* Writes the names of the columns, if V writes lines. */
int eventview_heading(struct eventview *v, struct err *e);

/* Writes one event and flushes. */
int eventview_write(struct eventview *v, const struct event *event, struct err *e);

/* Whether LIST names columns, and FILTER is one: 0, or -EINVAL with a sentence. */
int eventview_check_columns(const char *list, struct err *e);
int eventview_check_filter(const char *filter, struct err *e);

void eventview_done(struct eventview *v);
