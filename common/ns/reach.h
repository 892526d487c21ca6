/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can get to a file by its path: as far as modes and owners tell, not access control lists. */
#pragma once

#include "../base/vec.h"

#include <stdbool.h>
#include <sys/types.h>

/* A directory on the way; the last one is the file itself. */
struct reach_step {
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

struct reach_way {
	VEC(struct reach_step) steps;
};

#define auto_reach_way auto_call(reach_way_done)

enum reach_who {
	REACH_EVERYBODY,
	REACH_GROUP, /* the members of a group */
	REACH_USER,  /* one user */
	REACH_ROOT,  /* only who may pass everywhere */
};

struct reach {
	enum reach_who who;
	uid_t uid; /* REACH_USER */
	gid_t gid; /* REACH_GROUP */
};

/* The largest set of users that can pass each directory of WAY and read or enter its end. Pure. */
struct reach reach_of(const struct reach_way *way);

/* Looks at the way from the root directory to what FD is, as the kernel knows it. Returns 0 or -errno. */
int reach_look(int fd, struct reach_way *ret);

void reach_way_done(struct reach_way *way);
