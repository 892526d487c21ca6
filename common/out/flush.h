/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether all that was written has arrived. */
#pragma once

#include "../base/err.h"

#include <stdio.h>

/*
 * Flushes OUT, to be called as soon as all is written: what does not fit the buffer went out before,
 * and why that failed is known from errno alone. Returns 0, or -errno with the sentence in E if this or
 * any earlier write to OUT failed. The failure is then the caller's to report: OUT forgets it.
 */
int out_flush(FILE *out, struct err *e);

/* Writes N bytes and flushes OUT. Returns as out_flush() does. */
int out_write(FILE *out, const char *bytes, size_t n, struct err *e);
