/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that keeps the namespaces of a set open where they cannot be bound: it has them as
 * descriptors, and nothing else, and waits to be killed.
 */
#pragma once

#include "registry_set.h"

/*
 * Starts it for WISH, whose set is being made in directory STAGING. It outlives the caller if the
 * set becomes whole, and ends if the caller ends before. Returns 0, or -errno with a sentence.
 */
int holder_start(const struct registry *r, int staging, const struct nsset_wish *wish,
		 struct setproc *ret, struct err *e);

/* Opens the descriptors of a holder: a directory, for holder_ns(). -ESRCH: it has ended. */
int holder_open(int proc, const struct setproc *holder);

/* Opens the namespace of TYPE that a holder has. Returns a descriptor or -errno. */
int holder_ns(int held, enum ns_type type);

/* The path of what holder_ns() opens; to be freed. */
char *holder_path(const struct setproc *holder, enum ns_type type);
