/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last step: from a command's name to its program. */
#pragma once

#include "../base/err.h"

#include <stdbool.h>

struct exec_guard;

/*
 * Executes ARGV, looked for in the PATH of ENV (NULL: our environment) if its name has no slash.
 * Without a command: $SHELL of ENV if it can be executed here, else the shell of the user in
 * /etc/passwd, else /bin/sh; as a LOGIN shell if wanted. GUARD (exec_guard.h) may be NULL: the
 * files are the caller's own.
 * Returns only on failure: RUN_NOT_FOUND (127) or RUN_NOT_RUNNABLE (126) with E set.
 */
int exec_command(char *const *argv, char *const *env, bool login, const struct exec_guard *guard,
		 struct err *e);
