/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mounted file system is on: who can read that needs no mount. */
#pragma once

#include "mountprobe.h"
#include "mounts.h"

/* A block device, and the file that is behind it if it is a loop device. */
enum { MOUNTSOURCE_MAX = 2 };

/*
 * Finds the block device that M is on, and what is behind it, by their paths in the caller's mount
 * namespace, as places that are identified already. Returns how many there are; a file system that is
 * on no device, which alone an ordinary user can make, has none. To be released by mountplace_done().
 */
size_t mountsource_find(const struct mount *m, struct mountplace ret[MOUNTSOURCE_MAX]);
