/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As whom the command of `enter` runs. */
#pragma once

#include "../common/ns/creds.h"
#include "../common/ns/target.h"
#include "enter.h"

/* What O says that needs no look into the target. JOINED: the types that are joined. */
void enter_creds_choose(const struct enter_opts *o, unsigned joined, struct creds *c);

/* A target's ids, as the user namespace that is joined numbers them. */
struct enter_ids {
	unsigned uid[4], gid[4]; /* real, effective, saved, file system */
	gid_t *groups;
	size_t ngroups;
};

/*
 * The rest, to be called after joining: names are looked up in the target's /etc/passwd and
 * /etc/group, "follow" means T's ids and groups as its user namespace numbers them. IDS,
 * all zeros before, gets these, with the groups, to be freed, that C then points to. Returns 0 or
 * -errno with E set.
 */
int enter_creds_look_up(const struct enter_opts *o, const struct target *t, struct creds *c,
			struct enter_ids *ids, struct err *e);
