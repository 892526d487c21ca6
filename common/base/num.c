/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num.h"

#include "util.h"

#include <errno.h>
#include <limits.h>

int num_prefix(const char **text, uint64_t *ret)
{
	const char *p = *text;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return -ERANGE;
	*text = p;
	*ret = value;
	return 0;
}

int num_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t value;
	int r = num_prefix(&text, &value);

	if (r < 0)
		return r;
	if (*text != '\0')
		return -EINVAL;
	if (value < min || value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

int num_pid(const char *text, pid_t *ret)
{
	uint64_t value;
	int r = num_u64(text, 1, INT_MAX, &value);

	if (r == 0)
		*ret = (pid_t)value;
	return r;
}
