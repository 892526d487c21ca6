/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns words into an applet's options struct: getopt_long(3), driven by the applet's table. */
#pragma once

#include "applet.h"

/* What an argument list asked for. */
enum options_result { OPTIONS_RUN = 0, OPTIONS_HELP = 1, OPTIONS_VERSION = 2 };

/*
 * Parses ARGV (ARGV[0] is a name and is skipped) into OPTS, a zeroed struct of a->opts_size
 * bytes, and sets *OPERANDS to the index of the first operand; ARGV is permuted so that all
 * operands stand at its end. Can be called again. Returns one of enum options_result, or -EINVAL
 * with a sentence, and for a mistyped option the nearest name ("did you mean …").
 */
int options_parse(const struct applet *a, int argc, char **argv, void *opts, int *operands,
		  struct err *e);
