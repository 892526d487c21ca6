/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "duration.h"

#include "num.h"
#include "str.h"

#include <errno.h>

#define NSEC_PER_SEC INT64_C(1000000000)
#define MAX_SEC	     (INT64_C(100000) * 366 * 86400)

/* The type in which a hundred thousand years of nanoseconds have room. */
typedef __int128 nanoseconds;

/* Longer names first where one begins like another. */
static const struct {
	const char *name;
	int64_t nsec;
} units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", NSEC_PER_SEC },
	{ "m", 60 * NSEC_PER_SEC },
	{ "h", 3600 * NSEC_PER_SEC },
	{ "d", 86400 * NSEC_PER_SEC },
	{ "w", 7L * 86400 * NSEC_PER_SEC },
};

/* The unit at the head of *TEXT, which moves behind it; seconds at the end of the text; else 0. */
static int64_t parse_unit(const char **text)
{
	if (!**text)
		return NSEC_PER_SEC;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		const char *rest = str_after(*text, units[i].name);

		if (rest) {
			*text = rest;
			return units[i].nsec;
		}
	}
	return 0;
}

/* The digits behind a point, as billionths. */
static int64_t parse_fraction(const char **text)
{
	int64_t value = 0;
	int digits = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++) {
		if (digits == 9)
			continue;
		value = value * 10 + (**text - '0');
		digits++;
	}
	for (; digits < 9; digits++)
		value *= 10;
	return value;
}

/* Adds "NUMBER[.FRACTION][UNIT]" at the head of *TEXT to TOTAL. */
static int parse_part(const char **text, nanoseconds *total)
{
	uint64_t whole;
	int64_t fraction = 0, unit;
	int r = num_prefix(text, &whole);

	if (r < 0)
		return r;
	if (**text == '.') {
		(*text)++;
		if (**text < '0' || **text > '9')
			return -EINVAL;
		fraction = parse_fraction(text);
	}
	unit = parse_unit(text);
	if (unit == 0)
		return -EINVAL;
	if (whole > (unsigned __int128)MAX_SEC * NSEC_PER_SEC / (uint64_t)unit)
		return -ERANGE;
	*total += (nanoseconds)whole * unit + (nanoseconds)fraction * unit / NSEC_PER_SEC;
	return *total > (nanoseconds)MAX_SEC * NSEC_PER_SEC ? -ERANGE : 0;
}

int duration_parse(const char *text, struct duration *ret)
{
	bool negative = *text == '-';
	nanoseconds total = 0;

	text += *text == '-' || *text == '+';
	do {
		int r = parse_part(&text, &total);

		if (r < 0)
			return r;
	} while (*text);
	if (negative)
		total = -total;
	ret->sec = (int64_t)(total / NSEC_PER_SEC);
	total %= NSEC_PER_SEC;
	if (total < 0) {
		ret->sec--;
		total += NSEC_PER_SEC;
	}
	ret->nsec = (uint32_t)total;
	return 0;
}
