/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a reference (REF) to what it names. Every applet and the shell resolve through this, once,
 * before they act:
 *
 *	auto_resolver struct resolver resolver = { .proc = proc };
 *	auto_target struct target t = TARGET_NONE;
 *
 *	r = resolve(&resolver, "netns:blue", &t, e);
 */
#pragma once

#include "graph.h"
#include "ref.h"
#include "target.h"

struct resolver {
	int proc; /* a descriptor of /proc, the caller's; it outlives the targets */
	const struct graph *graph; /* the caller's snapshot, or NULL: one is made when needed */
	struct graph own;
	unsigned scanned; /* the sources from which own was filled */
};

#define auto_resolver auto_call(resolver_done)

/*
 * Finds what TEXT names and holds it in RET (TARGET_NONE before). Returns 0, or with a sentence
 *	-EINVAL    not a reference, or not a namespace, or one of another type
 *	-EBADF     fd:N is not open
 *	-ESRCH     no such process
 *	-ESTALE    the process with that pid is another one by now
 *	-ENOENT    no such namespace, name, file or container
 *	-ENOTUNIQ  several containers match; the hints list them
 *	-ENOTSUP   this kernel cannot say (id: before 6.18)
 * or what the kernel answered (-EACCES, -EPERM …).
 */
int resolve(struct resolver *r, const char *text, struct target *ret, struct err *e);

/* The same for a reference already parsed. */
int resolve_ref(struct resolver *r, const struct ref *ref, struct target *ret, struct err *e);

void resolver_done(struct resolver *r);
