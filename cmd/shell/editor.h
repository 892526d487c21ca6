/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that somebody types: GNU readline, which is loaded when it is needed. */
#pragma once

#include "shell.h"

#define auto_editor auto_call(editor_free)

/* Returns 0, or -ENOENT with a sentence and a hint if readline is not installed. */
int editor_new(struct shell *sh, struct editor **ret, struct err *e);

/*
 * Reads a line, to be freed, behind PROMPT. Ctrl-C drops what was typed and the line is read anew.
 * While nothing is typed the machine may be looked at. Returns NULL at Ctrl-D, with *SIGNAL 0, or
 * with the number of the signal that ends the shell: SIGHUP also if the terminal has gone.
 */
char *editor_read(struct editor *ed, const char *prompt, int *signal);

/* What the arrow keys bring back. */
void editor_remember(struct editor *ed, const char *line);

/* Forgets all that is remembered. */
void editor_forget(struct editor *ed);

void editor_free(struct editor **ed);
