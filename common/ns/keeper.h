/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that keeps a set alive: one that holds its namespaces (holder.h), or the init of its
 * pid namespace (keepset.h). It waits to be killed, and its title says of which set it is.
 */
#pragma once

#include "registry.h"
#include "setinfo.h"

#include <signal.h>

/*
 * Tells a keeper that its set has another name. The name comes in pieces, as values of signals,
 * for a keeper has nothing open and, in its own mount namespace, no path to look at.
 */
#define KEEPER_SIGNAL SIGRTMAX

struct keeper {
	const char *role; /* "holding" */
	char *title;	  /* where the kernel looks for the command line; NULL: not known … */
	size_t shown;	  /* … so much of it is always shown … */
	size_t room;	  /* … and so much there is room for */
	char name[SET_NAME_MAX + 1 + sizeof(void *)]; /* as much as has come */
	size_t n;
};

/*
 * Makes this process one that stays: "nstool: ROLE @NAME" in place of its command line, no
 * directory in use, no signal blocked but KEEPER_SIGNAL, children reaped unseen. ROLE is borrowed.
 */
void keeper_settle(struct keeper *k, const char *role, const char *name);

/* Waits for ever. */
_Noreturn void keeper_stay(struct keeper *k);

/* Tells keeper P, if it is there, that its set is called NAME. PROC is a descriptor of /proc. */
void keeper_rename(int proc, const struct setproc *p, const char *name);
