/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what an event shall tell of a task while that is there: it may be gone a moment later. */
#pragma once

#include "events.h"

/*
 * Reads what WANTED, as events_wants() has it, asks for of H's task, through PROC, a descriptor of
 * /proc. Returns it, to be freed by seen_free(); what cannot be read is left out.
 */
struct seen *seen_read(int proc, const struct happening *h, unsigned wanted);

/* Fills in what WHO lacks, of a process that is still there. */
void seen_who(int proc, struct who *who);

/* Whether task TID runs, and is not just ending. If so, and COMM is not NULL, its name is written there. */
bool seen_lives(int proc, pid_t tid, char comm[16]);
