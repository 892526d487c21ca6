/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a command comes to have just the capabilities that a task has: capabilities(7). */
#pragma once

#include "../base/err.h"
#include "taskstatus.h"

/* The sets to have before the exec. */
struct cap_plan {
	struct caps caps;
	uint64_t bounding, ambient;
};

/*
 * Plans the sets of task S for a command with these real and effective uids, as its user namespace
 * numbers them. What no exec can lead to is -EOPNOTSUPP with E set, or if LOOSE less than the task
 * has, never more.
 */
int cap_plan_make(const struct task_status *s, unsigned ruid, unsigned euid, bool loose,
		  struct cap_plan *ret, struct err *e);

/* Whether cap_plan_apply() can do without LOOSE. Returns 0, or -EPERM with E set. */
int cap_plan_check(const struct cap_plan *p, struct err *e);

/*
 * Gives the calling thread these sets, if LOOSE as far as it has them itself. What was permitted
 * must have been kept through the change of ids. Returns 0 or -errno with E set.
 */
int cap_plan_apply(const struct cap_plan *p, bool loose, struct err *e);
