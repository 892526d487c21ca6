/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/str.h"

#include "../cmocka.h"

static void test_empty(void **state)
{
	auto_str struct str s = { 0 };
	auto_free char *taken = NULL;

	(void)state;
	assert_string_equal(str_text(&s), "");
	str_clear(&s);
	str_add(&s, "");
	assert_string_equal(str_text(&s), "");
	assert_int_equal(s.len, 0);
	str_done(&s);
	taken = str_take(&s);
	assert_string_equal(taken, "");
}

static void test_adds(void **state)
{
	auto_str struct str s = { 0 };

	(void)state;
	str_add(&s, "net");
	str_addc(&s, ':');
	str_addf(&s, "[%u]", 4026531840U);
	str_addn(&s, " and more", 4);
	assert_string_equal(str_text(&s), "net:[4026531840] and");
	assert_int_equal(s.len, strlen("net:[4026531840] and"));
	str_clear(&s);
	assert_string_equal(str_text(&s), "");
	str_add(&s, "again");
	assert_string_equal(str_text(&s), "again");
}

static void test_grows(void **state)
{
	auto_str struct str s = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++) {
		str_addf(&s, "%04d", i);
		assert_int_equal(s.s[s.len], '\0');
		assert_true(s.cap > s.len);
	}
	assert_int_equal(s.len, 40000);
	for (int i = 0; i < 10000; i++) {
		char four[] = { 0, 0, 0, 0, 0 };
		auto_free char *want = xasprintf("%04d", i);

		memcpy(four, s.s + 4 * (size_t)i, 4);
		assert_string_equal(four, want);
	}
}

static void test_holds_nul(void **state)
{
	auto_str struct str s = { 0 };

	(void)state;
	str_addn(&s, "a\0b", 3);
	str_addn(&s, NULL, 0);
	str_addc(&s, '\0');
	assert_int_equal(s.len, 4);
	assert_memory_equal(s.s, "a\0b\0", 5);
}

static void test_joins(void **state)
{
	auto_str struct str s = { 0 };

	(void)state;
	str_join(&s, ", ", "mnt");
	str_join(&s, ", ", "uts");
	str_join(&s, ", ", "ipc");
	assert_string_equal(str_text(&s), "mnt, uts, ipc");
}

static void test_room_is_for_the_caller(void **state)
{
	auto_str struct str s = { 0 };
	char *room;

	(void)state;
	str_add(&s, "ab");
	room = str_room(&s, 1000);
	memset(room, 'x', 1000);
	s.len += 1000;
	str_add(&s, "c");
	assert_int_equal(s.len, 1003);
	assert_string_equal(s.s + 1000, "xxc");
}

static void test_takes(void **state)
{
	struct str s = { 0 };
	auto_free char *taken = NULL;

	(void)state;
	str_add(&s, "mine");
	taken = str_take(&s);
	assert_string_equal(taken, "mine");
	assert_null(s.s);
	assert_int_equal(s.len, 0);
	assert_int_equal(s.cap, 0);
}

static void test_compares(void **state)
{
	const char *text = "net:[1]";

	(void)state;
	assert_true(str_is("a", "a"));
	assert_false(str_is("a", "A"));
	assert_false(str_is("a", "ab"));
	assert_ptr_equal(str_after(text, "net:"), text + 4);
	assert_ptr_equal(str_after(text, ""), text);
	assert_ptr_equal(str_after(text, text), text + 7);
	assert_null(str_after(text, "net:[1]x"));
	assert_null(str_after(text, "et"));
}

static void test_parts(void **state)
{
	const char *list = "a,,bc";
	const char *const expected[] = { "a", "", "bc" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		auto_free char *part = str_part(&list);

		assert_string_equal(part, expected[i]);
	}
	assert_null(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty), cmocka_unit_test(test_adds),
		cmocka_unit_test(test_grows), cmocka_unit_test(test_holds_nul),
		cmocka_unit_test(test_joins), cmocka_unit_test(test_room_is_for_the_caller),
		cmocka_unit_test(test_takes), cmocka_unit_test(test_compares),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
