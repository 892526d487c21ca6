/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process written down so that it can be found again, and never mistaken for a later one with
 * the same pid. PROC is a descriptor of /proc, by whose numbers pids go.
 */
#pragma once

#include "setinfo.h"

/* Writes down process PID: its pidfd's inode (Linux 6.9) or its start time. 0 or -errno. */
int procbirth_of(int proc, pid_t pid, struct setproc *ret);

/*
 * Holds the process that P tells of. Returns a pidfd (O_CLOEXEC); -ESRCH if it has ended, or why
 * that cannot be told: -EMFILE … The process lives, or is a zombie, as long as no error is returned.
 */
int procbirth_hold(int proc, const struct setproc *p);

/* Whether procbirth_kill() may: 0, also if it has ended, or -EPERM. */
int procbirth_may_kill(int proc, const struct setproc *p);

/*
 * Ends it with SIGKILL and waits until it is gone. Nothing happens if it is gone already. Returns
 * 0, or -EPERM if the caller may not.
 */
int procbirth_kill(int proc, const struct setproc *p);
