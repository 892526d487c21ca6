/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words that become lines, for mktext. Text is ASCII; where the font changes stands one byte
 * (common/cli/pages.h), which takes no room on a line.
 */
#pragma once

#include "../common/base/str.h"

enum font { FONT_PLAIN, FONT_BOLD, FONT_UNDERLINE };

struct fill {
	struct str out;	 /* the lines that are finished */
	struct str line; /* the one that is not; its width */
	int column;
	struct str word; /* the word at its end; its width, the font it is in */
	int width;
	enum font font;
	int indent;    /* where the next line begins */
	bool wide_gap; /* an empty line is wanted before the next one */
	bool tight;    /* … unless a heading stands there, or nothing */
};

#define FILL_NONE                                                                                  \
	{                                                                                          \
		.tight = true                                                                      \
	}

void fill_done(struct fill *f);

/* Adds TEXT to the word. A blank in it belongs to the word: no line is broken there. */
void fill_text(struct fill *f, enum font font, const char *text);

/* Ends the word. */
void fill_space(struct fill *f);

/* Ends the line, unless it is empty. */
void fill_break(struct fill *f);

/* Ends the line; an empty one follows, if anything does. */
void fill_gap(struct fill *f);

/* Ends the line, a heading: nothing empty follows it. */
void fill_heading(struct fill *f);

/* Goes on at COLUMN of the same line or, if that is taken, on the next one. */
void fill_column(struct fill *f, int column);
