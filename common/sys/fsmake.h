/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New file systems, attached nowhere: fsopen(2) and its like, Linux 5.2. */
#pragma once

#include "../base/str.h"
#include "mountopts.h"

/*
 * Makes file system TYPE on SOURCE (NULL: it needs none) with OPTIONS (NULL: none), and a mount of it with the
 * MOUNT_ATTR_… ATTR. Returns a descriptor (O_CLOEXEC) or -errno; what the file system itself has
 * to say is added to SAID (or NULL), not escaped.
 */
int fs_make(const char *type, const char *source, const struct mountopts *options, uint64_t attr,
	    struct str *said);
