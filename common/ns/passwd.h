/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /etc/passwd and /etc/group, read as the plain files they are. The C library's functions would
 * load NSS modules, and inside a target those are the target's: its code would run with the
 * caller's privileges.
 */
#pragma once

#include "../base/err.h"

#include <sys/types.h>

/* The shell of UID in PATH, to be freed, or NULL if it has none. */
char *passwd_shell(const char *path, uid_t uid);

/*
 * The number of user (or, with a group file, group) NAME in PATH.
 * Returns 0, -ENOENT if there is none, or -errno.
 */
int passwd_id(const char *path, const char *name, unsigned *ret);
