/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to a finished applet: finds it, parses, runs, prints the failure, gives the status. */
#pragma once

#include "applet.h"

/* Prints the failure E of A (NULL: of no applet) and its hints, as ctx says it. */
void dispatch_complain(const struct ctx *ctx, const struct applet *a, const struct err *e);

/*
 * Runs A with the words behind ARGV[0]. NAME is how the user called it ("nstool list", "lsns").
 * Returns the exit status.
 */
int dispatch_applet(struct ctx *ctx, const struct applet *a, const char *name, int argc,
		    char **argv);

/*
 * Runs the program: as an applet if ARGV[0] is an applet's name, else as "nstool …".
 * Flushes ctx->out and checks it: what could not be written is a failure. Returns the status,
 * to be handed to supervise_leave().
 */
int dispatch_main(struct ctx *ctx, int argc, char **argv);
