/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word or two by which a user knows what a number stands for. */
#pragma once

#include "shell.h"

/* Adds the command of PID in a word: the last part of a path, else the first word; escaped. */
void caption_process(struct shell *sh, pid_t pid, struct str *ret);

/*
 * Adds what who looks for it calls NS: "initial", its names, its container, else the command of its
 * first process; escaped. Nothing if there is nothing.
 */
void caption_ns(struct shell *sh, uint32_t ns, struct str *ret);
