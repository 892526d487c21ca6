/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/filter.h"

#include "../../../common/base/num.h"
#include "../cmocka.h"
#include "../tsv.h"

#include <errno.h>

/* The columns of the tables of cases. */
enum { COMMAND, TYPE, NS, NPROCS, LOAD, INITIAL, NCOLUMNS };

static const struct {
	const char *name;
	enum filter_type type;
} columns[NCOLUMNS] = {
	[COMMAND] = { "COMMAND", FILTER_TEXT },
	[TYPE] = { "TYPE", FILTER_TEXT },
	[NS] = { "NS", FILTER_U64 },
	[NPROCS] = { "NPROCS", FILTER_U64 },
	[LOAD] = { "CPU.LOAD-%", FILTER_FLOAT },
	[INITIAL] = { "INITIAL", FILTER_BOOL },
};

struct row {
	struct filter_value values[NCOLUMNS];
	unsigned asked; /* bits of the columns that were asked for */
};

static const char *column_name(const void *table, size_t column)
{
	(void)table;
	return column < NCOLUMNS ? columns[column].name : NULL;
}

static const struct filter_names names = { .name = column_name };

static struct filter_value row_get(const void *data, size_t column)
{
	const struct row *row = data;

	assert_true(column < NCOLUMNS);
	return row->values[column];
}

static void row_set(struct row *row, size_t column, const char *text)
{
	struct filter_value *v = &row->values[column];

	v->type = columns[column].type;
	switch (v->type) {
	case FILTER_MISSING:
		break;
	case FILTER_U64:
		assert_int_equal(num_u64(text, 0, UINT64_MAX, &v->u64), 0);
		break;
	case FILTER_FLOAT:
		v->real = strtod(text, NULL);
		break;
	case FILTER_TEXT:
		v->text = text;
		break;
	case FILTER_BOOL:
		v->boolean = str_is(text, "true");
		break;
	}
}

/* Reads "NAME=value;NAME=value" (in place); columns that are not named are missing. */
static struct row row_read(char *text)
{
	struct row row = { 0 };
	char *pair;

	while ((pair = strsep(&text, ";"))) {
		for (size_t i = 0; i < NCOLUMNS; i++) {
			const char *value = str_after(pair, columns[i].name);

			if (value && *value == '=')
				row_set(&row, i, value + 1);
		}
	}
	return row;
}

/* EXPRESSION ROW yes|no */
static char *check_match(const char *const *fields)
{
	auto_err struct err e = { 0 };
	auto_filter struct filter *f = filter_new(fields[0], &names, &e);
	auto_free char *text = xstrdup(fields[1]);
	struct row row = row_read(text);

	if (!f)
		return xasprintf("not accepted: %s", e.text);
	if (filter_match(f, row_get, &row) == str_is(fields[2], "yes"))
		return NULL;
	return xasprintf("%s does not give %s for %s", fields[0], fields[2], fields[1]);
}

static void test_matches(void **state)
{
	(void)state;
	tsv_each("unit/base/filter.tsv", 3, check_match);
}

/* EXPRESSION COLUMN SENTENCE HINT: the hint behind the two lines that show the place, or nothing */
static char *check_refused(const char *const *fields)
{
	auto_err struct err e = { 0 };
	auto_filter struct filter *f = filter_new(fields[0], &names, &e);
	auto_free char *text = xasprintf("filter: %s at column %s", fields[2], fields[1]);
	auto_str struct str hint = { 0 };
	uint64_t column = 0;

	assert_int_equal(num_u64(fields[1], 1, 1000, &column), 0);
	str_addf(&hint, "%s\n%*s", fields[0], (int)column, "^");
	if (fields[3][0])
		str_addf(&hint, "\n%s", fields[3]);
	if (f || e.code != -EINVAL)
		return xasprintf("accepted: %s", fields[0]);
	if (!str_is(e.text, text))
		return xasprintf("says: %s", e.text);
	if (!str_is(e.hint, str_text(&hint)))
		return xasprintf("hints:\n%s\nnot\n%s", e.hint, str_text(&hint));
	f = filter_new(fields[0], &names, NULL);
	if (f)
		return xasprintf("accepted when nobody listens: %s", fields[0]);
	return NULL;
}

static void test_refuses(void **state)
{
	(void)state;
	tsv_each("unit/base/filter-errors.tsv", 4, check_refused);
}

/* The words are the C library's own. */
static void test_tells_of_bad_patterns(void **state)
{
	static const char *const bad[] = { "(", "[", "a{2" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		auto_free char *text = xasprintf("TYPE =~ '%s'", bad[i]);
		auto_err struct err e = { 0 };

		assert_null(filter_new(text, &names, &e));
		assert_int_equal(e.code, -EINVAL);
		assert_non_null(str_after(e.text, "filter: bad regular expression: "));
		assert_non_null(strstr(e.text, " at column 9"));
	}
}

