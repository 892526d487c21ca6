/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --like: the command of `enter` runs as the target itself does. */
#pragma once

#include "../common/ns/creds.h"
#include "../common/ns/target.h"
#include "enter.h"

struct enter_like_parts {
	struct task_status status;
	struct cap_plan sets;
	int oom_score_adj;
};

/* What --like says through other options: those that were given themselves stay as they are. */
void enter_like_imply(struct enter_opts *o);

/*
 * Reads the rest of T, before joining: capabilities, umask and the like. Returns 0 or -errno with
 * E set.
 */
int enter_like_read(struct enter_like_parts *p, const struct enter_opts *o, const struct target *t,
		    struct err *e);

/* Takes over what stays through joining. Returns 0 or -errno with E set. */
int enter_like_before(const struct enter_like_parts *p, const struct enter_opts *o, int proc,
		      struct err *e);

/*
 * Takes over the rest, in the process that becomes the command, which has the uid of C to be.
 * Returns 0 or -errno with E set.
 */
int enter_like_after(struct enter_like_parts *p, const struct enter_opts *o, struct creds *c,
		     struct err *e);
