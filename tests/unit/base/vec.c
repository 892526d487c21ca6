/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/vec.h"

#include "../cmocka.h"

static void test_keeps_what_was_pushed(void **state)
{
	VEC(int) v = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		vec_push(&v, 3 * i);
	assert_int_equal(v.n, 1000);
	assert_true(v.cap >= v.n);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.v[i], 3 * i);
	vec_done(&v);
	assert_null(v.v);
	assert_int_equal(v.n, 0);
	assert_int_equal(v.cap, 0);
	vec_done(&v);
}

struct pair {
	int a;
	const char *b;
};

static void test_pushes_structs(void **state)
{
	VEC(struct pair) v = { 0 };
	struct pair one = { 1, "one" };

	(void)state;
	vec_push(&v, one);
	vec_push(&v, (struct pair){ 2, "two" });
	vec_push(&v, { .a = 3, .b = "three" });
	assert_int_equal(v.n, 3);
	assert_int_equal(v.v[0].a, 1);
	assert_string_equal(v.v[1].b, "two");
	assert_string_equal(v.v[2].b, "three");
	vec_done(&v);
}

/* An argument that reads the vector by index sees it as it is after it has grown. */
static void test_pushes_an_element_of_its_own(void **state)
{
	VEC(int) v = { 0 };

	(void)state;
	vec_push(&v, 7);
	for (int i = 0; i < 100; i++)
		vec_push(&v, v.v[0]);
	for (size_t i = 0; i < v.n; i++)
		assert_int_equal(v.v[i], 7);
	vec_done(&v);
}

static void test_evaluates_the_vector_once(void **state)
{
	VEC(int) vecs[2] = { 0 };
	size_t i = 0;

	(void)state;
	vec_push(&vecs[i++], 1);
	vec_push(&vecs[i++], 2);
	assert_int_equal(i, 2);
	assert_int_equal(vecs[0].v[0], 1);
	assert_int_equal(vecs[1].v[0], 2);
	vec_done(&vecs[0]);
	vec_done(&vecs[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_what_was_pushed),
		cmocka_unit_test(test_pushes_structs),
		cmocka_unit_test(test_pushes_an_element_of_its_own),
		cmocka_unit_test(test_evaluates_the_vector_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
