/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User namespaces that nobody is in, to be entered later or for their id maps alone; their maps. */
#pragma once

#include "idmap.h"

/*
 * Makes a child of the caller's user namespace with MAPS, written as PLAN says: by a short-lived
 * process in it, by the caller, or by newuidmap(1). PROC is a descriptor of /proc. Returns a
 * descriptor (O_CLOEXEC), or -errno with a sentence; no process is left.
 */
int userns_make(int proc, const struct idmap maps[ID_NKINDS], const struct idmap_plan *plan,
		struct err *e);

/*
 * Reads the maps of user namespace NS, as the caller's own numbers the ids outside; who has no
 * privilege over it cannot. Returns 0, or -errno with a sentence; -ENODATA: it has none so far.
 */
int userns_maps(int proc, int ns, struct idmap maps[ID_NKINDS], struct err *e);
