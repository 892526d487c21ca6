/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers out of text: the whole text, decimal digits only, within bounds, or an error. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/*
 * Parses TEXT as an unsigned decimal number of MIN..MAX. No sign, space or trailing text.
 * Returns 0, -EINVAL if it is no number, -ERANGE if it is out of bounds.
 */
int num_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret);

/* Parses a process or thread id, 1..INT_MAX. Returns 0, -EINVAL or -ERANGE. */
int num_pid(const char *text, pid_t *ret);

/* Reads the digits at the head of *TEXT and moves *TEXT behind them. -EINVAL if there are none. */
int num_prefix(const char **text, uint64_t *ret);
