/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cgroups of the command of `enter`: the target's. */
#pragma once

#include "../common/base/vec.h"
#include "../common/ns/cgroups.h"
#include "../common/ns/target.h"
#include "enter.h"

struct enter_cgroups {
	struct cgroup_dirs dirs;
	VEC(int) procs; /* of each directory the file cgroup.procs; negative: it is left out */
};

/* Opens what O asks for, before joining. Returns 0 or -errno with E set. */
int enter_cgroups_open(struct enter_cgroups *c, const struct enter_opts *o, const struct target *t,
		       struct err *e);

/* Moves the calling process there. Returns 0 or -errno with E set. */
int enter_cgroups_join(const struct enter_cgroups *c, const struct enter_opts *o, struct err *e);

void enter_cgroups_done(struct enter_cgroups *c);
