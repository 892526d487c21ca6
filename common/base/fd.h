/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File descriptors with an owner. -EBADF means "none". */
#pragma once

#include "str.h"

#include <sys/types.h>

/* Closes the descriptor when it leaves its scope. */
#define auto_close auto_call(cleanup_fd)

/* Gives a descriptor away: yields it and leaves -EBADF behind. */
int take_fd(int *fd);

/* Closes *FD if it is one, leaves -EBADF behind, keeps errno. */
void cleanup_fd(int *fd);

/*
 * Moves FD, opened O_CLOEXEC, above the standard descriptors. Where it stood, and wherever else one
 * of these is closed, a copy stays until an exec: nothing opened later comes to be what messages
 * are written to. Returns the new descriptor, or -errno with FD closed. Costs nothing if all three
 * are open.
 */
int fd_above_standard(int fd);

/* The inode number of what FD is, 0 if FD is no descriptor. */
ino_t fd_inode(int fd);

/*
 * Reads FD to its end, or until LIMIT bytes have come, and adds them to RET.
 * Returns 0 or -errno; RET may hold a part then. Interrupted reads go on.
 */
int fd_read_all(int fd, size_t limit, struct str *ret);

/* Writes all N bytes. Returns 0 or -errno. */
int fd_write_all(int fd, const void *bytes, size_t n);
