/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that stays outside: forked before its parent changes namespaces or ids, it keeps what
 * the parent gives up, and acts once on demand. If the parent dies or gives up, it undoes its
 * act and ends; it never outlives the parent's interest.
 */
#pragma once

#include "../base/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct outside_job {
	/* Given the number that outside_ask() sends. 0, or -errno with nothing half done. */
	int (*act)(void *data, int number, struct err *e);
	void (*undo)(void *data); /* takes the act back; NULL: there is nothing to it */
	void (*last)(void *data); /* the act shall last; NULL: there is nothing to do for that */
	void *data;
};

/* { .pid = 0 } is none. */
struct outside {
	pid_t pid;
	int ask, answer; /* pipes to and from it */
};

/* Forks it. Returns 0, or -errno with the sentence in E. */
int outside_start(struct outside *o, const struct outside_job *job, struct err *e);

/* Has it act on NUMBER and waits for the outcome: 0, or its -errno with its sentence in E. */
int outside_ask(struct outside *o, int number, struct err *e);

/*
 * Ends it, if there is one, and waits until it is gone; KEEP says that its act shall last. Those
 * that were started later hold what this one listens to: the last is to be ended first.
 */
void outside_end(struct outside *o, bool keep);

/* In a child of the parent: lets go of the helper, which is the parent's alone. */
void outside_forget(struct outside *o);
