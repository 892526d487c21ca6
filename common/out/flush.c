/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flush.h"

#include <errno.h>
#include <stdbool.h>

int out_flush(FILE *out, struct err *e)
{
	bool failed = ferror(out);
	int code;

	errno = 0;
	if (fflush(out) == 0 && !failed)
		return 0;
	code = errno ? -errno : -EIO;
	clearerr(out);
	return err_set(e, code, "cannot write the output");
}
