/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last step: from a command's name to its program. */
#pragma once

#include "../base/err.h"

#include <stdbool.h>

/*
 * Executes ARGV, looked for in the PATH of ENV (NULL: our environment) if its name has no slash.
 * Without a command: $SHELL of ENV if it can be executed here, else the shell of the user in
 * /etc/passwd, else /bin/sh; as a LOGIN shell if wanted.
 * Returns only on failure: RUN_NOT_FOUND (127) or RUN_NOT_RUNNABLE (126) with E set.
 */
int exec_command(char *const *argv, char *const *env, bool login, struct err *e);
