/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for network namespaces in /run/netns, made so that `ip netns` takes them for its own. */
#pragma once

#include "../base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Looks whether NAME is there. Sets *EXISTS: it is, and is the namespace with inode INO. Returns
 * 0, or -EBUSY with a sentence if it is something else.
 */
int publish_find(const char *name, ino_t ino, bool *exists, struct err *e);

/*
 * Binds the network namespace NS at NAME, and makes the directory as `ip netns add` does: a mount
 * that is shared. Returns 0, or -errno with a sentence.
 */
int publish_netns(const char *name, int ns, struct err *e);
