/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/hash.h"

#include "../cmocka.h"

/* Past several doublings every key still leads to its own value. */
static void test_keeps_what_was_put(void **state)
{
	struct hash h = { 0 };
	uint32_t value = 0;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++)
		hash_put(&h, (uint64_t)i << 32, i);
	for (uint32_t i = 0; i < 10000; i++) {
		assert_true(hash_get(&h, (uint64_t)i << 32, &value));
		assert_int_equal(value, i);
	}
	assert_int_equal(h.n, 10000);
	hash_done(&h);
}

static void test_tells_what_is_missing(void **state)
{
	struct hash h = { 0 };
	uint32_t value = 7;

	(void)state;
	assert_false(hash_get(&h, 1, &value));
	hash_put(&h, 1, 5);
	assert_false(hash_get(&h, 2, &value));
	assert_int_equal(value, 7);
	hash_done(&h);
}

/* Keys that want the same places: whatever is taken out, all others are still found. */
static void test_drops(void **state)
{
	struct hash h = { 0 };
	uint32_t value = 0;

	(void)state;
	hash_drop(&h, 1);
	for (uint32_t round = 0; round < 50; round++) {
		for (uint32_t i = 0; i < 300; i++)
			hash_put(&h, i, i + round);
		for (uint32_t i = round % 3; i < 300; i += 3)
			hash_drop(&h, i);
		hash_drop(&h, 1000);
		assert_int_equal(h.n, 200);
		for (uint32_t i = 0; i < 300; i++) {
			assert_int_equal(hash_get(&h, i, &value), i % 3 != round % 3);
			assert_true(i % 3 == round % 3 || value == i + round);
		}
		for (uint32_t i = 0; i < 300; i++)
			hash_drop(&h, i);
		assert_int_equal(h.n, 0);
	}
	assert_int_equal(h.nslots, 512);
	hash_done(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_what_was_put),
		cmocka_unit_test(test_tells_what_is_missing),
		cmocka_unit_test(test_drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
