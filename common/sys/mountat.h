/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mounts by descriptor, attached where a path cannot lead: Linux 5.2. Errors are -errno. */
#pragma once

#include <stdbool.h>

struct mount_attr;

/* A copy of what is at NAME in directory DIR, with all below it, attached nowhere. */
int mount_clone_at(int dir, const char *name);

/* Attaches TREE at NAME in directory DIR; a symbolic link there is not followed. */
int mount_attach_at(int tree, int dir, const char *name);

/*
 * A copy of the mount that FD (O_PATH will do) is in, from there on, attached nowhere; RECURSIVE:
 * with all below it. Returns a descriptor; -EINVAL: without what is below, which covers what the
 * caller must not see.
 */
int mount_clone_fd(int fd, bool recursive);

/* The same with attributes and id map from the start; open_tree_attr(2), Linux 6.15. */
int mount_clone_attr(int fd, bool recursive, const struct mount_attr *attr);

/* Changes a mount, or TREE attached nowhere, RECURSIVE: all of it; mount_setattr(2), Linux 5.12. */
int mount_change(int tree, bool recursive, const struct mount_attr *attr);

/* Attaches TREE over what TO is. */
int mount_attach_fd(int tree, int to);
