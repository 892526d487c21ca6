/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A failure on its way from a child to its parent: the child writes, the parent reads when the
 * child has ended, and prints as if the failure had been its own.
 */
#pragma once

#include "err.h"

/* Longer ones are cut: what is written fits into any pipe, so that the writer never waits. */
#define ERRPIPE_MAX 3000

/* Writes E and the exit status that goes with it. Returns 0 or -errno. */
int errpipe_write(int fd, int status, const struct err *e);

/*
 * Reads what errpipe_write() wrote, to the end of the pipe. Returns 1 with *STATUS and E set,
 * 0 if nothing was written, -EBADMSG if it is something else, or -errno.
 */
int errpipe_read(int fd, int *status, struct err *e);
