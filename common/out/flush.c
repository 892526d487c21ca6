/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flush.h"

#include <errno.h>
#include <stdbool.h>

static int write_failed(FILE *out, struct err *e)
{
	int code = errno ? -errno : -EIO;

	clearerr(out);
	return err_set(e, code, "cannot write the output");
}

int out_flush(FILE *out, struct err *e)
{
	bool failed = ferror(out);
	int why =
		errno; /* of the write that failed, where one did: the caller has only written since */

	errno = 0;
	if (fflush(out) == 0 && !failed)
		return 0;
	if (!errno)
		errno = why;
	return write_failed(out, e);
}

int out_write(FILE *out, const char *bytes, size_t n, struct err *e)
{
	errno = 0;
	if (fwrite(bytes, 1, n, out) == n)
		return out_flush(out, e);
	return write_failed(out, e);
}
