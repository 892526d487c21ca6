/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mdoc.h"

#include "inline.h"

#include <ctype.h>
#include <errno.h>

#define TEXT_INDENT  5
#define TITLE_INDENT 2 /* of a subsection */
#define SHOW_INDENT  6 /* of a display, and of what "Ds" stands for */

/* A list that is open: where its items and their text begin. */
struct list {
	int item, text;
	bool compact;
	const char *mark; /* of each item; NULL: it has words of its own */
};

struct reader {
	struct mdoc *d;
	struct inliner in;
	VEC(struct list) lists;
	bool literal;
	struct err *e;
};

static int unknown(struct reader *r, const char *what, const char *word)
{
	return err_say(r->e, -EINVAL, "%s '%s' is not known", what, word);
}

static int text_indent(const struct reader *r)
{
	return r->lists.n ? r->lists.v[r->lists.n - 1].text : TEXT_INDENT;
}

static void set_indent(struct reader *r, int indent)
{
	fill_break(&r->d->text);
	r->d->text.indent = indent;
}

/* --- blocks; each is given the words behind the macro's name */

static int read_title(struct reader *r, const char *rest)
{
	size_t n = strcspn(rest, " ");

	r->d->title = xstrndup(rest, n);
	for (char *c = r->d->title; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return 0;
}

static int read_nothing(struct reader *r, const char *rest)
{
	(void)r, (void)rest;
	return 0;
}

static int read_about(struct reader *r, const char *rest)
{
	fill_space(&r->d->text);
	fill_text(&r->d->text, FONT_PLAIN, "-");
	fill_space(&r->d->text);
	inline_text(&r->in, rest);
	r->d->about = xstrdup(rest);
	return 0;
}

static int begin_part(struct reader *r, const char *rest, int indent)
{
	struct fill *f = &r->d->text;

	set_indent(r, indent);
	fill_gap(f);
	fill_text(f, FONT_BOLD, rest);
	fill_heading(f);
	f->indent = TEXT_INDENT;
	return 0;
}

static int begin_section(struct reader *r, const char *rest)
{
	r->in.keeps = str_is(rest, "SYNOPSIS");
	return begin_part(r, rest, 0);
}

static int begin_subsection(struct reader *r, const char *rest)
{
	return begin_part(r, rest, TITLE_INDENT);
}

static int begin_paragraph(struct reader *r, const char *rest)
{
	(void)rest;
	fill_gap(&r->d->text);
	return 0;
}

/* "Ds" is a width by itself, any other word as wide as it is and two blanks more. */
static int width_of(const char *word)
{
	return str_is(word, "Ds") ? SHOW_INDENT + 2 : (int)strlen(word) + 2;
}

static int read_list_word(struct reader *r, struct list *l, const char *word, const char *next)
{
	if (str_is(word, "-compact"))
		l->compact = true;
	else if (str_is(word, "-bullet"))
		l->mark = "o";
	else if (str_is(word, "-dash"))
		l->mark = "-";
	else if (str_is(word, "-width") && next)
		l->text = l->item + width_of(next);
	else if (!str_is(word, "-tag"))
		return unknown(r, "list", word);
	return 0;
}

static int begin_list(struct reader *r, const char *rest)
{
	struct list l = { .item = text_indent(r), .text = text_indent(r) + SHOW_INDENT + 2 };
	auto_free char *line = xstrdup(rest);
	struct words w = { 0 };
	int bad = 0;

	fill_break(&r->d->text);
	words_split(&w, line);
	for (size_t i = 0; !bad && i < w.list.n; i++) {
		const char *next = i + 1 < w.list.n ? w.list.v[i + 1].text : NULL;

		bad = read_list_word(r, &l, w.list.v[i].text, next);
		i += str_is(w.list.v[i].text, "-width");
	}
	words_done(&w);
	vec_push(&r->lists, l);
	return bad;
}

static int begin_item(struct reader *r, const char *rest)
{
	struct fill *f = &r->d->text;
	const struct list *l = r->lists.n ? &r->lists.v[r->lists.n - 1] : NULL;
	auto_free char *line = xstrdup(rest);

	if (!l)
		return unknown(r, "item", rest);
	set_indent(r, l->item);
	if (!l->compact)
		fill_gap(f);
	if (l->mark)
		fill_text(f, FONT_PLAIN, l->mark);
	inline_words(&r->in, line);
	fill_column(f, l->text);
	return 0;
}

static int end_list(struct reader *r, const char *rest)
{
	if (!r->lists.n)
		return unknown(r, "end", rest);
	r->lists.n--;
	set_indent(r, text_indent(r));
	return 0;
}

static int begin_display(struct reader *r, const char *rest)
{
	if (!str_after(rest, "-literal"))
		return unknown(r, "display", rest);
	set_indent(r, text_indent(r) + (strstr(rest, "-offset") ? SHOW_INDENT : 0));
	fill_gap(&r->d->text);
	r->literal = true;
	return 0;
}

static int end_display(struct reader *r, const char *rest)
{
	(void)rest;
	r->literal = false;
	set_indent(r, text_indent(r));
	return 0;
}

/* A line as it stands, but for its tabs. */
static void show_line(struct reader *r, const char *line)
{
	auto_free char *plain = unescape(line);
	auto_str struct str s = { 0 };

	for (const char *c = plain; *c; c++)
		str_addf(&s, "%.*s", *c == '\t' ? 8 : 1, *c == '\t' ? "        " : c);
	if (!s.len)
		fill_gap(&r->d->text);
	fill_text(&r->d->text, FONT_PLAIN, str_text(&s));
	fill_break(&r->d->text);
}

static int show_command(struct reader *r, const char *rest)
{
	set_indent(r, text_indent(r) + SHOW_INDENT);
	show_line(r, rest);
	set_indent(r, text_indent(r));
	return 0;
}

/* A command of a synopsis stands at the left; what it takes, one behind its name. */
static void begin_command(struct reader *r, const char *rest)
{
	const char *name = *rest ? rest : r->in.name ? r->in.name : "";

	set_indent(r, TEXT_INDENT);
	inline_name(&r->in, name);
	fill_column(&r->d->text, TEXT_INDENT + (int)strlen(name) + 1);
}

static const struct {
	const char *name;
	int (*read)(struct reader *, const char *);
} blocks[] = {
	{ "Dd", read_nothing },	   { "Dt", read_title },    { "Os", read_nothing },
	{ "Nd", read_about },	   { "Sh", begin_section }, { "Ss", begin_subsection },
	{ "Pp", begin_paragraph }, { "Bl", begin_list },    { "It", begin_item },
	{ "El", end_list },	   { "Bd", begin_display }, { "Ed", end_display },
	{ "Dl", show_command },
};

static int read_macro(struct reader *r, char *line)
{
	size_t n = strcspn(line, " ");
	char *rest = line + n + strspn(line + n, " ");

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
		if (n == 2 && strncmp(line, blocks[i].name, n) == 0)
			return blocks[i].read(r, rest);
	if (r->in.keeps && n == 2 && str_after(line, "Nm")) {
		begin_command(r, rest);
		return 0;
	}
	if (!inline_known(line))
		return unknown(r, "macro", line);
	inline_words(&r->in, line);
	if (r->literal)
		fill_break(&r->d->text);
	return 0;
}

static int read_line(struct reader *r, char *line)
{
	if (str_after(line, ".\\\""))
		return 0;
	if (*line == '.')
		return read_macro(r, line + 1);
	if (r->literal)
		show_line(r, line);
	else
		inline_text(&r->in, line);
	return 0;
}

void mdoc_done(struct mdoc *d)
{
	free(d->title);
	free(d->about);
	fill_done(&d->text);
}

int mdoc_read(struct mdoc *d, char *page, struct err *e)
{
	struct reader r = { .d = d, .in = { .f = &d->text }, .e = e };
	int bad = 0, number = 0;

	for (char *end; !bad && (end = strchr(page, '\n')); page = end + 1) {
		*end = '\0';
		number++;
		bad = read_line(&r, page);
	}
	fill_break(&d->text);
	vec_done(&r.lists);
	free(r.in.name);
	if (bad)
		err_wrap(e, "line %d", number);
	return bad;
}
