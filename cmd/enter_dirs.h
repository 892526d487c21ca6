/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Root and working directory of the command of `enter`. */
#pragma once

#include "../common/ns/target.h"
#include "enter.h"

struct enter_dirs {
	int root, wd;	  /* opened before joining; -EBADF: not wanted */
	const char *wdns; /* looked up after joining, or NULL */
	char *name;	  /* what wdns is if it is ours */
	bool check;	  /* the working directory must lie below the root */
	bool stay;	  /* it stays what it is when only the root changes */
};

#define ENTER_DIRS_NONE                                                                            \
	{                                                                                          \
		.root = -EBADF, .wd = -EBADF                                                       \
	}

/* Opens what O names as the caller sees it, or T's own. Returns 0 or -errno with E set. */
int enter_dirs_open(struct enter_dirs *d, const struct enter_opts *o, const struct target *t,
		    struct err *e);

/*
 * After joining, before a copy of the mounts is made, in which a working directory that is held is
 * one outside: from then on it is looked up by its name. PROC is a descriptor of /proc. Returns 0
 * or -errno with E set.
 */
int enter_dirs_name_wd(struct enter_dirs *d, int proc, struct err *e);

/*
 * Goes there, after joining. A directory outside of the root would let the command, and whoever
 * can look at it, out of it. Returns 0 or -errno with E set.
 */
int enter_dirs_change(const struct enter_dirs *d, struct err *e);

void enter_dirs_done(struct enter_dirs *d);
