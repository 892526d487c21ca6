/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Children of the shell: commands that change the process they run in, pipelines, commands of the
 * host. Somebody at a terminal gets job control: each job is a process group that has the terminal
 * while it runs, so that Ctrl-C and Ctrl-Z reach it and not the shell.
 */
#pragma once

#include "shell.h"

/* A part of a pipeline: a command of ours, a program of the host, or (without argv) the pager. */
struct part {
	const struct applet *applet; /* NULL: a program */
	int argc;
	char **argv; /* ended by NULL */
	bool paged;  /* the pager is the next part: what it gets will be on the terminal */
};

/*
 * Runs the N PARTS, the output of each the input of the next, that of the last going to OUTPUT
 * (a descriptor). TEXT says what it is when it stops.
 * Returns the status: that of the last part which failed, but a SIGPIPE is no failure of a
 * part whose reader has read enough. A part that a signal ended counts as 128 and the signal.
 */
int job_run(struct shell *sh, const struct part *parts, size_t n, int output, const char *text);

/* Lets the stopped job go on: that with INDEX, counted from 0. Returns its status. */
int job_continue(struct shell *sh, size_t index);

/* Takes the terminal, which somebody sits at, for the shell. */
void jobs_init(struct shell *sh);

/*
 * Whether the user may leave. Who has stopped jobs is told first that leaving ends them, and may
 * when asking again.
 */
bool jobs_may_leave(struct shell *sh);

/* Ends the jobs that are stopped, and gives the terminal back. */
void jobs_done(struct shell *sh);
