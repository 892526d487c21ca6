/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POSIX extended regular expressions whose cost is bounded. glibc's regcomp(3) copies what is
 * repeated, so that a line of nested {255} takes all memory; it needs exponential time for loops
 * that may go round without reading a character, as in ^((a*)+)+, and so does matching
 * back-references. Such patterns are refused.
 */
#pragma once

#include "err.h"

#include <regex.h>
#include <stdbool.h>

/* How large the patterns that share one budget may be, in characters, repetitions written out. */
#define PATTERN_BUDGET 1000

/*
 * Compiles TEXT into RET (then to be freed by regfree(3)) and takes its size from *BUDGET.
 * Returns 0, or -EINVAL with a sentence that says why TEXT is refused.
 */
int pattern_compile(const char *text, size_t *budget, regex_t *ret, struct err *e);

/* Whether PATTERN matches somewhere in TEXT. */
bool pattern_match(const regex_t *pattern, const char *text);
