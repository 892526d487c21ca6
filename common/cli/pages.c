/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages.h"

static const char *next_string(const char **p)
{
	const char *s = *p;

	*p += strlen(s) + 1;
	return s;
}

bool page_next(const char **pages, struct page *p)
{
	if (!*pages || !**pages)
		return false;
	p->name = next_string(pages);
	p->about = next_string(pages);
	p->text = next_string(pages);
	return true;
}

bool page_find(const char *pages, const char *name, struct page *p)
{
	while (page_next(&pages, p))
		if (str_is(p->name, name))
			return true;
	return false;
}

void page_text(const struct page *p, bool color, struct str *to)
{
	static const char *const fonts[] = {
		[PAGE_PLAIN] = "\033[0m",
		[PAGE_BOLD] = "\033[1m",
		[PAGE_UNDERLINE] = "\033[0;4m",
	};

	static const char marks[] = { PAGE_PLAIN, PAGE_BOLD, PAGE_UNDERLINE, '\0' };

	for (const char *c = p->text; *c;) {
		size_t n = strcspn(c, marks);

		str_addn(to, c, n);
		c += n;
		if (*c && color)
			str_add(to, fonts[(unsigned char)*c]);
		c += *c != '\0';
	}
}
