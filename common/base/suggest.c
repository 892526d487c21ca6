/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suggest.h"

#include "str.h"

#include <stdint.h>
#include <strings.h>

#define LONGEST 63

static size_t min3(size_t a, size_t b, size_t c)
{
	return MIN(a, MIN(b, c));
}

/* ASCII, whatever the locale. */
static bool is_same(char a, char b)
{
	char lower_a = a >= 'A' && a <= 'Z' ? (char)(a | 0x20) : a;
	char lower_b = b >= 'A' && b <= 'Z' ? (char)(b | 0x20) : b;

	return lower_a == lower_b;
}

size_t suggest_distance(const char *a, const char *b)
{
	size_t row[3][LONGEST + 1] = { 0 };
	size_t na = strlen(a), nb = strlen(b);

	if (na > LONGEST || nb > LONGEST)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *now = row[i % 3];
		const size_t *last = row[(i - 1) % 3], *before = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t replaced = last[j - 1] + !is_same(a[i - 1], b[j - 1]);

			now[j] = min3(last[j] + 1, now[j - 1] + 1, replaced);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				now[j] = MIN(now[j], before[j - 2] + 1);
		}
	}
	return row[na % 3][nb];
}

void suggest_consider(struct suggestion *s, const char *candidate)
{
	size_t len = strlen(s->word);
	size_t distance = suggest_distance(s->word, candidate);

	if (len >= 2 && !strncasecmp(candidate, s->word, len))
		distance = 1;
	if (distance > MAX(len / 3, 1))
		return;
	if (!s->nearest || distance < s->distance) {
		s->nearest = candidate;
		s->distance = distance;
	}
}
