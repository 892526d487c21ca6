/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One failure on its way up: a code, a sentence, perhaps hints. Nothing here prints; the roof
 * prints once: "nstool: APPLET: TEXT", then a line "hint: …" for each hint.
 *
 *	return err_set(e, -errno, "cannot open %s", quoted);      "cannot open '/x': No such file…"
 *	return err_say(e, -EINVAL, "'%s' is not a number", …);     the sentence says it all
 *	err_wrap(e, "cannot read the mount table");                "cannot read …: cannot open …"
 *	err_hint(e, "mount /proc first");
 *
 * Every function takes e == NULL: the caller wants only the code. Those that are given the code
 * return it, so that they can stand in a return. Text put into %s must be escaped (escape.h) if a stranger wrote it.
 */
#pragma once

#include "util.h"

struct err {
	int code;   /* -errno, 0 while nothing failed */
	char *text; /* the sentence, without "nstool:" and without a full stop */
	char *hint; /* cause and remedy, lines separated by \n, or NULL */
};

#define auto_err auto_call(err_done)

/* Sets the sentence followed by ": strerror(-code)". A former failure is dropped. */
int err_set(struct err *e, int code, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* Sets the sentence as it is. */
int err_say(struct err *e, int code, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* Puts "…: " before the sentence. */
void err_wrap(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* Adds a hint line. */
void err_hint(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

#if defined(__clang_analyzer__) && !defined(ERR_IMPLEMENTATION)
/* Codes are negative: clang's analyzer, which does not see err.c, may rely on it. */
static inline int err_negative(int code)
{
	if (code >= 0)
		__builtin_unreachable();
	return code;
}
#define err_set(...) err_negative(err_set(__VA_ARGS__))
#define err_say(...) err_negative(err_say(__VA_ARGS__))
#endif

/* Forgets the failure; e can be used again. */
void err_done(struct err *e);
