/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the caller's root directory is not that of its mount namespace, so that the kernel lets
 * it make and join no user namespace. It tells nobody, but three signs show it: the root is not a
 * mount's root; the namespace has mounts that are not below it (Linux 6.12); who joins the
 * namespace anew finds itself elsewhere (with CAP_SYS_ADMIN and CAP_SYS_CHROOT).
 */
#pragma once

#include <stdbool.h>

/* PROC is /proc. False if no sign can be seen. */
bool is_chrooted(int proc);
