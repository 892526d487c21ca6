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

/* Words that stand for bits, in the order of these. */
struct bit_words {
	const char *one, *many, *all; /* what each is, what they are, what "all" means */
	/* The word for bit I, with what there is to say of it; NULL behind the last. */
	const char *(*word)(size_t i, const char **about);
};

static const char *source_word(size_t i, const char **about)
{
	if (i >= SOURCE_NKINDS)
		return NULL;
	*about = sources[i].help;
	return sources[i].name;
}

static const char *event_word(size_t i, const char **about)
{
	if (i >= EVENT_NKINDS)
		return NULL;
	*about = event_infos[i].help;
	return event_infos[i].name;
}

static const struct bit_words source_words = { "a source", "sources", "everywhere", source_word };
static const struct bit_words event_words = { "an event", "events", "each of them", event_word };

/* The bits that NAME stands for, 0 if it is none of WORDS. */
static unsigned bits_of(const struct bit_words *words, const char *name)
{
	const char *word, *about;
	unsigned all = 0;

	for (size_t i = 0; (word = words->word(i, &about)); i++) {
		if (str_is(name, word))
			return 1U << i;
		all |= 1U << i;
	}
	return str_is(name, "all") ? all : 0;
}

static int unknown_word(const struct bit_words *words, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion s = { .word = name };
	auto_str struct str known = { 0 };
	const char *word, *about;

	for (size_t i = 0; (word = words->word(i, &about)); i++) {
		suggest_consider(&s, word);
		str_join(&known, ", ", word);
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
	while (list) {
		auto_free char *name = str_part(&list);
		unsigned bits = bits_of(words, name);

		if (!bits)
			return unknown_word(words, name, e);
		*ret |= bits;
	}
	return 0;
}

static void complete_bits(const struct bit_words *words, struct candidates *ret)
{
	const char *word, *about;

	candidates_settle_items(ret, ",");
	for (size_t i = 0; (word = words->word(i, &about)); i++)
		candidates_add(ret, word, about);
	candidates_add(ret, "all", words->all);
}

static int parse_sources(const char *word, void *field, struct err *e)
{
	return parse_bits(&source_words, word, field, e);
}

static int parse_events(const char *word, void *field, struct err *e)
{
	return parse_bits(&event_words, word, field, e);
}

static void complete_sources(struct candidates *ret)
{
	complete_bits(&source_words, ret);
}

static void complete_events(struct candidates *ret)
{
	complete_bits(&event_words, ret);
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

/* The names in an expression; the rest of its language is up to the user. */
static void settle_expression(struct candidates *ret)
{
	candidates_settle_items(ret, " ()!&|=<>~");
	ret->goes_on = true;
}

static void add_columns(struct candidates *ret)
{
	for (size_t i = 0; i < nnscolumns; i++)
		candidates_add(ret, nscolumns[i].name, nscolumns[i].help);
}

/* Without WHOLE only those that have a value to be compared. */
static void add_event_columns(struct candidates *ret, bool whole)
{
	for (size_t i = 0; i < neventcolumns; i++)
		if (whole || eventcolumns[i].get)
			candidates_add(ret, eventcolumns[i].name, eventcolumns[i].help);
}

static void complete_columns(struct candidates *ret)
{
	candidates_settle_items(ret, "+,");
	add_columns(ret);
}

static void complete_event_columns(struct candidates *ret)
{
	candidates_settle_items(ret, "+,");
	add_event_columns(ret, true);
}

static void complete_filter(struct candidates *ret)
{
	settle_expression(ret);
	add_columns(ret);
}

static void complete_event_filter(struct candidates *ret)
{
	settle_expression(ret);
	add_event_columns(ret, false);
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
