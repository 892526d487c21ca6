/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filter expressions: the first line is the expression, the second the text of a column. What is
 * refused is refused with a sentence that is safe to show; what is taken has a negation that is
 * its opposite.
 */
#include "../../common/base/filter.h"

#include "../../common/base/str.h"

#include <assert.h>
#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const columns[] = { "COMMAND", "TYPE", "NS", "LOAD", "INITIAL", "NONE" };

static const char *column_name(const void *table, size_t column)
{
	(void)table;
	return column < ARRAY_LEN(columns) ? columns[column] : NULL;
}

static struct filter_value row_get(const void *row, size_t column)
{
	const struct filter_value *values = row;

	assert(column < ARRAY_LEN(columns));
	return values[column];
}

static void check_is_safe(const char *text)
{
	for (const char *p = text; *p; p++)
		assert(((unsigned char)*p >= ' ' && *p != 0x7f) || *p == '\n');
}

static void check_refusal(const char *text, const struct filter_names *names, const struct err *e)
{
	assert(e->code == -EINVAL && e->text && e->hint);
	assert(!strchr(e->text, '\n') && strstr(e->hint, "^"));
	check_is_safe(e->text);
	check_is_safe(e->hint);
	assert(!filter_new(text, names, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct filter_names names = { .name = column_name };
	auto_free char *input = xstrndup((const char *)bytes, n), *negated = NULL;
	char *rest = input, *text = strsep(&rest, "\n");
	auto_err struct err e = { 0 };
	auto_filter struct filter *f = filter_new(text, &names, &e), *opposite = NULL;
	struct filter_value row[ARRAY_LEN(columns)] = {
		{ FILTER_TEXT, .text = rest ? rest : "" }, { FILTER_TEXT, .text = "net" },
		{ FILTER_U64, .u64 = 4026531840 },	   { FILTER_FLOAT, .real = 1.5 },
		{ FILTER_BOOL, .boolean = true },
	};
	bool matches;

	if (!f) {
		check_refusal(text, &names, &e);
		return 0;
	}
	matches = filter_match(f, row_get, row);
	negated = xasprintf("not (%s)", text);
	opposite = filter_new(negated, &names, NULL);
	if (opposite)
		assert(filter_match(opposite, row_get, row) == !matches);
	return 0;
}
