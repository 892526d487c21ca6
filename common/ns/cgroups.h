/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a process's cgroups are in the file system, whether the host has cgroups of version 1, 2
 * or both (cgroups(7)). Own reading of mountinfo: who only wants to join a cgroup must not pay
 * for loading a library.
 */
#pragma once

#include "../base/err.h"
#include "../base/vec.h"

/* Directories, to be released with cgroup_dirs_done(). */
struct cgroup_dirs {
	VEC(char *) v;
};

/*
 * Finds the directory of each cgroup in CGROUP, the text of /proc/PID/cgroup, through MOUNTINFO,
 * the text of /proc/self/mountinfo. A cgroup that OWN, the caller's /proc/self/cgroup, has too is
 * left out. Pure. Returns 0; -ENOENT with a sentence if a hierarchy is not mounted where the
 * cgroup could be seen; -EXDEV if the cgroup is outside of the reader's cgroup namespace; the
 * others are found nevertheless.
 */
int cgroup_dirs_find(const char *mountinfo, const char *cgroup, const char *own,
		     struct cgroup_dirs *ret, struct err *e);

void cgroup_dirs_done(struct cgroup_dirs *d);
