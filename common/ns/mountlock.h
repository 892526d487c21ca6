/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether mounts are locked against root of their user namespace. No table says so: a forked
 * child joins the namespaces, takes a copy of the mount namespace, which keeps all locks
 * (mount_namespaces(7)), and tries there; the copy goes with the child.
 */
#pragma once

#include "mountties.h"

/*
 * Tries the N mounts WHICH, indices of M, those of one mount namespace side by side. Sets RET[0..N):
 * LOCK_UNKNOWN where it could not be told, because the mount is hidden below another one, or the
 * caller may not join. G and PROC are what M was read from.
 */
void mountlock_try(const struct mounts *m, const struct graph *g, int proc, const size_t *which,
		   size_t n, enum mount_lock *ret);
