/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What outcomes mean, and who is a stranger: the parts of --verify that ask nobody. */
#include "../../../common/ns/mountverify.h"

#include "../cmocka.h"

static void test_verdicts(void **state)
{
	(void)state;
	for (enum actor a = 0; a < ACTOR_NKINDS; a++) {
		bool ancestor = a == ACTOR_ROOT;

		assert_int_equal(mountverify_verdict(a, OUTCOME_REFUSED), VERDICT_REFUSED);
		assert_int_equal(mountverify_verdict(a, OUTCOME_ELSE), VERDICT_REFUSED);
		assert_int_equal(mountverify_verdict(a, OUTCOME_IN),
				 ancestor ? VERDICT_LIMIT : VERDICT_LEAK);
		/* what was not tried proves nothing, but for whom nothing keeps out */
		assert_int_equal(mountverify_verdict(a, OUTCOME_UNTRIED),
				 ancestor ? VERDICT_LIMIT : VERDICT_UNTRIED);
	}
}

static void test_strangers(void **state)
{
	static const char whole[] = "         0          0 4294967295\n";

	(void)state;
	assert_int_equal(mountscene_stranger("0 100000 65536\n", whole), 4000000000);
	assert_int_equal(mountscene_stranger("0 0 4294967295\n", whole), 4000000000);
	assert_int_equal(mountscene_stranger("0 3999999990 100\n", whole), 3999999989);
	assert_int_equal(mountscene_stranger("0 3999999990 100\n5 3999999980 10\n", whole),
			 3999999979);
	/* in a container there are fewer ids */
	assert_int_equal(mountscene_stranger("0 1000 1\n", "0 100000 65536\n"), 65535);
	assert_int_equal(mountscene_stranger("0 65535 1\n", "0 100000 65536\n"), 65534);
	assert_int_equal(mountscene_stranger("0 5 1\n", "0 1000 1\n7 2000 1\n"), 7);
	/* maps that cannot be read */
	assert_int_equal(mountscene_stranger(NULL, whole), 4000000000);
	assert_int_equal(mountscene_stranger(NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
