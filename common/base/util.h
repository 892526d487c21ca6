/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few words of C that every file uses: array length, scoped ownership, allocation.
 * Allocation never returns NULL: a machine without memory ends the program on the spot.
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>

#include "banned.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)    ((a) < (b) ? (a) : (b))
#define MAX(a, b)    ((a) > (b) ? (a) : (b))

#define FORMAT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Runs FN(&variable) when the variable leaves its scope. */
#define auto_call(fn) __attribute__((cleanup(fn)))

/* Frees the pointer when it leaves its scope; NULL is fine. */
#define auto_free auto_call(cleanup_free)

/* Gives a pointer away: yields it and leaves NULL behind, so that auto_free lets it go. */
#define take_ptr(pp)                                                                               \
	({                                                                                         \
		__typeof__(*(pp)) taken_ = *(pp);                                                  \
		*(pp) = NULL;                                                                      \
		taken_;                                                                            \
	})

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) FORMAT_PRINTF(1, 2);

void cleanup_free(void *pp);
