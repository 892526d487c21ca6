/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mount that one user namespace alone can use: what it shall be, and how it comes to stand in
 * a mount namespace that nobody else is in (setup.h, struct setup_stage).
 */
#pragma once

#include "setup.h"

#include <stdint.h>

struct privmount {
	const char *src; /* what is bound */
	const char *dst; /* where; a symbolic link as its last part is refused */
	bool recursive;	 /* with what is mounted below SRC */
	uint64_t flags;	 /* MOUNT_ATTR_… of linux/mount.h, those of SRC stay besides */
	enum propagation propagation; /* private or slave: of SRC, and of all mounts around */
};

/*
 * Binds SRC over DST in the mount namespace that the caller is in. Both are looked up once and
 * used by descriptor. Returns 0, or -errno with a sentence.
 */
int privmount_bind(const struct privmount *m, struct err *e);
