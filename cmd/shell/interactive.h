/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody sits at a terminal: prompt, history, the file that is read at the start. */
#pragma once

#include "shell.h"

/* Reads and runs lines until the user leaves. Returns the last status, or -errno with a sentence. */
int interactive_run(struct shell *sh, struct err *e);

/* What stands before the line: where the user is, shortened, and the last status if not 0; to be freed. */
char *interactive_prompt(const struct shell *sh, bool color);
