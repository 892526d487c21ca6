/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewkinds.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "../ns/discover.h"
#include "../out/eventview.h"
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

static const char *source_name(size_t i)
{
	return i < SOURCE_NKINDS ? sources[i].name : NULL;
}

/* What words of a list stand for bits: their names, and how they are called. */
struct bit_words {
	const char *one, *many;
	const char *(*name)(size_t i); /* NULL behind the last */
	unsigned (*bits)(const char *name);
};

static int unknown_word(const struct bit_words *words, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion s = { .word = name };
	auto_str struct str known = { 0 };

	for (size_t i = 0; words->name(i); i++) {
		suggest_consider(&s, words->name(i));
		str_join(&known, ", ", words->name(i));
	}
	if (s.nearest)
		return err_say(e, -EINVAL, "%s is not %s, did you mean '%s'?", q, words->one,
			       s.nearest);
	err_say(e, -EINVAL, "%s is not %s", q, words->one);
	err_hint(e, "the %s are %s, or all", words->many, str_text(&known));
	return -EINVAL;
}

/* Adds the bits of the words of LIST to RET. */
static int parse_bits(const struct bit_words *words, const char *list, unsigned *ret, struct err *e)
{
	for (;;) {
		size_t n = strcspn(list, ",");
		auto_free char *name = xstrndup(list, n);
		unsigned bits = words->bits(name);

		if (!bits)
			return unknown_word(words, name, e);
		*ret |= bits;
		if (!list[n])
			return 0;
		list += n + 1;
	}
}

static int parse_sources(const char *word, void *field, struct err *e)
{
	static const struct bit_words words = { "a source", "sources", source_name, source_bits };

	return parse_bits(&words, word, field, e);
}

static const char *event_name(size_t i)
{
	return i < EVENT_NKINDS ? event_infos[i].name : NULL;
}

static unsigned event_bits(const char *name)
{
	if (str_is(name, "all"))
		return (1U << EVENT_NKINDS) - 1;
	for (size_t i = 0; i < EVENT_NKINDS; i++)
		if (str_is(name, event_infos[i].name))
			return 1U << i;
	return 0;
}

static int parse_events(const char *word, void *field, struct err *e)
{
	static const struct bit_words words = { "an event", "events", event_name, event_bits };

	return parse_bits(&words, word, field, e);
}

static int parse_event_columns(const char *word, void *field, struct err *e)
{
	*(const char **)field = word;
	return eventview_check_columns(word, e);
}

static int parse_event_filter(const char *word, void *field, struct err *e)
{
	*(const char **)field = word;
	return eventview_check_filter(word, e);
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

static void complete_event_columns(struct candidates *ret)
{
	candidates_settle_items(ret, "+,");
	for (size_t i = 0; i < neventcolumns; i++)
		candidates_add(ret, eventcolumns[i].name, eventcolumns[i].help);
}

static void complete_event_filter(struct candidates *ret)
{
	candidates_settle_items(ret, " ()!&|=<>~");
	for (size_t i = 0; i < neventcolumns; i++)
		if (eventcolumns[i].get)
			candidates_add(ret, eventcolumns[i].name, eventcolumns[i].help);
}

static void complete_events(struct candidates *ret)
{
	candidates_settle_items(ret, ",");
	for (size_t i = 0; i < EVENT_NKINDS; i++)
		candidates_add(ret, event_infos[i].name, event_infos[i].help);
	candidates_add(ret, "all", "each of them");
}

const struct arg_kind arg_columns = { "LIST", sizeof(char *), parse_columns, NULL,
				      complete_columns };
const struct arg_kind arg_filter = { "EXPR", sizeof(char *), parse_filter, NULL, complete_filter };
const struct arg_kind arg_tree = { "REL", sizeof(enum forest_kind), parse_tree, tree_words };
const struct arg_kind arg_sources = { "LIST", sizeof(unsigned), parse_sources, NULL,
				      complete_sources };
const struct arg_kind arg_event_columns = { "LIST", sizeof(char *), parse_event_columns, NULL,
					    complete_event_columns };
const struct arg_kind arg_event_filter = { "EXPR", sizeof(char *), parse_event_filter, NULL,
					   complete_event_filter };
const struct arg_kind arg_events = { "LIST", sizeof(unsigned), parse_events, NULL,
				     complete_events };
