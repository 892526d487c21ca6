/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths of time out of text: "90", "-1.5", "+3d", "1h30m", "250ms". */
#pragma once

#include <stdint.h>

/* SEC seconds and NSEC nanoseconds, 0 to 999999999, both added: -0.5 is { -1, 500000000 }. */
struct duration {
	int64_t sec;
	uint32_t nsec;
};

/*
 * Reads TEXT: a sign or none, then one or more decimal numbers, each with a unit behind it: ns,
 * us, ms, s, m, h, d, w. A number alone counts seconds. Digits below a nanosecond are dropped.
 * Returns 0, -EINVAL or -ERANGE (above 100,000 years).
 */
int duration_parse(const char *text, struct duration *ret);
