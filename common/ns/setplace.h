/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where and when a set was made. What is written down of it outlives, where /run is on a disk, the
 * machine's start, and is read in other namespaces: its numbers do not mean the same everywhere.
 */
#pragma once

#include "setinfo.h"

#include <stdbool.h>

/* Notes the caller's place in INFO. PROC is a descriptor of /proc. */
void setplace_note(int proc, struct setinfo *info);

/*
 * Forgets what INFO has of an earlier start of the machine: its processes and ids may be others'
 * by now.
 */
void setplace_forget_past(int proc, struct setinfo *info);

/* Whether pids are, where INFO was written, what they are here. */
bool setplace_has_our_pids(int proc, const struct setinfo *info);
