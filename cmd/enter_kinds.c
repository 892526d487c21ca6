/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter.h"

#include "../common/base/escape.h"
#include "../common/cli/complete_names.h"

#include <errno.h>

/* The types in WORD if it consists of their letters only (no reference does), else 0. */
static unsigned letters(const char *word)
{
	unsigned types = 0;

	for (; *word; word++) {
		unsigned bit = 0;

		for (int t = 0; t < NS_NTYPES; t++)
			if (ns_types[t].letter == *word)
				bit = 1U << t;
		if (!bit)
			return 0;
		types |= bit;
	}
	return types;
}

static int parse_source(enum ns_type type, const char *word, void *field, struct err *e)
{
	struct enter_sources *s = field;
	unsigned more;

	s->wanted |= 1U << type;
	if (!word)
		return 0;
	more = letters(word);
	s->wanted |= more;
	return more ? 0 : ref_parse(word + (*word == '='), &s->ref[type], e);
}

#define SOURCE(type)                                                                               \
	static int parse_##type(const char *word, void *field, struct err *e)                      \
	{                                                                                          \
		return parse_source(type, word, field, e);                                         \
	}
#define SOURCE_KIND(type)                                                                          \
	[type] = { "REF", sizeof(struct enter_sources), parse_##type, NULL, complete_source }

/* Behind a letter without '=' letters of more types follow. */
static void complete_source(struct candidates *ret)
{
	if (*ret->typed == '=')
		candidates_settle(ret, 1);
	else if (!str_after(str_text(&ret->head), "--"))
		return;
	arg_ref.complete(ret);
}

SOURCE(NS_MNT)
SOURCE(NS_UTS)
SOURCE(NS_IPC)
SOURCE(NS_NET)
SOURCE(NS_PID)
SOURCE(NS_USER)
SOURCE(NS_CGROUP)
SOURCE(NS_TIME)

/* "-w=DIR" is meant as "--wd=DIR". */
static int parse_word(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word ? word + (*word == '=') : "";
	return 0;
}

static int parse_variable(const char *word, void *field, struct err *e)
{
	__typeof__(((struct enter_opts *)0)->set_env) *vars = field;
	auto_free char *q = NULL;

	if (*word && *word != '=') {
		vec_push(vars, word);
		return 0;
	}
	q = quoted(word);
	return err_say(e, -EINVAL, "%s is not NAME=VALUE or NAME", q);
}

static int parse_label(const char *word, void *field, struct err *e)
{
	*(const char **)field = word;
	return *word ? 0 : err_say(e, -EINVAL, "a label is not empty");
}

static int parse_like(const char *word, void *field, struct err *e)
{
	if (word && !str_is(word, "best-effort")) {
		auto_free char *q = quoted(word);

		return err_say(e, -EINVAL, "%s is not 'best-effort'", q);
	}
	*(enum enter_like *)field = word ? LIKE_BEST_EFFORT : LIKE_EXACTLY;
	return 0;
}

static const char *const like_words[] = { "best-effort", NULL };

const struct arg_kind arg_joined[NS_NTYPES] = {
	SOURCE_KIND(NS_MNT), SOURCE_KIND(NS_UTS),  SOURCE_KIND(NS_IPC),	   SOURCE_KIND(NS_NET),
	SOURCE_KIND(NS_PID), SOURCE_KIND(NS_USER), SOURCE_KIND(NS_CGROUP), SOURCE_KIND(NS_TIME),
};
const struct arg_kind arg_directory = { "DIR", sizeof(char *), parse_word, NULL,
					complete_attached_file };
const struct arg_kind arg_env = { "NAMES", sizeof(char *), parse_word, NULL, complete_variables };
const struct arg_kind arg_variable = { "NAME[=VALUE]", sizeof(((struct enter_opts *)0)->set_env),
				       parse_variable, NULL, complete_variable };
const struct arg_kind arg_label = { "LABEL", sizeof(char *), parse_label, NULL };
const struct arg_kind arg_like = { "HOW", sizeof(enum enter_like), parse_like, like_words };
