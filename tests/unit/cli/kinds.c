/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/kinds.h"

#include "../../../common/ns/ref.h"
#include "../cmocka.h"
#include "../tsv.h"

#include <errno.h>

union field {
	const char *text;
	pid_t pid;
	int fd;
	uint32_t u32;
	unsigned types;
	struct ref ref;
};

static void show_text(struct str *s, const union field *f)
{
	str_add(s, f->text);
}

static void show_pid(struct str *s, const union field *f)
{
	str_addf(s, "%d", f->pid);
}

static void show_fd(struct str *s, const union field *f)
{
	str_addf(s, "%d", f->fd);
}

static void show_u32(struct str *s, const union field *f)
{
	str_addf(s, "%u", f->u32);
}

static void show_types(struct str *s, const union field *f)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (f->types & 1U << t)
			str_join(s, " ", ns_types[t].name);
}

static void show_ref(struct str *s, const union field *f)
{
	str_add(s, f->ref.text);
}

static const struct {
	const char *name;
	const struct arg_kind *kind;
	void (*show)(struct str *s, const union field *f);
} kinds[] = {
	{ "string", &arg_string, show_text }, { "file", &arg_file, show_text },
	{ "pid", &arg_pid, show_pid },	      { "fd", &arg_fd, show_fd },
	{ "u32", &arg_u32, show_u32 },	      { "types", &arg_types, show_types },
	{ "ref", &arg_ref, show_ref },
};

static size_t find_kind(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(kinds) && !str_is(kinds[i].name, name))
		i++;
	assert_true(i < ARRAY_LEN(kinds));
	return i;
}

static char *check_word(const char *const *fields)
{
	auto_str struct str got = { 0 };
	auto_err struct err e = { 0 };
	union field field = { 0 };
	size_t i = find_kind(fields[0]);

	if (kinds[i].kind->parse(fields[1], &field, &e) < 0)
		str_addf(&got, "error %s", e.text);
	else
		kinds[i].show(&got, &field);
	return str_is(str_text(&got), fields[2]) ? NULL : xasprintf("got: %s", str_text(&got));
}

static void test_reads_as_the_table_says(void **state)
{
	(void)state;
	tsv_each("unit/cli/kinds.tsv", 3, check_word);
}

static void test_optional_value_left_out_is_empty(void **state)
{
	const char *field = NULL;

	(void)state;
	assert_int_equal(arg_file.parse(NULL, &field, NULL), 0);
	assert_string_equal(field, "");
}

static void test_types_add_up(void **state)
{
	unsigned types = 0;

	(void)state;
	assert_int_equal(arg_types.parse("net", &types, NULL), 0);
	assert_int_equal(arg_types.parse("x", &types, NULL), -EINVAL);
	assert_int_equal(arg_types.parse("pid", &types, NULL), 0);
	assert_int_equal(types, 1U << NS_NET | 1U << NS_PID);
}

/* The words offered for completion are the eight types in their order, and "all". */
static void test_type_words_are_the_types(void **state)
{
	(void)state;
	for (int t = 0; t < NS_NTYPES; t++)
		assert_string_equal(arg_types.words[t], ns_types[t].name);
	assert_string_equal(arg_types.words[NS_NTYPES], "all");
	assert_null(arg_types.words[NS_NTYPES + 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_as_the_table_says),
		cmocka_unit_test(test_optional_value_left_out_is_empty),
		cmocka_unit_test(test_types_add_up),
		cmocka_unit_test(test_type_words_are_the_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
