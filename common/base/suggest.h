/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "did you mean …": the nearest of some words to a mistyped one. */
#pragma once

#include <stddef.h>

/*
 * How many single-letter insertions, deletions, replacements and swaps of neighbours turn A into
 * B (optimal string alignment distance). Capitals count as small letters. Words over 63 letters
 * are infinitely far apart.
 */
size_t suggest_distance(const char *a, const char *b);

/* Keeps the nearest word seen so far; start with { .word = mistyped }. */
struct suggestion {
	const char *word;
	const char *nearest; /* NULL while nothing is near enough */
	size_t distance;
};

/* Considers CANDIDATE: near enough is at most a third of the mistyped word's letters, or a prefix. */
void suggest_consider(struct suggestion *s, const char *candidate);
