/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of any mount namespace without entering it: listmount(2), statmount(2). */
#pragma once

#include "mountline.h"

#include <stddef.h>

/*
 * The unique ids of up to N mounts of mount namespace NS (its 64-bit id, nsfs_id()) that come after
 * the mount AFTER (0: from the first). Returns how many, 0 at the end. Linux 6.8, of other
 * namespaces 6.11; -ENOENT or -EPERM: not the caller's to see.
 */
ssize_t mounts_list(uint64_t ns, uint64_t after, uint64_t *ids, size_t n);

/*
 * Calls FN with each mount of namespace NS, if MAGIC is not 0 with those of that kind of file system
 * (linux/magic.h), which costs half as much as reading mountinfo, else twice as much. A mount that goes meanwhile is passed over. Returns 0
 * or -errno; FN may have been called before a failure.
 */
int mounts_each(uint64_t ns, uint64_t magic, mount_line_fn fn, void *data);
