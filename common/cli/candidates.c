/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "candidates.h"

void candidates_settle(struct candidates *c, size_t n)
{
	str_addn(&c->head, c->typed, n);
	c->typed += n;
}

void candidates_settle_items(struct candidates *c, const char *separators)
{
	size_t settled = 0;

	for (size_t i = 0; c->typed[i]; i++)
		if (strchr(separators, c->typed[i]))
			settled = i + 1;
	candidates_settle(c, settled);
}

void candidates_add(struct candidates *c, const char *word, const char *about)
{
	if (!str_after(word, c->typed))
		return;
	vec_push(&c->found, { .word = xasprintf("%s%s", str_text(&c->head), word),
			      .about = about ? xstrdup(about) : NULL,
			      .rank = c->found.n });
}

void candidates_done(struct candidates *c)
{
	for (size_t i = 0; i < c->found.n; i++) {
		free(c->found.v[i].word);
		free(c->found.v[i].about);
	}
	vec_done(&c->found);
	str_done(&c->head);
}
