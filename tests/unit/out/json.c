/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/out/json.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"
#include "../cputime.h"

#include <errno.h>

#define MANY 20000

static struct json *library(void)
{
	struct json *j = NULL;
	struct err e = { 0 };

	assert_int_equal(json_new(&j, &e), 0);
	return j;
}

/* What is written for VALUE, to be freed. */
static char *written(struct json *j, struct json_object *value, enum json_form form)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct err e = { 0 };

	assert_non_null(out);
	assert_int_equal(json_write(j, value, form, out, &e), 0);
	fclose(out);
	return text;
}

static struct json_object *shapes(struct json *j)
{
	struct json_object *top = json_map(j), *list = json_list(j), *o = json_map(j);

	json_set(j, top, "namespaces", list);
	json_append(j, list, o);
	json_set(j, o, "ns", json_u64(j, 4026531840));
	json_set(j, o, "type", json_string(j, "mnt"));
	json_set(j, o, "initial", json_boolean(j, true));
	json_set(j, o, "owner", json_string(j, NULL));
	json_append(j, list, NULL);
	return top;
}

static void test_shapes(void **state)
{
	auto_json struct json *j = library();
	auto_free char *pretty = written(j, shapes(j), JSON_PRETTY);
	auto_free char *line = written(j, shapes(j), JSON_LINE);

	(void)state;
	assert_string_equal(pretty, "{\n"
				    "  \"namespaces\": [\n"
				    "    {\n"
				    "      \"ns\": 4026531840,\n"
				    "      \"type\": \"mnt\",\n"
				    "      \"initial\": true,\n"
				    "      \"owner\": null\n"
				    "    },\n"
				    "    null\n"
				    "  ]\n"
				    "}\n");
	assert_string_equal(line, "{\"namespaces\":[{\"ns\":4026531840,\"type\":\"mnt\","
				  "\"initial\":true,\"owner\":null},null]}\n");
}

/* Only on a line: the library's versions differ in how they make empty ones pretty. */
static void test_empty_shapes(void **state)
{
	auto_json struct json *j = library();
	struct json_object *top = json_map(j);
	auto_free char *text = NULL, *null = written(j, NULL, JSON_LINE);

	(void)state;
	json_set(j, top, "none", json_list(j));
	json_set(j, top, "nothing", json_map(j));
	text = written(j, top, JSON_LINE);
	assert_string_equal(text, "{\"none\":[],\"nothing\":{}}\n");
	assert_string_equal(null, "null\n");
}

static void test_numbers_are_exact(void **state)
{
	auto_json struct json *j = library();
	struct json_object *list = json_list(j);
	auto_free char *text = NULL;

	(void)state;
	json_append(j, list, json_u64(j, UINT64_MAX));
	json_append(j, list, json_u64(j, (UINT64_C(1) << 53) + 1));
	json_append(j, list, json_i64(j, INT64_MIN));
	json_append(j, list, json_u64(j, 0));
	text = written(j, list, JSON_LINE);
	assert_string_equal(text, "[18446744073709551615,9007199254740993,"
				  "-9223372036854775808,0]\n");
}

static void test_a_member_set_again(void **state)
{
	auto_json struct json *j = library();
	struct json_object *o = json_map(j);
	auto_free char *text = NULL;

	(void)state;
	json_set(j, o, "a", json_i64(j, 1));
	json_set(j, o, "b", json_i64(j, 2));
	json_set(j, o, "a", json_i64(j, -3));
	text = written(j, o, JSON_LINE);
	assert_string_equal(text, "{\"a\":-3,\"b\":2}\n");
}

/* Bytes, and the JSON text that they become. */
static const struct {
	const char *bytes;
	size_t n;
	const char *text;
} hostile[] = {
	{ "a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\"\n" },
	{ "\x1b[2J\n\t\x01", 7, "\"\\u001b[2J\\n\\t\\u0001\"\n" },
	{ "a\0b", 3, "\"a\\u0000b\"\n" },
	{ "\x7f", 1, "\"\\u007f\"\n" },
	{ "\xff\xc3", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"\n" },
	{ "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n" },
	{ "\xc2\x9b\x32J", 4, "\"\\u009b2J\"\n" },
	{ "a\u202e\u2028", 7, "\"a\\u202e\\u2028\"\n" },
	{ "\u6f22\u00e9\U0001f600", 9, "\"\u6f22\u00e9\U0001f600\"\n" },
	{ "", 0, "\"\"\n" },
};

static void test_strings_are_valid_and_safe(void **state)
{
	auto_json struct json *j = library();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		auto_free char *text =
			written(j, json_bytes(j, hostile[i].bytes, hostile[i].n), JSON_PRETTY);

		assert_string_equal(text, hostile[i].text);
	}
}

static void test_keys_may_be_hostile(void **state)
{
	auto_json struct json *j = library();
	struct json_object *o = json_map(j);
	auto_free char *text = NULL;

	(void)state;
	json_set(j, o, "a\xff\"\x1b", NULL);
	text = written(j, o, JSON_LINE);
	assert_string_equal(text, "{\"a\xef\xbf\xbd\\\"\\u001b\":null}\n");
}

static void test_reports_a_full_disk(void **state)
{
	auto_json struct json *j = library();
	auto_err struct err e = { 0 };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	assert_int_equal(json_write(j, json_map(j), JSON_LINE, out, &e), -ENOSPC);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	fclose(out);
}

static double time_of(struct json *j, unsigned n)
{
	double start = cpu_seconds();
	struct json_object *list = json_list(j);
	auto_free char *text = NULL;

	for (unsigned i = 0; i < n; i++) {
		struct json_object *o = json_map(j);

		json_append(j, list, o);
		json_set(j, o, "ns", json_u64(j, 4026531840 + i));
		json_set(j, o, "type", json_string(j, "mnt"));
		json_set(j, o, "nprocs", json_u64(j, i));
		json_set(j, o, "command", json_string(j, "/usr/lib/systemd/systemd --user"));
	}
	text = written(j, list, JSON_PRETTY);
	assert_true(strlen(text) > 100 * n);
	return cpu_seconds() - start;
}

/* Eight times the objects may take 16 times as long, not 64 times. */
static void test_time_is_linear(void **state)
{
	auto_json struct json *j = library();
	bool linear = false;

	(void)state;
	for (int i = 0; !linear && i < TRIES; i++) {
		double small = time_of(j, MANY / 8), large = time_of(j, MANY);

		print_message("# %d objects: %.0f ms, an eighth of them: %.1f ms\n", MANY,
			      large * 1e3, small * 1e3);
		linear = large < 16 * small + 0.05;
	}
	assert_true(linear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_empty_shapes),
		cmocka_unit_test(test_numbers_are_exact),
		cmocka_unit_test(test_a_member_set_again),
		cmocka_unit_test(test_strings_are_valid_and_safe),
		cmocka_unit_test(test_keys_may_be_hostile),
		cmocka_unit_test(test_reports_a_full_disk),
		cmocka_unit_test(test_time_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
