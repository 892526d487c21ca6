/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "str.h"

#include <errno.h>

char *str_room(struct str *s, size_t n)
{
	size_t need = s->len + n + 1;

	if (need > s->cap) {
		s->cap = MAX(need, s->cap ? 2 * s->cap : 32);
		s->s = xreallocarray(s->s, s->cap, 1);
	}
	return s->s + s->len;
}

void str_addn(struct str *s, const char *bytes, size_t n)
{
	char *room = str_room(s, n);

	if (n)
		memcpy(room, bytes, n);
	s->len += n;
	s->s[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
	str_addn(s, &c, 1);
}

void str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return;
	vsnprintf(str_room(s, (size_t)n), (size_t)n + 1, fmt, ap);
	s->len += (size_t)n;
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

void str_join(struct str *s, const char *separator, const char *text)
{
	if (s->len)
		str_add(s, separator);
	str_add(s, text);
}

const char *str_text(const struct str *s)
{
	return s->s ? s->s : "";
}

char *str_take(struct str *s)
{
	char *text = s->s ? s->s : xstrdup("");

	*s = (struct str){ 0 };
	return text;
}

void str_clear(struct str *s)
{
	s->len = 0;
	if (s->s)
		s->s[0] = '\0';
}

void str_done(struct str *s)
{
	int saved = errno;

	free(s->s);
	*s = (struct str){ 0 };
	errno = saved;
}

bool str_is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

const char *str_after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

char *str_part(const char **list)
{
	size_t n = strcspn(*list, ",");
	char *part = xstrndup(*list, n);

	*list = (*list)[n] ? *list + n + 1 : NULL;
	return part;
}
