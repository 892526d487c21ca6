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

/* How far the text of a page is indented, and with it the words that are explained. */
#define INDENT 5

static size_t indent_of(const char *line)
{
	return strspn(line, " ");
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* Whether LINE is "NAME …" or "OTHER, NAME …", the words that are explained below it. */
static bool explains(const char *line, const char *name)
{
	const char *end = line + strcspn(line, "\n"), *word = line + INDENT;
	size_t n = strlen(name);

	if (indent_of(line) != INDENT)
		return false;
	while (word && word < end) {
		if (strncmp(word, name, n) == 0 && strchr(" ,\n", word[n]))
			return true;
		word = memmem(word, (size_t)(end - word), ", ", 2);
		word = word ? word + 2 : NULL;
	}
	return false;
}

bool page_item(const struct page *p, const char *name, struct str *to)
{
	auto_str struct str text = { 0 };
	const char *line;
	bool after_blank = false;

	page_text(p, false, &text);
	for (line = str_text(&text); *line && !(after_blank && explains(line, name));) {
		after_blank = *line == '\n';
		line = next_line(line);
	}
	if (!*line)
		return false;
	do {
		size_t indent = MIN(indent_of(line), (size_t)INDENT);

		str_addn(to, line + indent, (size_t)(next_line(line) - line) - indent);
		line = next_line(line);
	} while (*line == '\n' ? indent_of(line + 1) > INDENT : indent_of(line) > INDENT);
	return true;
}
