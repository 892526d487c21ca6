/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command on a terminal of its own. It cannot type into the caller's (TIOCSTI) nor change its
 * modes; what is typed and shown is passed on by the caller's process, which stays outside of all
 * namespaces:
 *
 *	caller's terminal — relay (outside) — pty — monitor (session leader) — command
 *
 * The monitor is the command's honest parent and the relay is the monitor's: stopping, signals
 * and statuses come through both.
 */
#pragma once

#include "run.h"

/* Where what the terminal shows is written too. */
struct relay_log {
	int fd;
	const char *name; /* for the message; not escaped */
};

/*
 * Runs RUN like run_command(), with those of descriptors 0 to 2 that are terminals replaced by a
 * new one, or all three if ALL. The hooks that belong to the parent run in the monitor, inside.
 * LOG can be NULL; what becomes of it does not change what is returned, but E is set if a part of
 * it could not be written.
 */
int relay_command(const struct run *run, bool all, const struct relay_log *log, struct err *e);

/* Whether one of descriptors 0 to 2 is a terminal. */
bool relay_has_terminal(void);
