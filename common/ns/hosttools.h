/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The caller's programs and libraries in a target that has none: a root directory that only the
 * command sees, with the target's files and, in the places where programs and libraries are, the
 * caller's. The target sees nothing of it.
 */
#pragma once

#include "../base/err.h"

#define HOST_TOOLS_MAX 8

struct host_tools {
	int trees[HOST_TOOLS_MAX];   /* copies of the caller's directories; -EBADF: none */
	char *links[HOST_TOOLS_MAX]; /* where the caller has a symbolic link instead */
	int alternatives;	     /* a copy of /etc/alternatives; -EBADF: none */
};

void host_tools_init(struct host_tools *h);

/* Copies the caller's, before joining. Returns 0 or -errno with E set. */
int host_tools_open(struct host_tools *h, struct err *e);

/*
 * Makes that root, in a mount namespace copied from the one that the caller has joined, and goes
 * there. Returns 0 or -errno with E set.
 */
int host_tools_enter(struct host_tools *h, struct err *e);

void host_tools_done(struct host_tools *h);
