/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions that this program does without. The C library's headers that declare them come
 * first, so that only calls of ours stop the build.
 *
 * strcpy, strcat, sprintf, vsprintf, gets: no bound.     strtok: hidden state.
 * atoi, atol, strtol and kin: numbers go through num.h.  system, popen, wordexp: a shell.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Macros under _FORTIFY_SOURCE when the compiler is clang. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf strtok strtok_r
#pragma GCC poison atoi atol atoll strtol strtoul strtoll
#pragma GCC poison system popen wordexp
