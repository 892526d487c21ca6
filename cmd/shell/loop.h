/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads commands and runs them: from a string, a file, or whoever types. */
#pragma once

#include "shell.h"

/*
 * Runs the lines of TEXT, which came from NAME at line FIRST (NULL: they were typed). Unless
 * somebody is at the terminal or failures are to be passed over, the first failure ends it.
 * Returns the status of the last command, or of the last that failed if failures are passed over.
 */
int loop_text(struct shell *sh, const char *text, const char *name, unsigned first);

/* Reads IN, called NAME, to its end and runs it. */
int loop_file(struct shell *sh, FILE *in, const char *name);

/* The same for the file PATH. Returns a status, or -errno with a sentence if it cannot be read. */
int loop_path(struct shell *sh, const char *path, struct err *e);

/* Whether TEXT can be an alias: one command, perhaps with pipes. Returns 0, or -EINVAL with a sentence. */
int loop_check_alias(const char *text, struct err *e);
