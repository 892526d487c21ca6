/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As whom the command of `enter` runs. */
#pragma once

#include "../common/ns/creds.h"
#include "../common/ns/target.h"
#include "enter.h"

/* What O says that needs no look into the target. JOINED: the types that are joined. */
void enter_creds_choose(const struct enter_opts *o, unsigned joined, struct creds *c);

/*
 * The rest, to be called after joining: names are looked up in the target's /etc/passwd and
 * /etc/group, "follow" means T's ids and groups as its user namespace numbers them. GROUPS gets
 * the array that C then points to, to be freed. Returns 0 or -errno with E set.
 */
int enter_creds_look_up(const struct enter_opts *o, const struct target *t, struct creds *c,
			gid_t **groups, struct err *e);
