/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: the target of -t, whose user namespace the mount is for. */
#pragma once

#include "../common/ns/resolve.h"
#include "mountpriv.h"

struct mountpriv_target {
	struct resolver resolver; /* with /proc */
	struct target target;
	int mntns;		      /* the one it names, borrowed; or -EBADF */
	int userns;		      /* its user namespace, or the owner of its mount namespace */
	bool is_own;		      /* that is the caller's own */
	struct idmap maps[ID_NKINDS]; /* of userns, unless it is the caller's own */
};

#define MOUNTPRIV_TARGET_NONE                                                                      \
	{                                                                                          \
		.resolver = { .proc = -EBADF }, .target = TARGET_NONE, .mntns = -EBADF,            \
		.userns = -EBADF                                                                   \
	}

#define auto_mountpriv_target auto_call(mountpriv_target_done)

/* Finds and opens that of O. Returns 0, or -errno with a sentence. */
int mountpriv_target(struct mountpriv_target *t, const struct mountpriv_opts *o, struct err *e);

/* Adds what is known of CODE, with which making a mount for another has failed; returns it. */
int mountpriv_refused(int code, struct err *e);

/*
 * From here on the target can see this process: nothing of it can be read, and no message is looked
 * up in the target's catalogs.
 */
void mountpriv_hide(void);

/* Does so and joins the target's mount namespace. Returns 0, or -errno with a sentence. */
int mountpriv_join(const struct mountpriv_target *t, struct err *e);

void mountpriv_target_done(struct mountpriv_target *t);
