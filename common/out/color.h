/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether to use colours. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/*
 * OUT is a terminal that has colours (TERM is set and not "dumb"), or will be shown on one
 * (CLICOLOR_FORCE is set, not empty and not 0; see bixense.com/clicolors), and the user did not ask for
 * none (NO_COLOR set and not empty; see no-color.org).
 */
bool out_wants_color(FILE *out);
