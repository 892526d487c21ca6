/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/suggest.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "enter", "enter", 0 },
		{ "enter", "inter", 1 },
		{ "enter", "eter", 1 },
		{ "enter", "entter", 1 },
		{ "enter", "netre", 2 },
		{ "enter", "etner", 1 },
		{ "ca", "abc", 3 },
		{ "list", "LIST", 0 },
		{ "list", "LSIT", 1 },
		{ "kitten", "sitting", 3 },
		{ "[", "{", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(suggest_distance(cases[i].a, cases[i].b), cases[i].distance);
		assert_int_equal(suggest_distance(cases[i].b, cases[i].a), cases[i].distance);
	}
}

static void test_distance_of_long_words(void **state)
{
	char a[65], b[65];

	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	a[63] = b[63] = '\0';
	assert_int_equal(suggest_distance(a, b), 63);
	a[63] = 'a';
	a[64] = '\0';
	assert_int_equal(suggest_distance(a, b), SIZE_MAX);
	assert_int_equal(suggest_distance(b, a), SIZE_MAX);
}

static const char *nearest(const char *word)
{
	static const char *const words[] = { "list", "enter", "unshare", "unshare-ns", "doctor" };
	struct suggestion s = { .word = word };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		suggest_consider(&s, words[i]);
	return s.nearest ? s.nearest : "nothing";
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(nearest("lsit"), "list");
	assert_string_equal(nearest("LIST"), "list");
	assert_string_equal(nearest("do"), "doctor");
	assert_string_equal(nearest("DOC"), "doctor");
	assert_string_equal(nearest("unshar"), "unshare");
	assert_string_equal(nearest("unshare-n"), "unshare-ns");
	assert_string_equal(nearest("d"), "nothing");
	assert_string_equal(nearest(""), "nothing");
	assert_string_equal(nearest("lots"), "nothing");
	assert_string_equal(nearest("antler"), "enter");
	assert_string_equal(nearest("anther"), "enter");
	assert_string_equal(nearest("panther"), "nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_distance_of_long_words),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
