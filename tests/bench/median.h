/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the benchmarks make of many measurements. */
#pragma once

#include <stdlib.h>

static inline int compare_times(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of N values V, which are sorted then. */
static inline double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_times);
	return v[n / 2];
}
