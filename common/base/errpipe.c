/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errpipe.h"

#include "fd.h"

#include <errno.h>

/* On the wire: this, then the sentence and the hints, without NUL. */
struct message {
	int status, code;
	unsigned ntext, nhint;
};

static unsigned length(const char *s)
{
	size_t n = s ? strlen(s) : 0;

	return (unsigned)MIN(n, ERRPIPE_MAX / 2);
}

int errpipe_write(int fd, int status, const struct err *e)
{
	struct message m = { status, e->code, length(e->text), length(e->hint) };
	auto_str struct str bytes = { 0 };

	str_addn(&bytes, (const char *)&m, sizeof(m));
	str_addn(&bytes, e->text ? e->text : "", m.ntext);
	str_addn(&bytes, e->hint ? e->hint : "", m.nhint);
	return fd_write_all(fd, bytes.s, bytes.len);
}

int errpipe_read(int fd, int *status, struct err *e)
{
	auto_str struct str bytes = { 0 };
	struct message m;
	const char *p;
	int r = fd_read_all(fd, sizeof(m) + ERRPIPE_MAX + 1, &bytes);

	if (r < 0)
		return r;
	if (bytes.len == 0)
		return 0;
	if (bytes.len < sizeof(m))
		return -EBADMSG;
	memcpy(&m, bytes.s, sizeof(m));
	if (m.ntext > ERRPIPE_MAX || m.nhint > ERRPIPE_MAX ||
	    bytes.len != sizeof(m) + m.ntext + m.nhint)
		return -EBADMSG;
	p = bytes.s + sizeof(m);
	err_say(e, m.code, "%.*s", (int)m.ntext, p);
	if (m.nhint)
		err_hint(e, "%.*s", (int)m.nhint, p + m.ntext);
	*status = m.status;
	return 1;
}
