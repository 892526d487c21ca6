/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom `enter` joins: from references to what is to be joined. */
#pragma once

#include "../common/ns/join.h"
#include "../common/ns/resolve.h"
#include "enter.h"

struct enter_whom {
	struct resolver resolver;	 /* its proc is the caller's /proc, held open */
	struct target target;		 /* of -t; its label is NULL: none */
	struct target source[NS_NTYPES]; /* of the types that have one of their own */
	struct join join;
};

void enter_whom_init(struct enter_whom *w);

/*
 * Opens /proc and resolves the references of O, so that join_open() can follow. Returns 0 or
 * -errno with E set.
 */
int enter_whom_resolve(struct enter_whom *w, const struct enter_opts *o, struct err *e);

void enter_whom_done(struct enter_whom *w);
