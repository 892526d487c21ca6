/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The manual pages, as text, for where there is no man(1): man/mktext.c makes them when nstool is
 * built.
 */
#pragma once

#include "../base/str.h"

/* The bytes in the text of a page from which on another font is meant. */
#define PAGE_PLAIN     '\001'
#define PAGE_BOLD      '\002'
#define PAGE_UNDERLINE '\003'

/*
 * All pages in one piece, that nothing has to be relocated when the program starts: of each its
 * name ("list"), what it is about and its text, each ended by a NUL; the last one's name is "".
 */
struct page {
	const char *name, *about, *text;
};

/* Reads the first page at *PAGES into P, and goes on to the next. False behind the last one. */
bool page_next(const char **pages, struct page *p);

/* The page called NAME; false if there is none. PAGES may be NULL: there are none. */
bool page_find(const char *pages, const char *name, struct page *p);

/* Adds the text of P to TO; in colour: with bold and underlined words. */
void page_text(const struct page *p, bool color, struct str *to);

/*
 * Adds what P says of NAME where it explains one word after the other, such as "cd [PLACE]" and the
 * indented text below; true if it does.
 */
bool page_item(const struct page *p, const char *name, struct str *to);
