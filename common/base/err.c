/* SPDX-License-Identifier: GPL-3.0-or-later */
#define ERR_IMPLEMENTATION
#include "err.h"

#include "str.h"

#include <errno.h>

static void replace(struct err *e, int code, struct str *text)
{
	err_done(e);
	e->code = code;
	e->text = str_take(text);
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	if (!e)
		return code;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	str_addf(&text, ": %s", strerror(-code));
	replace(e, code, &text);
	return code;
}

int err_say(struct err *e, int code, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	if (!e)
		return code;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	replace(e, code, &text);
	return code;
}

void err_wrap(struct err *e, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	if (e->text)
		str_addf(&text, ": %s", e->text);
	free(e->text);
	e->text = str_take(&text);
}

void err_hint(struct err *e, const char *fmt, ...)
{
	struct str hint = { 0 };
	va_list ap;

	if (!e)
		return;
	if (e->hint)
		str_addf(&hint, "%s\n", e->hint);
	va_start(ap, fmt);
	str_vaddf(&hint, fmt, ap);
	va_end(ap);
	free(e->hint);
	e->hint = str_take(&hint);
}

void err_done(struct err *e)
{
	int saved = errno;

	free(e->text);
	free(e->hint);
	*e = (struct err){ 0 };
	errno = saved;
}
