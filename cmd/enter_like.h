/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --like: the command of `enter` runs as the target itself does. */
#pragma once

#include "enter_creds.h"

struct enter_like_parts {
	struct task_status status;
	struct cap_plan sets;
	int oom_score_adj;
};

/* What --like says through other options: those that were given themselves stay as they are. */
void enter_like_imply(struct enter_opts *o);

/*
 * With --like=best-effort a failure R becomes a note on stderr and 0 is returned, else R; 0 stays
 * 0.
 */
int enter_like_forgive(const struct enter_opts *o, int r, struct err *e);

/*
 * Reads the rest of T, before joining: capabilities, umask and the like. Returns 0 or -errno with
 * E set.
 */
int enter_like_read(struct enter_like_parts *p, const struct target *t, struct err *e);

/* Takes over what stays through joining. Returns 0 or -errno with E set. */
int enter_like_before(const struct enter_like_parts *p, const struct enter_opts *o, int proc,
		      struct err *e);

/*
 * Takes over the rest, in the process that becomes the command. C is what enter_creds_look_up()
 * made of O and IDS. Returns 0 or -errno with E set.
 */
int enter_like_after(struct enter_like_parts *p, const struct enter_opts *o,
		     const struct enter_ids *ids, struct creds *c, struct err *e);
