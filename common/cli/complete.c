/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complete.h"

#include "../base/escape.h"

#include <ctype.h>
#include <libgen.h>

/* How far a line has been read: what the next word is. */
struct place {
	const struct applet *applet;
	const struct opt *option; /* the next word is this option's value */
	size_t operands;	  /* so many came already */
	bool no_options;	  /* "--" has come */
	bool runs;		  /* OPERAND_COMMAND is a command */
	int command;		  /* a command line of its own began here; 0: not yet */
};

static const struct opt *find_long(const struct applet *a, const char *name, size_t n)
{
	for (size_t i = 0; i < a->nopts; i++)
		if (strncmp(a->opts[i].name, name, n) == 0 && !a->opts[i].name[n])
			return &a->opts[i];
	return NULL;
}

static const struct opt *find_letter(const struct applet *a, char letter)
{
	for (size_t i = 0; i < a->nopts; i++)
		if (a->opts[i].letter == letter)
			return &a->opts[i];
	return NULL;
}

static const struct operand *operand_at(const struct applet *a, size_t index)
{
	if (index < a->noperands)
		return &a->operands[index];
	if (a->noperands &&
	    (a->operands[a->noperands - 1].count == OPERAND_REST || a->command_with))
		return &a->operands[a->noperands - 1];
	return NULL;
}

/*
 * The option among the letters of WORD ("-ut") that takes what follows as its value, with *REST
 * set behind its letter; NULL if all of them are flags.
 */
static const struct opt *find_letters(const struct applet *a, const char *word, const char **rest)
{
	for (const char *p = word + 1; *p; p++) {
		const struct opt *o = find_letter(a, *p);

		if (!o || (o->takes != OPT_VALUE && o->takes != OPT_MAYBE))
			continue;
		*rest = p + 1;
		return o;
	}
	return NULL;
}

static void read_operand(struct place *p, int index)
{
	const struct operand *o = operand_at(p->applet, p->operands);

	if (o && o->count == OPERAND_COMMAND && p->runs)
		p->command = index;
	p->operands++;
}

/* Whether O, which stands there, waits for the next word as its VALUE. */
static void read_option(struct place *p, const struct opt *o, bool has_value)
{
	if (!o)
		return;
	if (o->takes == OPT_VALUE && !has_value)
		p->option = o;
	if (p->applet->command_with && str_is(o->name, p->applet->command_with))
		p->runs = true;
	if (p->applet->replaces_first && str_is(o->name, p->applet->replaces_first))
		p->operands++;
}

static void read_word(struct place *p, const char *word, int index)
{
	const char *rest = "";
	const struct opt *o;

	if (p->option) {
		p->option = NULL;
	} else if (p->no_options || word[0] != '-' || !word[1]) {
		read_operand(p, index);
	} else if (str_is(word, "--")) {
		p->no_options = true;
	} else if (str_after(word, "--")) {
		o = find_long(p->applet, word + 2, strcspn(word + 2, "="));
		read_option(p, o, strchr(word, '='));
	} else {
		o = find_letters(p->applet, word, &rest);
		read_option(p, o, *rest);
	}
}

static void complete_kind(const struct arg_kind *kind, struct candidates *ret)
{
	if (kind->complete)
		kind->complete(ret);
	else
		for (const char *const *word = kind->words; word && *word; word++)
			candidates_add(ret, *word, NULL);
}

static void complete_options(const struct applet *a, struct candidates *ret)
{
	for (size_t i = 0; i < a->nopts; i++) {
		auto_free char *word = xasprintf("--%s", a->opts[i].name);

		candidates_add(ret, word, a->opts[i].help);
	}
	candidates_add(ret, "--help", "show a summary of the options");
	candidates_add(ret, "--version", "show the version");
}

