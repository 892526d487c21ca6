/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/btf.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <errno.h>

/* A blob that is built type by type. */
struct blob {
	struct str types, strings, bytes;
	uint32_t n;
};

static uint32_t name_of(struct blob *b, const char *name)
{
	uint32_t at = (uint32_t)b->strings.len;

	if (!*name)
		return 0;
	str_addn(&b->strings, name, strlen(name) + 1);
	return at;
}

/* Adds the head of a type of KIND with VLEN members. Returns its id. */
static uint32_t type(struct blob *b, const char *name, uint32_t kind, uint32_t vlen, bool flag)
{
	struct btf_type t = { .name_off = name_of(b, name),
			      .info = kind << 24 | vlen | (flag ? 1U << 31 : 0) };

	str_addn(&b->types, (const char *)&t, sizeof(t));
	return ++b->n;
}

static void member(struct blob *b, const char *name, uint32_t of, uint32_t offset)
{
	struct btf_member m = { .name_off = name_of(b, name), .type = of, .offset = offset };

	str_addn(&b->types, (const char *)&m, sizeof(m));
}

static void finish(struct blob *b)
{
	struct btf_header h = { .magic = BTF_MAGIC,
				.version = BTF_VERSION,
				.hdr_len = sizeof(h),
				.type_len = (uint32_t)b->types.len,
				.str_off = (uint32_t)b->types.len,
				.str_len = (uint32_t)b->strings.len };

	str_addn(&b->bytes, (const char *)&h, sizeof(h));
	str_addn(&b->bytes, b->types.s, b->types.len);
	str_addn(&b->bytes, b->strings.s, b->strings.len);
}

/* The id of the structure without name that "outer" contains: behind more types than one stride. */
#define INNER 202

static int setup(void **state)
{
	struct blob *b = xcalloc(1, sizeof(*b));
	uint32_t zero = 0, number = type(b, "int", BTF_KIND_INT, 0, false);

	str_addc(&b->strings, '\0');
	((struct btf_type *)(void *)b->types.s)->name_off = name_of(b, "int");
	str_addn(&b->types, (const char *)&zero, sizeof(zero));
	type(b, "outer", BTF_KIND_STRUCT, 3, false);
	member(b, "first", number, 0);
	member(b, "", INNER, 64);
	member(b, "last", number, 256);
	while (b->n < INNER - 1)
		type(b, "outer", BTF_KIND_FWD, 0, false);
	type(b, "", BTF_KIND_STRUCT, 2, false);
	member(b, "inner", number, 32);
	member(b, "", INNER + 1, 64);
	type(b, "", BTF_KIND_UNION, 1, false);
	member(b, "innermost", number, 0);
	type(b, "outer", BTF_KIND_FUNC, 0, false);
	type(b, "bits", BTF_KIND_STRUCT, 2, true);
	member(b, "bit", number, 1U << 24 | 8);
	member(b, "whole", number, 64);
	type(b, "circle", BTF_KIND_STRUCT, 1000, false);
	for (uint32_t i = 0; i < 1000; i++)
		member(b, "", b->n, 0);
	finish(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct blob *b = *state;

	str_done(&b->types);
	str_done(&b->strings);
	str_done(&b->bytes);
	free(b);
	return 0;
}

static void test_offsets_by_name(void **state)
{
	const struct blob *b = *state;
	struct btf_name names[] = { { .name = "outer", .kind = BTF_KIND_STRUCT },
				    { .name = "outer", .kind = BTF_KIND_FUNC },
				    { .name = "bits", .kind = BTF_KIND_STRUCT },
				    { .name = "oute", .kind = BTF_KIND_STRUCT } };
	auto_btf struct btf btf = { 0 };

	assert_int_equal(btf_parse(&btf, b->bytes.s, b->bytes.len), 0);
	assert_int_equal(btf_find(&btf, names, ARRAY_LEN(names)), 0);
	assert_int_equal(names[0].id, 2);
	assert_int_equal(names[1].id, INNER + 2);
	assert_int_equal(names[3].id, 0);
	assert_int_equal(btf_offset(&btf, names[0].type, "first"), 0);
	assert_int_equal(btf_offset(&btf, names[0].type, "last"), 32);
	assert_int_equal(btf_offset(&btf, names[0].type, "inner"), 12);
	assert_int_equal(btf_offset(&btf, names[0].type, "innermost"), 16);
	assert_int_equal(btf_offset(&btf, names[0].type, "fir"), -ENOENT);
	assert_int_equal(btf_offset(&btf, names[0].type, ""), -ENOENT);
	assert_int_equal(btf_offset(&btf, names[1].type, "first"), -ENOENT);
	assert_int_equal(btf_offset(&btf, names[2].type, "whole"), 8);
	assert_int_equal(btf_offset(&btf, names[2].type, "bit"), -ENOENT);
	assert_int_equal(btf_offset(&btf, names[3].type, "first"), -ENOENT);
}

static void test_a_circle_ends(void **state)
{
	const struct blob *b = *state;
	struct btf_name name = { .name = "circle", .kind = BTF_KIND_STRUCT };
	auto_btf struct btf btf = { 0 };

	assert_int_equal(btf_parse(&btf, b->bytes.s, b->bytes.len), 0);
	assert_int_equal(btf_find(&btf, &name, 1), 0);
	assert_int_not_equal(name.id, 0);
	assert_int_equal(btf_offset(&btf, name.type, "x"), -ENOENT);
}

/* The header says how long the rest is: no part of it is enough. */
static void test_what_is_cut_is_refused(void **state)
{
	const struct blob *b = *state;
	struct btf btf;

	for (size_t n = 0; n < b->bytes.len; n++)
		assert_int_equal(btf_parse(&btf, b->bytes.s, n), -EINVAL);
}

static void test_broken_types_are_refused(void **state)
{
	const struct blob *b = *state;
	struct btf_header *h = (void *)b->bytes.s;
	struct btf_type *first = (void *)(h + 1);
	struct btf_name name = { .name = "int", .kind = BTF_KIND_INT };
	auto_btf struct btf btf = { 0 };

	h->type_len -= 4; /* the last member is cut */
	assert_int_equal(btf_parse(&btf, b->bytes.s, b->bytes.len), 0);
	assert_int_equal(btf_find(&btf, &name, 1), -EINVAL);
	btf_done(&btf);
	h->type_len += 4;
	first->info = 31U << 24; /* a kind that nobody knows the size of */
	assert_int_equal(btf_parse(&btf, b->bytes.s, b->bytes.len), 0);
	assert_int_equal(btf_find(&btf, &name, 1), -EINVAL);
}

/* Of the running kernel, if it says anything: what every kernel has. */
static void test_this_kernel(void **state)
{
	struct btf_name name = { .name = "task_struct", .kind = BTF_KIND_STRUCT };
	auto_btf struct btf btf = { 0 };

	(void)state;
	if (btf_open(&btf) == -ENOENT)
		skip();
	assert_int_equal(btf_find(&btf, &name, 1), 0);
	assert_true(btf_offset(&btf, name.type, "nsproxy") > 0);
	assert_int_equal(btf_offset(&btf, name.type, "no_such_member"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_offsets_by_name, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_circle_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_cut_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken_types_are_refused, setup, teardown),
		cmocka_unit_test(test_this_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
