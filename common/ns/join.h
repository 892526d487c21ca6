/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joining namespaces of targets: open everything, plan (plan.h), act.
 *
 *	auto_join struct join j;
 *
 *	join_init(&j, proc);
 *	j.from[NS_NET] = &target;
 *	r = join_open(&j, e);
 *	if (r == 0)
 *		r = join_act(&j, e);
 */
#pragma once

#include "plan.h"
#include "target.h"

struct join {
	int proc;			/* a descriptor of the caller's /proc, borrowed */
	struct target *from[NS_NTYPES]; /* whose namespace of each type; NULL: not wanted */
	unsigned optional;		/* types that may be missing, bits 1 << type */

	/* What join_open() found. */
	struct plan_request request;
	struct plan plan;
	int way[PLAN_MAX_LEVELS + 1]; /* the user namespaces of each level; -EBADF: none */
};

#define auto_join auto_call(join_done)

void join_init(struct join *j, int proc);

/*
 * Opens all that is wanted, compares it with the caller's and plans. Nothing has changed so far.
 * Returns 0, or -errno with the sentence: what target_ns() says; -ENOENT if a type is wanted that
 * a target does not name or this kernel does not have.
 */
int join_open(struct join *j, struct err *e);

/*
 * Joins what is planned: in one setns(2) where one process has it all (Linux 5.8), else step by
 * step. After a failure the calling process may be in some of the namespaces already: nothing but
 * its end may follow. Returns 0, or -errno with a sentence that names type, target and owner, and
 * hints at the cause.
 */
int join_act(struct join *j, struct err *e);

void join_done(struct join *j);