/* A word that begins with a dash: a value attached to its option, or the option's name. */
static void complete_dashed(const struct applet *a, struct candidates *ret)
{
	const char *word = ret->typed, *rest, *equals = strchr(word, '=');
	const struct opt *o;

	if (str_after(word, "--")) {
		o = equals ? find_long(a, word + 2, (size_t)(equals - word - 2)) : NULL;
		rest = equals ? equals + 1 : NULL;
	} else {
		o = find_letters(a, word, &rest);
	}
	if (!o) {
		complete_options(a, ret);
	} else if (o->takes != OPT_FLAG) {
		candidates_settle(ret, (size_t)(rest - word));
		complete_kind(o->kind, ret);
	}
}

static void complete_arguments(const struct applet *a, int argc, char **argv, int first,
			       struct candidates *ret)
{
	struct place p = { .applet = a, .runs = !a->command_with };
	const struct operand *o;

	for (int i = first; i < argc - 1 && !p.command; i++)
		read_word(&p, argv[i], i);
	ret->typed = argv[argc - 1];
	ret->before = argv[argc - 2];
	if (p.command) {
		ret->command = p.command;
	} else if (p.option) {
		complete_kind(p.option->kind, ret);
	} else if (!p.no_options && ret->typed[0] == '-') {
		complete_dashed(a, ret);
	} else if ((o = operand_at(a, p.operands))) {
		if (o->count == OPERAND_COMMAND && p.runs)
			ret->command = argc - 1;
		else
			complete_kind(o->kind, ret);
	}
}

static void complete_applets(const struct ctx *ctx, struct candidates *ret)
{
	for (size_t i = 0; i < ctx->napplets; i++)
		candidates_add(ret, ctx->applets[i]->name, ctx->applets[i]->summary);
}

void complete_applet(const struct ctx *ctx, int argc, char **argv, struct candidates *ret)
{
	const struct applet *a = applet_find(ctx, argv[0]);

	ret->ctx = ctx;
	if (argc > 1 && a) {
		complete_arguments(a, argc, argv, 1, ret);
	} else if (argc == 1) {
		ret->typed = argv[0];
		complete_applets(ctx, ret);
	}
}

void complete_words(const struct ctx *ctx, int argc, char **argv, struct candidates *ret)
{
	auto_free char *path = xstrdup(argc > 0 ? argv[0] : "");
	const struct applet *a = applet_find(ctx, basename(path));

	if (argc < 2)
		return;
	if (a) {
		complete_arguments(a, argc, argv, 1, ret);
		return;
	}
	a = argc > 2 ? applet_alone(ctx, argv[1]) : NULL;
	if (a)
		complete_arguments(a, argc, argv, 1, ret);
	else
		complete_applet(ctx, argc - 1, argv + 1, ret);
	if (ret->command && !a)
		ret->command++;
	if (argc > 2 && str_is(argv[1], "--install")) {
		ret->typed = argv[argc - 1];
		ret->files = true;
	}
	if (argc == 2) {
		candidates_add(ret, "--help", "show what nstool is");
		candidates_add(ret, "--version", "show the version");
		candidates_add(ret, "--list", "print the names it answers to");
		candidates_add(ret, "--install", "make links of these names");
	}
}

/* A word that would do something to a terminal, or would be two for a shell, is offered to nobody. */
static bool has_controls(const char *word)
{
	for (; *word; word++)
		if (iscntrl((unsigned char)*word))
			return true;
	return false;
}

void complete_print(const struct candidates *c, FILE *out)
{
	for (size_t i = 0; i < c->found.n; i++) {
		const struct candidate *found = &c->found.v[i];
		auto_str struct str about = { 0 };

		if (found->about)
			escape_terminal(&about, found->about, strlen(found->about));
		if (!has_controls(found->word))
			fprintf(out, "%s\t%s\n", found->word, str_text(&about));
	}
	if (c->files)
		fprintf(out, c->head.len ? ":files %s\n" : ":files\n", str_text(&c->head));
	if (c->command)
		fprintf(out, ":command %d\n", c->command);
}
