/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POSIX extended regular expressions whose cost is bounded: regcomp(3) copies what is repeated, so
 * that a line of nested {255} takes all memory, and matching back-references takes exponential
 * time.
 */
#pragma once

#include "err.h"

#include <regex.h>
#include <stdbool.h>

/*
 * How many copies of single characters and classes the patterns that share one budget may grow to.
 */
#define PATTERN_BUDGET 1000

/*
 * Compiles TEXT into RET (then to be freed by regfree(3)) and takes its size from *BUDGET.
 * Returns 0, or -EINVAL with a sentence that says why TEXT is refused.
 */
int pattern_compile(const char *text, size_t *budget, regex_t *ret, struct err *e);

/* Whether PATTERN matches somewhere in TEXT. */
bool pattern_match(const regex_t *pattern, const char *text);
