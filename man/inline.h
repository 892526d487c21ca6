/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The macros of mdoc(7) that stand inside a sentence: fonts, brackets, quotes. */
#pragma once

#include "../common/base/vec.h"
#include "fill.h"

struct inliner {
	struct fill *f;
	char *name;  /* what .Nm without a word stands for */
	bool joined; /* the next word stands close to the one before */
	bool keeps;  /* no line is broken between brackets; we are between some */
	bool kept;
};

/* The words of a line; quotes keep blanks in one. */
struct words {
	VEC(struct word {
		char *text;
		bool quoted;
	})
	list;
};

/* Cuts LINE up. The words live as long as it does. */
void words_split(struct words *w, char *line);
void words_done(struct words *w);

/* TEXT without roff's escapes, to be freed. */
char *unescape(const char *text);

/* A line of plain text. */
void inline_text(struct inliner *in, const char *line);

/* What the page is about, as .Nm shows it. */
void inline_name(struct inliner *in, const char *name);

/* A line of words, some of them macros; it cuts LINE up. */
void inline_words(struct inliner *in, char *line);

/* Does LINE begin with a macro known here? */
bool inline_known(const char *line);
