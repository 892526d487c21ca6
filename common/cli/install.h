/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `nstool --list` and `nstool --install [-s] DIR`: the names that nstool answers to. */
#pragma once

#include "applet.h"

/* Prints each name, one a line: the applets in table order, each followed by its aliases. */
void install_list(const struct ctx *ctx);

/*
 * Makes a hard link (SYMBOLIC: a symlink) to this program in DIR for each of the names. What
 * stands in DIR already is left alone and said on stderr.
 * Returns 0, or a -errno with E set; then none of the links remains that this call had made.
 */
int install_links(const struct ctx *ctx, const char *dir, bool symbolic, struct err *e);
