/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of --help, made from the applet tables. No line is wider than 80 columns. */
#pragma once

#include "applet.h"

/* "list [options] [REF...]": NAME is the name the applet was called by. */
void help_usage(FILE *out, const struct applet *a, const char *name);

/* Usage, summary, options: what --help prints. */
void help_applet(FILE *out, const struct applet *a, const char *name);

/* "-t, --type TYPES", as help and manual show an option; to be freed. */
char *help_option(const struct opt *o);

/* What nstool is and which applets it has. */
void help_overview(const struct ctx *ctx);
