/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at a place, by its names alone. */
#pragma once

#include "place.h"

#include <stdio.h>

/*
 * Prints the names of STEPS, with COLOR each namespace in that of its type: side by side as ls(1)
 * has them if OUT is a terminal, else a line each.
 */
void names_print(FILE *out, const struct steps *steps, bool color);
