/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growable arrays of any type.
 *
 *	VEC(int) numbers = { 0 };
 *	vec_push(&numbers, 7);
 *	for (size_t i = 0; i < numbers.n; i++)
 *		use(numbers.v[i]);
 *	vec_done(&numbers);
 *
 * A push may move the array: keep indices, not pointers, across one.
 */
#pragma once

#include "util.h"

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}

#define vec_push(vec, ...)                                                                         \
	do {                                                                                       \
		__typeof__(vec) vec_ = (vec);                                                      \
		if (vec_->n == vec_->cap) {                                                        \
			vec_->cap = vec_->cap ? 2 * vec_->cap : 8;                                 \
			vec_->v = xreallocarray(vec_->v, vec_->cap, sizeof(*vec_->v));             \
		}                                                                                  \
		vec_->v[vec_->n++] = (__typeof__(*vec_->v))__VA_ARGS__;                            \
	} while (0)

#define vec_done(vec)                                                                              \
	do {                                                                                       \
		free((vec)->v);                                                                    \
		(vec)->v = NULL;                                                                   \
		(vec)->n = (vec)->cap = 0;                                                         \
	} while (0)
