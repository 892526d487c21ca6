/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: what all look at that show sets. */
#pragma once

#include "../common/base/fd.h"
#include "../common/cli/applet.h"
#include "../common/ns/setstate.h"

struct view {
	int proc;
	struct registry registry;
	struct graph graph;
	FILE *out;
};

#define VIEW(ctx)                                                                                  \
	{                                                                                          \
		.proc = -EBADF, .registry = REGISTRY_NONE, .out = (ctx)->out                       \
	}

/* Opens the registry, and finds the PROCESSES if they are wanted. */
int view_look(struct view *v, bool processes, struct err *e);

void view_done(struct view *v);

/* Calls FN with every set, until it returns other than 0. One that is removed meanwhile is passed over,
 * so is one that is damaged, with a note. E cannot be NULL. */
int view_each(struct view *v, int (*fn)(struct view *, const struct nsset *, void *), void *data,
	      struct err *e);

/* Adds "net,uts". */
void view_add_types(struct str *s, unsigned types);
