/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/escape.h"

#include "../cmocka.h"

static const struct {
	const char *json, *safe;
} texts[] = {
	{ "{\n\t\"a\": \"b\\n\"\n}", "{\n\t\"a\": \"b\\n\"\n}" },
	{ "\"\x7f\"", "\"\\u007f\"" },
	{ "\"\xc2\x9b\x32J\"", "\"\\u009b2J\"" },
	{ "\"a\u202e\u2028\u00e9\"", "\"a\\u202e\\u2028\u00e9\"" },
	{ "\"\u6f22\U0001f600\xff\"", "\"\u6f22\U0001f600\xff\"" },
	{ "", "" },
};

static void test_keeps_the_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		auto_str struct str s = { 0 };

		escape_json(&s, texts[i].json, strlen(texts[i].json));
		assert_string_equal(str_text(&s), texts[i].safe);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
