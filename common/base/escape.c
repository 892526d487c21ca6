/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "escape.h"

#include <stdint.h>

static bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * Decodes one character. Returns its length and sets *RET, or 0 if the bytes are no well-formed
 * UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
 */
static size_t decode(const unsigned char *p, size_t n, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc0 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c;

	if (!len || len > n || p[0] > 0xf4)
		return 0;
	c = len == 1 ? p[0] : p[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (!is_continuation(p[i]))
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return len;
}

/* Characters that move the cursor, change its direction or start a sequence. */
static bool is_active(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void escape_terminal(struct str *s, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;

	while (n > 0) {
		uint32_t c = 0;
		size_t len = decode(p, n, &c);
		bool ambiguous = c == '\\' && n > 1 && p[1] == 'x';

		if (len && !is_active(c) && !ambiguous) {
			str_addn(s, (const char *)p, len);
		} else {
			len = len ? len : 1;
			for (size_t i = 0; i < len; i++)
				str_addf(s, "\\x%02x", p[i]);
		}
		p += len;
		n -= len;
	}
}

void escape_utf8(struct str *s, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;

	while (n > 0) {
		uint32_t c;
		size_t len = decode(p, n, &c);

		if (len)
			str_addn(s, (const char *)p, len);
		else
			str_add(s, "\xef\xbf\xbd");
		len = len ? len : 1;
		p += len;
		n -= len;
	}
}

void escape_json(struct str *s, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t plain = 0, i = 0;

	while (i < n) {
		uint32_t c = 0;
		size_t len = decode(p + i, n - i, &c);

		if (c >= 0x20 && is_active(c)) {
			str_addn(s, text + plain, i - plain);
			str_addf(s, "\\u%04x", c);
			plain = i + len;
		}
		i += len ? len : 1;
	}
	str_addn(s, text + plain, n - plain);
}

void escape_quoted(struct str *s, const char *text)
{
	str_addc(s, '\'');
	escape_terminal(s, text, strlen(text));
	str_addc(s, '\'');
}

char *quoted(const char *text)
{
	struct str s = { 0 };

	escape_quoted(&s, text);
	return str_take(&s);
}
