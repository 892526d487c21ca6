/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewkinds.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "../ns/discover.h"
#include "../out/nscolumns.h"
#include "candidates.h"

#include <errno.h>

static int parse_columns(const char *word, void *field, struct err *e)
{
	struct nschoice c = { 0 };
	int r = nschoice_parse(word, NULL, &c, e);

	nschoice_done(&c);
	*(const char **)field = word;
	return r;
}

static int parse_filter(const char *word, void *field, struct err *e)
{
	auto_filter struct filter *f = nsfilter_new(word, e);

	*(const char **)field = word;
	return f ? 0 : -EINVAL;
}

static const char *const tree_words[] = { "owner", "parent", "process", NULL };

static int parse_tree(const char *word, void *field, struct err *e)
{
	static const enum forest_kind kinds[] = { FOREST_OWNER, FOREST_PARENT, FOREST_PROCESS };
	auto_free char *q = NULL;

	for (size_t i = 0; tree_words[i]; i++)
		if (!word || str_is(word, tree_words[i])) {
			*(enum forest_kind *)field = kinds[i];
			return 0;
		}
	q = quoted(word);
	return err_say(e, -EINVAL, "%s is not a kind of tree: owner, parent or process", q);
}

/* The bits that NAME stands for, 0 if it is no source. */
static unsigned source_bits(const char *name)
{
	if (str_is(name, "all"))
		return SOURCE_ALL;
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		if (str_is(name, sources[i].name))
			return 1U << i;
	return 0;
}

static int unknown_source(const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion s = { .word = name };
	auto_str struct str known = { 0 };

	for (size_t i = 0; i < SOURCE_NKINDS; i++) {
		suggest_consider(&s, sources[i].name);
		str_join(&known, ", ", sources[i].name);
	}
	if (s.nearest)
		return err_say(e, -EINVAL, "%s is not a source, did you mean '%s'?", q, s.nearest);
	err_say(e, -EINVAL, "%s is not a source", q);
	err_hint(e, "the sources are %s, or all", str_text(&known));
	return -EINVAL;
}

static int parse_sources(const char *word, void *field, struct err *e)
{
	for (;;) {
		size_t n = strcspn(word, ",");
		auto_free char *name = xstrndup(word, n);
		unsigned bits = source_bits(name);

		if (!bits)
			return unknown_source(name, e);
		*(unsigned *)field |= bits;
		if (!word[n])
			return 0;
		word += n + 1;
	}
}

static void complete_columns(struct candidates *ret)
{
	candidates_settle_items(ret, "+,");
	for (size_t i = 0; i < nnscolumns; i++)
		candidates_add(ret, nscolumns[i].name, nscolumns[i].help);
}

/* The names in an expression; the rest of its language is up to the user. */
static void complete_filter(struct candidates *ret)
{
	candidates_settle_items(ret, " ()!&|=<>~");
	for (size_t i = 0; i < nnscolumns; i++)
		candidates_add(ret, nscolumns[i].name, nscolumns[i].help);
}

static void complete_sources(struct candidates *ret)
{
	candidates_settle_items(ret, ",");
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		candidates_add(ret, sources[i].name, sources[i].help);
	candidates_add(ret, "all", "everywhere");
}

const struct arg_kind arg_columns = { "LIST", sizeof(char *), parse_columns, NULL,
				      complete_columns };
const struct arg_kind arg_filter = { "EXPR", sizeof(char *), parse_filter, NULL, complete_filter };
const struct arg_kind arg_tree = { "REL", sizeof(enum forest_kind), parse_tree, tree_words };
const struct arg_kind arg_sources = { "LIST", sizeof(unsigned), parse_sources, NULL,
				      complete_sources };
