/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/escape.h"

#include "../cmocka.h"
#include "../tsv.h"

/*
 * Well-formed sequences after RFC 3629, section 4: the range of the first byte, of the second,
 * and how many more of 80..BF follow.
 */
static const struct {
	unsigned char first_min, first_max, second_min, second_max;
	size_t more;
} well_formed[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 0 }, { 0xe0, 0xe0, 0xa0, 0xbf, 1 }, { 0xe1, 0xec, 0x80, 0xbf, 1 },
	{ 0xed, 0xed, 0x80, 0x9f, 1 }, { 0xee, 0xef, 0x80, 0xbf, 1 }, { 0xf0, 0xf0, 0x90, 0xbf, 2 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 2 }, { 0xf4, 0xf4, 0x80, 0x8f, 2 },
};

static bool is_tail(unsigned char c)
{
	return c >= 0x80 && c <= 0xbf;
}

/* How long the character at the head of the N bytes P is, 0 if there is none. */
static size_t well_formed_length(const unsigned char *p, size_t n)
{
	if (p[0] < 0x80)
		return 1;
	if (n < 2)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(well_formed); i++) {
		size_t len = 2 + well_formed[i].more;
		bool tails = true;

		if (p[0] < well_formed[i].first_min || p[0] > well_formed[i].first_max || n < len)
			continue;
		for (size_t j = 2; j < len; j++)
			tails = tails && is_tail(p[j]);
		if (tails && p[1] >= well_formed[i].second_min && p[1] <= well_formed[i].second_max)
			return len;
	}
	return 0;
}

static void check_utf8(const unsigned char *bytes, size_t n)
{
	auto_str struct str got = { 0 }, want = { 0 };

	for (size_t i = 0; i < n;) {
		size_t len = well_formed_length(bytes + i, n - i);

		if (len)
			str_addn(&want, (const char *)bytes + i, len);
		else
			str_add(&want, "\xef\xbf\xbd");
		i += len ? len : 1;
	}
	escape_utf8(&got, (const char *)bytes, n);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(str_text(&got), str_text(&want), got.len);
}

/* All first and second bytes; third and fourth ones on both sides of their bounds; cut short too. */
static void test_utf8_of_all_beginnings(void **state)
{
	static const unsigned char edges[] = { 0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff };

	(void)state;
	for (unsigned i = 0; i < 65536U * ARRAY_LEN(edges); i++) {
		unsigned char bytes[4] = { (unsigned char)(i & 0xff),
					   (unsigned char)(i >> 8 & 0xff), edges[i >> 16], 0x80 };

		check_utf8(bytes, 4);
		bytes[3] = 0x7f;
		check_utf8(bytes, 4);
		if (bytes[2] == 0x80)
			for (size_t n = 0; n < 4; n++)
				check_utf8(bytes, n);
	}
}

/* TEXT with each \xNN made the byte it stands for again. */
static void unescape(struct str *s, const char *text)
{
	for (const char *p = text; *p; p++)
		str_addc(s, p[0] == '\\' && p[1] == 'x' ? tsv_unescape(&p) : *p);
}

static bool is_active(unsigned c)
{
	static const unsigned ranges[][2] = {
		{ 0x00, 0x1f },	    { 0x7f, 0x9f },	{ 0x61c, 0x61c },
		{ 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x2069 },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

static size_t encode(unsigned c, char *p)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = len; i-- > 1; c >>= 6)
		p[i] = (char)(0x80 | (c & 0x3f));
	p[0] = (char)(marks[len] | c);
	return len;
}

/* Each character passes unchanged unless a terminal would act on it or it is a surrogate. */
static void test_terminal_of_all_characters(void **state)
{
	(void)state;
	for (unsigned c = 0; c <= 0x110000; c++) {
		auto_str struct str s = { 0 }, back = { 0 };
		char bytes[4];
		size_t n = encode(c, bytes);
		bool passes = !is_active(c) && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);

		escape_terminal(&s, bytes, n);
		if (passes != (s.len == n && !memcmp(str_text(&s), bytes, n)))
			fail_msg("U+%04X becomes %s", c, str_text(&s));
		for (size_t i = 0; !passes && i < s.len; i++)
			assert_true(s.s[i] > 0x20 && s.s[i] < 0x7f);
		unescape(&back, str_text(&s));
		assert_int_equal(back.len, n);
		assert_memory_equal(str_text(&back), bytes, n);
	}
}

/* TEXT ESCAPED */
static char *check_terminal(const char *const *fields)
{
	auto_str struct str s = { 0 };

	escape_terminal(&s, fields[0], strlen(fields[0]));
	return str_is(str_text(&s), fields[1]) ? NULL : xasprintf("gives %s", str_text(&s));
}

static void test_terminal(void **state)
{
	(void)state;
	tsv_each("unit/base/escape.tsv", 2, check_terminal);
}

/* What is escaped can be told back, whatever bytes came. */
static void test_terminal_round_trip(void **state)
{
	static const char alphabet[] = "\\x5cX\n\033\x80\xc3\xa4\xe2\xae\x80\xff\xf0\x9f\x98\x80 a";
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		auto_str struct str s = { 0 }, back = { 0 };
		char bytes[12];

		for (size_t j = 0; j < sizeof(bytes); j++) {
			seed = seed * 1103515245 + 12345;
			bytes[j] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		escape_terminal(&s, bytes, sizeof(bytes));
		unescape(&back, str_text(&s));
		assert_int_equal(back.len, sizeof(bytes));
		assert_memory_equal(str_text(&back), bytes, sizeof(bytes));
	}
}

static void test_adds_behind(void **state)
{
	auto_str struct str s = { 0 };
	auto_free char *q = quoted("a\nb");

	(void)state;
	str_add(&s, "x");
	escape_terminal(&s, "\n", 1);
	escape_utf8(&s, "\xff\n", 2);
	escape_quoted(&s, "\033'");
	assert_string_equal(str_text(&s), "x\\x0a\xef\xbf\xbd\n'\\x1b''");
	assert_string_equal(q, "'a\\x0ab'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_of_all_beginnings),
		cmocka_unit_test(test_terminal_of_all_characters),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_terminal_round_trip),
		cmocka_unit_test(test_adds_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
