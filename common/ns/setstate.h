/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a set of namespaces fares: who is in it, and whether it can be entered. */
#pragma once

#include "graph.h"
#include "registry_set.h"

enum set_state {
	SET_ALIVE, /* processes are in it, other than its own */
	SET_EMPTY, /* nobody is; it can be entered */
	SET_DEAD,  /* the init of its pid namespace has died: nobody can enter that any more */
	SET_STALE, /* namespaces of it are not bound (any more), or its holder has died */
};

extern const char *const set_state_names[];

/*
 * Whether pid namespace NS (a descriptor) has lost its first process: a fork into it fails then.
 * Asked of the kernel (Linux 6.11), or tried by a child that may end where it likes. False if it
 * cannot be told.
 */
bool pidns_is_dead(int ns);

/* Processes, ascending. */
struct set_pids {
	VEC(pid_t) pids;
};

void set_pids_done(struct set_pids *p);

/*
 * Adds the processes of G that are in namespaces of SET, of one of TYPES, to RET; its own, which
 * keep it, are none of them.
 */
void set_members(const struct nsset *set, const struct graph *g, unsigned types,
		 struct set_pids *ret);

/* The state of a SET that so many processes are in. */
enum set_state set_state(const struct nsset *set, size_t nmembers);
