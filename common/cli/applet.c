/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "applet.h"

#include "../base/str.h"
#include "../base/suggest.h"

static bool answers_to(const struct applet *a, const char *name)
{
	if (str_is(a->name, name))
		return true;
	for (const char *const *alias = a->aliases; alias && *alias; alias++)
		if (str_is(*alias, name))
			return true;
	return false;
}

const struct applet *applet_find(const struct ctx *ctx, const char *name)
{
	for (size_t i = 0; i < ctx->napplets; i++)
		if (answers_to(ctx->applets[i], name))
			return ctx->applets[i];
	return NULL;
}

const struct applet *applet_alone(const struct ctx *ctx, const char *word)
{
	/* These letters are nstool's own, as the long names are. */
	if (word && (word[0] != '-' || strchr("-hV", word[1])))
		return NULL;
	for (size_t i = 0; i < ctx->napplets; i++)
		if (ctx->applets[i]->alone)
			return ctx->applets[i];
	return NULL;
}

const char *applet_suggest(const struct ctx *ctx, const char *name)
{
	struct suggestion s = { .word = name };

	for (size_t i = 0; i < ctx->napplets; i++) {
		const struct applet *a = ctx->applets[i];

		suggest_consider(&s, a->name);
		for (const char *const *alias = a->aliases; alias && *alias; alias++)
			suggest_consider(&s, *alias);
	}
	return s.nearest;
}
