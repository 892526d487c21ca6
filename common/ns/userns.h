/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user namespace that nobody is in: to be entered later, or for its id maps alone. */
#pragma once

#include "idmap.h"

/*
 * Makes a child of the caller's user namespace with MAPS, written as PLAN says: by a short-lived
 * process in it, by the caller, or by newuidmap(1). PROC is a descriptor of /proc. Returns a
 * descriptor (O_CLOEXEC), or -errno with a sentence; no process is left.
 */
int userns_make(int proc, const struct idmap maps[ID_NKINDS], const struct idmap_plan *plan,
		struct err *e);
