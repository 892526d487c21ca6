/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a namespace file at a path that a stranger may have laid out. */
#pragma once

/*
 * Opens the namespace bound at PATH below ROOT (an O_PATH directory descriptor that PATH cannot
 * leave). Symbolic links are not followed, nothing but nsfs is opened, and no file system is
 * asked for anything: mount points are in the kernel's cache, and a name that is not would make a
 * FUSE server answer, perhaps never (openat2(2), RESOLVE_CACHED, Linux 5.12; without it the
 * lookup is an ordinary one).
 * Returns a descriptor; -EINVAL: it is no namespace; -EAGAIN: it is not in the cache.
 */
int nsfile_open_below(int root, const char *path);

/*
 * Opens the namespace at PATH, below directory DIR if it is relative; symbolic links are followed.
 * Anything else is only looked at, never opened: no device is woken, no FIFO waited for.
 * Returns a descriptor; -EINVAL: it is no namespace; or why PATH cannot be reached.
 */
int nsfile_open(int dir, const char *path);

/*
 * A new descriptor for the namespace that FD is, O_PATH or not. Returns -EINVAL if it is none.
 */
int nsfile_reopen(int fd);
