/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mounts by descriptor, attached where a path cannot lead: Linux 5.2. Errors are -errno. */
#pragma once

/* A new instance of file system TYPE, attached nowhere. Returns a descriptor (O_CLOEXEC). */
int mount_new(const char *type);

/* A copy of what is at NAME in directory DIR, with all below it, attached nowhere. */
int mount_clone_at(int dir, const char *name);

/* Attaches TREE at NAME in directory DIR; a symbolic link there is not followed. */
int mount_attach_at(int tree, int dir, const char *name);
