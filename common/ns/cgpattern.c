/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgpattern.h"

#include "../base/util.h"

#include <ctype.h>

#define ID_DIGITS   64
#define HASH_DIGITS 32
#define UID_LEN	    36

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static size_t hex_run(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && is_hex(*p))
		p++;
	return (size_t)(p - s);
}

/*
 * A uid is a UUID, written with underscores where a dash means a level of slices, or the hash of
 * a static pod's manifest.
 */
static size_t uid_length(const char *s, const char *end)
{
	size_t n = hex_run(s, end);

	if (n == HASH_DIGITS)
		return n;
	if (end - s < UID_LEN)
		return 0;
	for (size_t i = 0; i < UID_LEN; i++) {
		bool separator = i == 8 || i == 13 || i == 18 || i == 23;

		if (separator ? s[i] != '-' && s[i] != '_' : !is_hex(s[i]))
			return 0;
	}
	return UID_LEN;
}

static size_t qos_length(const char *s, const char *end)
{
	static const char *const classes[] = { "besteffort-", "burstable-" };

	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		size_t n = strlen(classes[i]);

		if ((size_t)(end - s) >= n && memcmp(s, classes[i], n) == 0)
			return n;
	}
	return 0;
}

/* Moves *S behind what the class C of fixed extent stands for. Returns false if it is not there. */
static bool skip_class(char c, const char **s, const char *end)
{
	size_t n = 0;

	if (c == 'h')
		n = hex_run(*s, end) == ID_DIGITS ? ID_DIGITS : 0;
	else if (c == 'u')
		n = uid_length(*s, end);
	else if (c == 'q')
		n = qos_length(*s, end);
	else
		while (*s + n < end && isdigit((unsigned char)(*s)[n]))
			n++;
	*s += n;
	return n > 0 || c == 'q';
}

static void set_mark(struct marks *m, char mark, const char *s)
{
	if (mark == '(')
		m->id.s = s;
	else if (mark == ')')
		m->id.end = s;
	else if (mark == '<')
		m->pod.s = s;
	else
		m->pod.end = s;
}

/* How many bytes the rest of a pattern covers if it is literal, else -1. */
static ptrdiff_t literal_length(const char *pattern)
{
	ptrdiff_t n = 0;

	for (; *pattern; pattern++) {
		if (*pattern == '%')
			return -1;
		n += *pattern != '(' && *pattern != ')';
	}
	return n;
}

bool cgpattern_match(const char *pattern, const char *s, const char *end, struct marks *m)
{
	const char *start;
	ptrdiff_t tail;
	char class;

	for (; *pattern && *pattern != '%'; pattern++) {
		if (strchr("()<>", *pattern))
			set_mark(m, *pattern, s);
		else if (s == end || *s++ != *pattern)
			return false;
	}
	if (!*pattern)
		return s == end;
	class = pattern[1];
	pattern += 2;
	if (strchr("huqd", class))
		return skip_class(class, &s, end) && cgpattern_match(pattern, s, end, m);

	/* A run: the shortest that fits, or the only one whose rest has the right length. */
	start = s;
	tail = literal_length(pattern);
	if (tail >= 0)
		s = end - s > tail ? end - tail : s;
	for (;; s++) {
		if ((s > start || class == 's') && cgpattern_match(pattern, s, end, m))
			return true;
		if (s == end)
			return false;
	}
}

bool cgpattern_is_id(const char *s)
{
	size_t n = strlen(s);

	return n == ID_DIGITS && hex_run(s, s + n) == n;
}
