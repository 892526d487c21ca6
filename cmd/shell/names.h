/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at a place, by its names alone. */
#pragma once

#include "shell.h"

/*
 * Prints the names of STEPS, with COLOR each namespace in that of its type: side by side as ls(1)
 * has them, each with its caption, if OUT is a terminal; else a line each.
 */
void names_print(struct shell *sh, FILE *out, const struct steps *steps, bool color);
