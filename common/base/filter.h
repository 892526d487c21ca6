/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filter expressions over the columns of a table, as `list --filter` takes them:
 *
 *	TYPE == "net" and NPROCS > 2 and not (COMMAND =~ "^systemd" or INITIAL)
 *
 * The language is that of scols-filter(5), util-linux 2.41; this module knows nothing of
 * namespaces. From loosest to tightest:
 *
 *	or ||    and &&    not !    == != < <= > >= =~ !~ (also eq ne lt le gt ge)
 *
 * and parentheses. `not` takes the whole comparison behind it. Operators and column names count
 * in any case of letters. Values are "…" or '…', numbers (12, 1.5, 4K, 4KiB), true, false. =~ and
 * !~ take a POSIX extended regular expression between quotes.
 *
 * Truth: a value alone is true unless it is missing, empty, 0 or false.
 *
 * Comparing: a column takes the type of the value it is compared with; of two columns the left
 * one's type counts; a number is compared as float if the other side is one. What cannot be read
 * as a number, and a missing value, compares as a number with nothing: the comparison is false,
 * whichever it is. As text a missing value is the empty text. Text is compared byte by byte.
 *
 * The empty expression is true.
 */
#pragma once

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

enum filter_type { FILTER_MISSING, FILTER_U64, FILTER_FLOAT, FILTER_TEXT, FILTER_BOOL };

/* One value of a row, or of the expression. */
struct filter_value {
	enum filter_type type;
	union {
		uint64_t u64;
		double real;
		const char *text; /* from a getter: must stay until filter_match() returns */
		bool boolean;
	};
};

/* The columns that an expression may use. */
struct filter_names {
	const char *(*name)(const void *table, size_t column); /* NULL behind the last */
	const void *table;
};

/* The value of COLUMN in ROW. Asked only for columns that can still decide the outcome. */
typedef struct filter_value (*filter_get)(const void *row, size_t column);

struct filter;

/* Releases the filter when it leaves its scope. */
#define auto_filter auto_call(filter_free)

/*
 * Reads TEXT. Returns the filter, to be freed, or NULL with E set to -EINVAL: the sentence says
 * what is wrong at which column of TEXT (counted from 1), the hint shows the place.
 */
struct filter *filter_new(const char *text, const struct filter_names *names, struct err *e);

/* Whether the expression names COLUMN. */
bool filter_uses(const struct filter *f, size_t column);

/* Whether ROW, whose values GET yields, passes. */
bool filter_match(const struct filter *f, filter_get get, const void *row);

void filter_free(struct filter **f);
