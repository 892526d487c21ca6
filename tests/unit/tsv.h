/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of test data: one case a line, fields separated by tabs; a line that is empty or begins
 * with '#' is a remark. In a field \t \n \\ and \xNN stand for what they do in C.
 */
#pragma once

#include "../../common/base/str.h"

#include "cmocka.h"

#define TSV_FIELDS_MAX 8

/*
 * Checks one case. Returns NULL if it is as it should be, else what is wrong (to be freed).
 */
typedef char *(*tsv_check)(const char *const *fields);

static inline int tsv_hex(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* The character that the escape at *P stands for; *P is left on its last one. */
static inline char tsv_unescape(const char **p)
{
	switch (*++*p) {
	case 't':
		return '\t';
	case 'n':
		return '\n';
	case 'x':
		*p += 2;
		return (char)(tsv_hex((*p)[-1]) << 4 | tsv_hex((*p)[0]));
	}
	return **p;
}

/* Cuts LINE into its fields, in place; the rest of FIELDS is "". Returns how many there are. */
static inline size_t tsv_cut(char *line, const char **fields)
{
	char *to = line;
	size_t n = 0;

	for (size_t i = 0; i < TSV_FIELDS_MAX; i++)
		fields[i] = "";
	fields[n++] = line;
	for (const char *p = line; *p && *p != '\n'; p++) {
		if (*p == '\t') {
			*to++ = '\0';
			assert_true(n < TSV_FIELDS_MAX);
			fields[n++] = to;
		} else {
			*to++ = *p == '\\' ? tsv_unescape(&p) : *p;
		}
	}
	*to = '\0';
	return n;
}

/* Calls CHECK for each case of tests/NAME, which has WANTED fields; all of them, then it fails. */
static inline void tsv_each(const char *name, size_t wanted, tsv_check check)
{
	auto_free char *path = xasprintf("%s/%s", TESTDIR, name);
	auto_free char *line = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0, cases = 0, number = 0, failed = 0;

	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		const char *fields[TSV_FIELDS_MAX];
		auto_free char *wrong = NULL;

		number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		assert_int_equal(tsv_cut(line, fields), wanted);
		wrong = check(fields);
		cases++;
		if (!wrong)
			continue;
		print_error("%s:%zu: %s\n", path, number, wrong);
		failed++;
	}
	fclose(file);
	assert_int_equal(failed, 0);
	assert_true(cases > 0);
}
