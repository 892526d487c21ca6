/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mount as the kernel tells of it, by statmount(2) or in a line of proc_pid_mountinfo(5). */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The texts are lent: they last as long as the call that is given them. Nothing is escaped. */
struct mount_line {
	uint32_t id, parent; /* mountinfo's numbers: one a mount, used again once it is gone */
	dev_t dev;	     /* of the file system's super block */
	const char *root;    /* the directory or file of the file system that is mounted */
	const char *target;  /* the mount point, as seen from the root of its mount namespace */
	const char *fstype, *source; /* source may be NULL: not told */
	uint64_t attr;		     /* MOUNT_ATTR_…, MOUNT_ATTR_IDMAP among them */
	uint32_t peers;		     /* the peer group it is shared with; 0: none */
	uint32_t master;	     /* the peer group it is a slave of; 0: none */

	/*
	 * Of an idmapped mount "ON-DISK IN-MOUNT COUNT", as the caller's user namespace sees it,
	 * lines separated by \\n; NULL: not told (before Linux 6.15, or by mountinfo).
	 */
	const char *uid_map, *gid_map;
};

typedef void (*mount_line_fn)(const struct mount_line *line, void *data);
