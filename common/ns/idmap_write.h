/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing the maps of a user namespace (user_namespaces(7)). */
#pragma once

#include "idmap.h"

/*
 * SELF is the /proc/PID directory of a process in the new namespace. Each returns 0, or -errno
 * with the sentence in E.
 */

/* Writes "allow" or "deny", which counts for the namespace from then on. */
int idmap_write_setgroups(int self, bool deny, struct err *e);

/* Writes a map by this process's own right: its privilege outside, or its own single id. */
int idmap_write(int self, enum id_kind kind, const struct idmap *m, struct err *e);

/*
 * Has newuidmap(1) or newgidmap(1) write it for process PID (as /proc numbers it). What they say
 * becomes part of the sentence.
 */
int idmap_write_by_helper(const char *pid, enum id_kind kind, const struct idmap *m, struct err *e);
