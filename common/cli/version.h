/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --version says. */
#pragma once

#include <stdio.h>

#define NSTOOL_VERSION "0.1.0"

/*
 * Prints version and licence, and what is found on this machine when it is asked: calls of the
 * kernel that nstool can do without ("refused": they may be there, but not for this caller), and
 * the libraries that it loads when it first needs them.
 */
void version_print(FILE *out);
