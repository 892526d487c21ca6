/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Escaping: what comes out is valid UTF-8 that a terminal only shows, and can be told back. */
#include "../../common/base/escape.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static unsigned hex(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

static void unescape(struct str *s, const char *p)
{
	for (; *p; p++) {
		if (p[0] == '\\' && p[1] == 'x') {
			str_addc(s, (char)(hex(p[2]) << 4 | hex(p[3])));
			p += 3;
		} else {
			str_addc(s, *p);
		}
	}
}

static bool is_same(const struct str *s, const char *text, size_t n)
{
	return s->len == n && memcmp(str_text(s), text, n) == 0;
}

static void check_terminal(const char *text, size_t n)
{
	auto_str struct str shown = { 0 }, again = { 0 }, back = { 0 };

	escape_terminal(&shown, text, n);
	for (size_t i = 0; i < shown.len; i++) {
		const unsigned char *p = (const unsigned char *)shown.s + i;

		assert(*p >= ' ' && *p != 0x7f);
		assert(*p != 0xc2 || p[1] > 0x9f); /* C1 */
	}
	escape_utf8(&again, str_text(&shown), shown.len);
	assert(is_same(&again, str_text(&shown), shown.len));
	unescape(&back, str_text(&shown));
	assert(is_same(&back, text, n));
}

/* Both are the identity on what they gave. */
static void check_twice(void (*escape)(struct str *s, const char *text, size_t n), const char *text,
			size_t n)
{
	auto_str struct str once = { 0 }, twice = { 0 };

	escape(&once, text, n);
	escape(&twice, str_text(&once), once.len);
	assert(is_same(&twice, str_text(&once), once.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *text = (const char *)bytes;
	auto_free char *word = xstrndup(text, n);
	auto_free char *q = quoted(word);

	check_terminal(text, n);
	check_twice(escape_utf8, text, n);
	check_twice(escape_json, text, n);
	assert(q[0] == '\'' && q[strlen(q) - 1] == '\'');
	return 0;
}
