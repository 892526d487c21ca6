/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of the new mount interface that need no words, and pivot_root(2). Errors are -errno. */
#pragma once

#include <stdint.h>

/*
 * A copy of the mount at PATH and of everything below it, attached nowhere; open_tree(2), Linux
 * 5.2. Returns a descriptor (O_CLOEXEC). Needs CAP_SYS_ADMIN over the mount namespace.
 */
int mount_clone(const char *path);

/* A descriptor of the mount that DIR is in; open_tree(2) again, but needs no privilege. */
int mount_open(int dir);

/* Makes a copy of mount_clone() read-only, with all below it; mount_setattr(2), Linux 5.12. */
int mount_clone_readonly(int tree);

/* Attaches such a copy at PATH, following symbolic links; move_mount(2), Linux 5.2. */
int mount_attach(int tree, const char *path);

/* Gives the mount at PATH these MS_… flags besides those it has; works on every kernel. */
int mount_add_flags(const char *path, unsigned long flags);

/* The MS_… of mount(2) for the MOUNT_ATTR_… of ATTR. */
unsigned long mount_ms_flags(uint64_t attr);

/* pivot_root(2). */
int root_pivot(const char *new_root, const char *put_old);
