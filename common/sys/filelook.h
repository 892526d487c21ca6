/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is, for those who must not wait for who serves the file system. */
#pragma once

struct statx;

/*
 * Looks at PATH in directory DIR as statx(2) does, FLAGS being its AT_..., for the MASK of STATX_...,
 * as far as the kernel knows: a server, as that of FUSE, is not asked, nothing is mounted. Returns
 * 0 or -errno; -EACCES may mean another's FUSE. MASK 0 asks nothing of the file system at all: the
 * attributes and the number of the mount are told all the same (Linux 5.8).
 */
int file_look(int dir, const char *path, int flags, unsigned mask, struct statx *ret);
