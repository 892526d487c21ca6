/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dot.h"

#include "../base/escape.h"
#include "flush.h"

/* Within quotes the language knows \" and, in an attribute, \\ and HTML entities. */
static void add_quoted(struct str *s, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			str_add(s, "&amp;");
		else if (*text == '"' || *text == '\\')
			str_addf(s, "\\%c", *text);
		else
			str_addc(s, *text);
	}
}

static void add_line(struct str *s, const char *line)
{
	auto_str struct str safe = { 0 };

	escape_terminal(&safe, line, strlen(line));
	add_quoted(s, str_text(&safe));
}

static void put_name(FILE *out, const char *name)
{
	auto_str struct str s = { 0 };

	add_line(&s, name);
	fprintf(out, "\"%s\"", str_text(&s));
}

static void put_label(FILE *out, const char *const *lines, size_t n)
{
	auto_str struct str s = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (i)
			str_add(&s, "\\n");
		add_line(&s, lines[i]);
	}
	fprintf(out, "label=\"%s\"", str_text(&s));
}

void dot_begin(FILE *out, const char *name)
{
	fputs("digraph ", out);
	put_name(out, name);
	fputs(" {\n", out);
}

void dot_node(FILE *out, const char *id, const char *const *lines, size_t n, const char *attributes)
{
	fputc('\t', out);
	put_name(out, id);
	fputs(" [", out);
	put_label(out, lines, n);
	if (attributes)
		fprintf(out, ",%s", attributes);
	fputs("];\n", out);
}

void dot_edge(FILE *out, const char *from, const char *to, const char *attributes)
{
	fputc('\t', out);
	put_name(out, from);
	fputs(" -> ", out);
	put_name(out, to);
	if (attributes)
		fprintf(out, " [%s]", attributes);
	fputs(";\n", out);
}

int dot_end(FILE *out, struct err *e)
{
	fputs("}\n", out);
	return out_flush(out, e);
}
