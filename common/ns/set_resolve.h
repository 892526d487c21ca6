/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "@NAME" as a reference (ref.h): from the name of a set to its namespaces. */
#pragma once

#include "registry_set.h"
#include "target.h"

/*
 * Makes T (TARGET_NONE, but for its label) the namespaces of set NAME of the caller's registry.
 * Returns 0, or with a sentence what registry_load() says; -ESTALE: namespaces are missing.
 */
int set_resolve(int proc, const char *name, struct target *t, struct err *e);

/*
 * Returns 0 if SET has all the namespaces of TYPES that are written down of it, else -ESTALE with a
 * sentence.
 */
int set_check_whole(const struct registry *r, const struct nsset *set, unsigned types,
		    struct err *e);

/*
 * Returns 0 unless the pid namespace of T, which has been opened and outlives its processes, has
 * lost its init; -ESRCH then, with a sentence.
 */
int set_check_enterable(const struct target *t, struct err *e);
