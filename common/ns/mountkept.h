/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes of other user namespaces that have a mount open already: no namespace keeps them out. */
#pragma once

#include "mountscene.h"

struct mountkept {
	size_t count; /* how many descriptors and directories; what follows is the first */
	pid_t pid;
	int fd; /* or one of the next */
};

enum { KEPT_CWD = -1, KEPT_ROOT = -2 };

/*
 * Looks through descriptors, working and root directories of all processes that the caller may read
 * and that are not in the user namespace of M. Linux 5.8 tells which mount a descriptor is of;
 * before it nothing is found.
 */
struct mountkept mountkept_find(const struct mountview *v, const struct mount *m);
