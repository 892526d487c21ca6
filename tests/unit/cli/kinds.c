/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/kinds.h"

#include "../../../common/base/vec.h"
#include "../../../common/ns/ref.h"
#include "../cmocka.h"
#include "../tsv.h"

#include <errno.h>
#include <inttypes.h>

union field {
	const char *text;
	pid_t pid;
	int fd;
	uint32_t u32;
	unsigned types;
	struct ref ref;
	struct fd_arg fd_arg;
	struct id_arg id;
	uint64_t caps, duration;
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

static void show_duration(struct str *s, const union field *f)
{
	str_addf(s, "%" PRIu64, f->duration);
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

static void show_fd_given(struct str *s, const union field *f)
{
	str_addf(s, "%s %d", f->fd_arg.set ? "set" : "not set", f->fd_arg.fd);
}

static void show_id(struct str *s, const union field *f)
{
	str_addf(s, "%s %u%s", f->id.set ? "set" : "not set", f->id.id,
		 f->id.follow ? " follow" : "");
	if (f->id.name)
		str_addf(s, " %s", f->id.name);
}

static void show_caps(struct str *s, const union field *f)
{
	str_addf(s, "%" PRIx64, f->caps);
}

static const struct {
	const char *name;
	const struct arg_kind *kind;
	void (*show)(struct str *s, const union field *f);
} kinds[] = {
	{ "string", &arg_string, show_text }, { "file", &arg_file, show_text },
	{ "pid", &arg_pid, show_pid },	      { "fd", &arg_fd, show_fd },
	{ "u32", &arg_u32, show_u32 },	      { "types", &arg_types, show_types },
	{ "ref", &arg_ref, show_ref },	      { "fd_given", &arg_fd_given, show_fd_given },
	{ "user", &arg_user, show_id },	      { "user_inside", &arg_user_inside, show_id },
	{ "group", &arg_group, show_id },     { "group_inside", &arg_group_inside, show_id },
	{ "caps", &arg_caps, show_caps },     { "duration", &arg_duration, show_duration },
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

static void test_descriptors_and_capabilities_add_up(void **state)
{
	VEC(int) fds = { 0 };
	uint64_t caps = 0;

	(void)state;
	assert_int_equal(arg_fds.parse("7", &fds, NULL), 0);
	assert_int_equal(arg_fds.parse("x", &fds, NULL), -EINVAL);
	assert_int_equal(arg_fds.parse("0", &fds, NULL), 0);
	assert_int_equal(fds.n, 2);
	assert_int_equal(fds.v[0], 7);
	assert_int_equal(fds.v[1], 0);
	vec_done(&fds);
	assert_int_equal(arg_caps.parse("0", &caps, NULL), 0);
	assert_int_equal(arg_caps.parse("2", &caps, NULL), 0);
	assert_int_equal(caps, 5);
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
		cmocka_unit_test(test_descriptors_and_capabilities_add_up),
		cmocka_unit_test(test_type_words_are_the_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
