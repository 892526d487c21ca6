/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mount a descriptor is in. */
#pragma once

#include "../base/err.h"

#include <stdint.h>

/* What the table of mounts says of it. */
struct mount_of {
	uint32_t id;
	uint64_t attr;	/* MOUNT_ATTR_…, MOUNT_ATTR_IDMAP among them */
	uint32_t peers; /* its peer group; 0: it is not shared */
	char *target, *fstype;
};

#define auto_mount_of auto_call(mount_of_done)

/*
 * Finds the mount of FD in TABLE, a descriptor of a mountinfo file; -EBADF: the caller's own. PROC
 * is a descriptor of /proc. Returns 0, or -errno with a sentence; -ENOENT: it is not there.
 */
int mount_of_find(int proc, int table, int fd, struct mount_of *ret, struct err *e);

void mount_of_done(struct mount_of *m);
