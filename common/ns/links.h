/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Network interfaces that move into a new network namespace, all of them or none. */
#pragma once

#include "../base/err.h"

/* Who moves them has stayed outside, in the namespace where they are. */
struct links {
	const char *const *names;
	size_t n;
	size_t moved; /* so many of them are over there */
	int home, ns; /* descriptors of both namespaces, held since; -EBADF: none */
};

/*
 * Moves them into the network namespace of SELF, a /proc/PID directory. PROC is /proc. Returns
 * 0, or -errno with E set and all of them at home.
 */
int links_move(struct links *l, int proc, int self, struct err *e);

/* Brings home those that are there still. They stay down and without addresses. */
void links_return(struct links *l);
