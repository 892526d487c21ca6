/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growable string. `struct str s = { 0 };` is the empty one; text() never gives NULL.
 * The bytes may contain NUL; the byte after the last is always NUL once something was added.
 */
#pragma once

#include "util.h"

#include <stdarg.h>
#include <stdbool.h>

struct str {
	char *s;
	size_t len, cap;
};

/* Releases the string when it leaves its scope. */
#define auto_str auto_call(str_done)

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *bytes, size_t n);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) FORMAT_PRINTF(2, 3);
void str_vaddf(struct str *s, const char *fmt, va_list ap) FORMAT_PRINTF(2, 0);

/* Adds SEPARATOR unless the string is empty, then TEXT: "a", "a,b", "a,b,c". */
void str_join(struct str *s, const char *separator, const char *text);

/* Makes room for N more bytes and returns where they go; the caller then raises len. */
char *str_room(struct str *s, size_t n);

const char *str_text(const struct str *s);

/* Gives the text away (to be freed by the caller) and leaves the empty string behind. */
char *str_take(struct str *s);
void str_clear(struct str *s);
void str_done(struct str *s);

bool str_is(const char *a, const char *b);

/* The text behind PREFIX in S, or NULL if S does not begin with it. */
const char *str_after(const char *s, const char *prefix);

/*
 * The next part of *LIST, whose parts commas separate, to be freed; moves *LIST behind it, to NULL
 * after the last one.
 */
char *str_part(const char **list);
