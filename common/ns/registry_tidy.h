/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How what was a set is taken apart; for the files of registry.h alone. */
#pragma once

#include "registry.h"

#define STAGING_NEW ".new." /* names of sets that are being made … */
#define STAGING_OLD ".old." /* … or taken apart, and a number */

/*
 * Takes the set directory called NAME apart, whatever state it is in: ends its processes, unless
 * another set has them too, unbinds and removes. Nothing is followed on the way, so that nobody
 * can have it touch anything else. Returns 0, or -errno with a sentence; then a part is left.
 */
int registry_destroy(const struct registry *r, const char *name, struct err *e);

/* The same for all that interrupted commands left; what cannot be removed stays. */
void registry_sweep(const struct registry *r);

/* Unbinds all that is mounted at NAME below DIR and removes the file. Returns 0 or -errno. */
int registry_unbind(int dir, const char *name);
