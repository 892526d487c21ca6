/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only the inside of a namespace tells. */
#pragma once

#include "../../common/base/str.h"
#include "shell.h"

/*
 * Adds lines to RET that namespace NS tells of itself: interfaces and addresses, a host name, the
 * number of mounts, offsets of clocks. A child joins it; the shell does not. Returns 0 (also if
 * there is nothing to be told of that type), or -errno with a sentence.
 */
int inside_tell(struct shell *sh, uint32_t ns, struct str *ret, struct err *e);

/*
 * The pid that process PID has in its own pid namespace. 0: it has gone, or /proc is that of a pid
 * namespace below it.
 */
pid_t inside_pid(const struct shell *sh, pid_t pid);
