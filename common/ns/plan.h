/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In which order namespaces are joined. Pure: numbers in, steps out.
 *
 * Joining a namespace needs CAP_SYS_ADMIN in the user namespace that owns it and in the one the
 * caller is in. Whoever joins a user namespace has all capabilities there and none above: so each
 * namespace is joined when the caller has arrived at its owner, not before and not after.
 *
 * The way from the caller's user namespace (level 0) to the wanted one goes down through levels
 * 1, 2 …, each the child of the one before (user_namespaces(7)).
 */
#pragma once

#include "nstype.h"

#define PLAN_MAX_LEVELS 33 /* the kernel lets user namespaces nest 32 deep */

struct plan_request {
	unsigned wanted; /* bits 1 << type */
	ino_t own[NS_NTYPES];
	ino_t theirs[NS_NTYPES];

	/* All that is wanted belongs to one process, which setns(2) can join at once. */
	bool whole;

	/*
	 * The level of each namespace's owner, or of the nearest one above it that is on the way;
	 * 0 also if there is none. For a user namespace its own level. Not looked at if whole.
	 */
	unsigned level[NS_NTYPES];
};

struct plan_step {
	unsigned level; /* the user namespace of this level is joined first; 0: none is */
	unsigned types; /* then these are; NS_USER never is one of them unless the plan is whole */
};

struct plan {
	unsigned types; /* all that is joined, NS_USER among them */
	bool whole;	/* the only step is a setns(2) on the process, with all types */
	size_t n;
	struct plan_step steps[PLAN_MAX_LEVELS + 1];
};

/* Plans what R asks for. Equal namespaces are left out: no steps mean that there is nothing to do. */
void plan_make(const struct plan_request *r, struct plan *ret);
