/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How what was a set is taken apart; for the files of registry.h alone. */
#pragma once

#include "registry.h"

#define STAGING_NEW  ".new."  /* names of sets that are being made … */
#define STAGING_OLD  ".old."  /* … or taken apart, and a number */
#define STAGING_TELL ".tell." /* a set whose processes are to be told its name, and that name */

/*
 * Takes the set directory called NAME apart, whatever state it is in: unbinds and removes, ends its
 * processes, unless another set has them too. Nothing is followed on the way, so that nobody can
 * have it touch anything else. Returns 0, or -errno with a sentence; then a part is left, or, if
 * *BEGUN (which may be NULL) does not become true, all of it.
 */
int registry_destroy(const struct registry *r, const char *name, bool *begun, struct err *e);

/* The same for all that interrupted commands left; what cannot be removed stays. */
void registry_sweep(const struct registry *r);

/*
 * A set is about to have the name TO: its processes are to be told, by us or, should we be killed,
 * by whoever sweeps. registry_tell() tells them, if there is such a set by then.
 */
int registry_tell_later(const struct registry *r, const char *to, struct err *e);
void registry_tell(const struct registry *r, const char *to);

/* Unbinds all that is mounted at NAME below DIR and removes the file. Returns 0 or -errno. */
int registry_unbind(int dir, const char *name);
