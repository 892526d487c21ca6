/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes of other user namespaces that have a mount open already: no namespace keeps them out. */
#pragma once

#include "../sys/procfs.h"
#include "mountscene.h"

struct mountkept {
	size_t count; /* how many descriptors, directories and mapped files; what follows is the first */
	pid_t pid;
	char path[PROC_PATH_MAX]; /* "1234/fd/5", below /proc */
};

/*
 * Looks through descriptors, working and root directories and mapped files of all processes that the
 * caller may read and that are not in the user namespace of mount INDEX. Linux 5.8 tells which mount
 * they are of; where the file system is mounted nowhere else, all of it counts, as what a mount has
 * that is attached nowhere. Returns 0 or -errno, -ETIMEDOUT: there was too much to look at.
 */
int mountkept_find(const struct mountview *v, size_t index, struct mountkept *ret);
