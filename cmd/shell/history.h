/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was typed, kept across sessions in $XDG_STATE_HOME/nstool/history. */
#pragma once

#include "shell.h"

/* DIR/nstool/NAME, where DIR is the value of the variable VAR or ~/REST; to be freed. NULL: no home. */
char *history_path(const char *var, const char *rest, const char *name);

/* Reads the file PATH (NULL, or missing: nothing). */
void history_load(struct shell *sh, const char *path);

/*
 * Takes LINE in, and writes it behind what is in PATH, for the user's eyes only. Lines that begin
 * with a blank are left out, and what was typed before is there once: where it was typed last.
 * Returns how many of the former entries it dropped; -1: it was left out itself.
 */
int history_add(struct shell *sh, const char *path, const char *line);