static void assert_hint(const char *text, const char *sentence, const char *hint)
{
	auto_err struct err e = { 0 };

	assert_null(filter_new(text, &names, &e));
	assert_string_equal(e.text, sentence);
	assert_string_equal(e.hint, hint);
}

/* The caret stands below the mistake, whatever the terminal would make of what is before it. */
static void test_shows_the_place(void **state)
{
	(void)state;
	assert_hint("TYPE == 'ä' ]", "filter: unexpected ']' at column 13",
		    "TYPE == 'ä' ]\n            ^");
	assert_hint("TYPE == '\033[2J' ]", "filter: unexpected ']' at column 16",
		    "TYPE == '\\x1b[2J' ]\n                  ^");
	assert_hint(
		"NPROCS == 1 or NPROCS == 22 or NPROCS == 333 or NPROCS == 4444 or NPROCS == $ or "
		"NPROCS == 5 or NPROCS == 66",
		"filter: unexpected '$' at column 77",
		"...S == 333 or NPROCS == 4444 or NPROCS == $ or NPROCS == 5 or NPROCS == ...\n"
		"                                           ^");
}

/* TEXT, N times. */
static char *repeated(const char *text, size_t n)
{
	struct str s = { 0 };

	while (n-- > 0)
		str_add(&s, text);
	return str_take(&s);
}

static void test_bounds_nesting(void **state)
{
	static const char *const openers[] = { "(", "not ", "!" };
	struct row row = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
		auto_free char *deep = repeated(openers[i], 100000);
		auto_err struct err e = { 0 };

		assert_null(filter_new(deep, &names, &e));
		assert_non_null(strstr(e.text, "nested too deeply"));
	}
	for (size_t n = 1; n < 64; n++) {
		auto_free char *open = repeated("(", n), *close = repeated(")", n);
		auto_free char *text = xasprintf("%sNS%s", open, close);
		auto_filter struct filter *f = filter_new(text, &names, NULL);

		assert_non_null(f);
		assert_false(filter_match(f, row_get, &row));
	}
}

/* A long chain is no deep tree, and mixed ones are grouped right. */
static void test_takes_long_chains(void **state)
{
	auto_free char *chain = repeated("NS == 1 and NS == 2 or ", 50000);
	auto_free char *text = xasprintf("%s NS == 3", chain);
	auto_filter struct filter *f = filter_new(text, &names, NULL);
	struct row row = { .values[NS] = { FILTER_U64, .u64 = 3 } };

	(void)state;
	assert_non_null(f);
	assert_true(filter_match(f, row_get, &row));
	row.values[NS].u64 = 1;
	assert_false(filter_match(f, row_get, &row));
}

static void test_takes_long_fractions(void **state)
{
	auto_free char *digits = repeated("0", 1000);
	auto_free char *text = xasprintf("NS > 2.%s7 and NS == 3.%s7", digits, digits);
	auto_filter struct filter *f = filter_new(text, &names, NULL);
	struct row row = { .values[NS] = { FILTER_U64, .u64 = 3 } };

	(void)state;
	assert_non_null(f);
	assert_true(filter_match(f, row_get, &row));
}

static struct filter_value counting_get(const void *data, size_t column)
{
	struct row *row = (struct row *)data;

	row->asked |= 1U << column;
	return row->values[column];
}

static void test_asks_only_what_decides(void **state)
{
	auto_filter struct filter *f = filter_new("TYPE == 'net' and (NS or NPROCS)", &names, NULL);
	struct row row = { .values[TYPE] = { FILTER_TEXT, .text = "uts" } };

	(void)state;
	assert_non_null(f);
	assert_false(filter_match(f, counting_get, &row));
	assert_int_equal(row.asked, 1U << TYPE);
	row = (struct row){ .values[TYPE] = { FILTER_TEXT, .text = "net" },
			    .values[NS] = { FILTER_U64, .u64 = 1 } };
	assert_true(filter_match(f, counting_get, &row));
	assert_int_equal(row.asked, 1U << TYPE | 1U << NS);
}

static void test_tells_its_columns(void **state)
{
	auto_filter struct filter *f = filter_new("type == 'NPROCS' and not ns", &names, NULL);

	(void)state;
	assert_non_null(f);
	assert_true(filter_uses(f, TYPE));
	assert_true(filter_uses(f, NS));
	assert_false(filter_uses(f, NPROCS));
	assert_false(filter_uses(f, COMMAND));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_tells_of_bad_patterns),
		cmocka_unit_test(test_shows_the_place),
		cmocka_unit_test(test_bounds_nesting),
		cmocka_unit_test(test_takes_long_chains),
		cmocka_unit_test(test_takes_long_fractions),
		cmocka_unit_test(test_asks_only_what_decides),
		cmocka_unit_test(test_tells_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
