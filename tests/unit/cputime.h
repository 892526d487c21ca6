/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a test's own work took. What else the machine does can only make that longer: work may be
 * tried TRIES times, and is fast enough if it is so once.
 */
#pragma once

#include <time.h>

#define TRIES 20

/* The processor time of this process, in seconds. */
static inline double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
