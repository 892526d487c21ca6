/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fill.h"

#include "../common/cli/pages.h"

#define LINE_WIDTH 78

void fill_done(struct fill *f)
{
	str_done(&f->out);
	str_done(&f->line);
	str_done(&f->word);
}

static void set_font(struct fill *f, enum font font)
{
	static const char marks[] = {
		[FONT_PLAIN] = PAGE_PLAIN,
		[FONT_BOLD] = PAGE_BOLD,
		[FONT_UNDERLINE] = PAGE_UNDERLINE,
	};

	if (f->font != font)
		str_addc(&f->word, marks[font]);
	f->font = font;
}

void fill_text(struct fill *f, enum font font, const char *text)
{
	if (!*text)
		return;
	set_font(f, font);
	str_add(&f->word, text);
	f->width += (int)strlen(text);
}

static void add_blanks(struct fill *f, int n)
{
	str_addf(&f->line, "%*s", n, "");
	f->column += n;
}

static void begin_line(struct fill *f)
{
	if (f->wide_gap && !f->tight)
		str_addc(&f->out, '\n');
	f->wide_gap = f->tight = false;
	add_blanks(f, f->indent);
}

static void end_line(struct fill *f)
{
	if (!f->column)
		return;
	str_addf(&f->out, "%s\n", str_text(&f->line));
	str_clear(&f->line);
	f->column = 0;
}

void fill_space(struct fill *f)
{
	if (!f->width)
		return;
	set_font(f, FONT_PLAIN);
	if (f->column > f->indent && f->column + 1 + f->width > LINE_WIDTH)
		end_line(f);
	if (!f->column)
		begin_line(f);
	else if (f->line.s[f->line.len - 1] != ' ')
		add_blanks(f, 1);
	str_add(&f->line, str_text(&f->word));
	f->column += f->width;
	str_clear(&f->word);
	f->width = 0;
}

void fill_break(struct fill *f)
{
	fill_space(f);
	end_line(f);
}

void fill_gap(struct fill *f)
{
	fill_break(f);
	f->wide_gap = true;
}

void fill_heading(struct fill *f)
{
	fill_break(f);
	f->tight = true;
}

void fill_column(struct fill *f, int column)
{
	fill_space(f);
	f->indent = column;
	if (f->column && f->column < column)
		add_blanks(f, column - f->column);
	else
		end_line(f);
}
