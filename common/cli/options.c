/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include "../base/escape.h"
#include "../base/suggest.h"

#include <errno.h>
#include <getopt.h>

/*
 * What getopt_long(3) answers for a long option, so that it cannot collide with a letter:
 * FIRST_LONG + i for the applet's option i, and two more that every applet has.
 */
enum { LONG_HELP = 1, LONG_VERSION = 2, FIRST_LONG = 256 };

/* What getopt_long(3) wants, made from an applet's table. */
struct getopt_view {
	struct option *longs;
	struct str letters;
};

static void view_add_letter(struct getopt_view *v, char letter, enum opt_takes takes)
{
	static const char *const suffix[] = {
		[OPT_FLAG] = "",
		[OPT_VALUE] = ":",
		[OPT_MAYBE] = "::",
		[OPT_LONG_MAYBE] = "",
	};

	if (!letter)
		return;
	str_addc(&v->letters, letter);
	str_add(&v->letters, suffix[takes]);
}

static const struct opt *find_letter(const struct applet *a, int letter)
{
	for (size_t i = 0; i < a->nopts; i++)
		if (a->opts[i].letter == letter)
			return &a->opts[i];
	return NULL;
}

/* Whether what follows the applet's own options is a command line with options of its own. */
static bool ends_at_command(const struct applet *a)
{
	if (a->exit == EXIT_AS_RUNNER)
		return true;
	return a->noperands > 0 && a->operands[a->noperands - 1].count == OPERAND_COMMAND;
}

/* Every applet answers to --help and --version; the letters -h and -V unless it has its own. */
static struct getopt_view view_new(const struct applet *a)
{
	static const int has_arg[] = {
		[OPT_FLAG] = no_argument,
		[OPT_VALUE] = required_argument,
		[OPT_MAYBE] = optional_argument,
		[OPT_LONG_MAYBE] = optional_argument,
	};
	struct getopt_view v = { .longs = xcalloc(a->nopts + 3, sizeof(*v.longs)) };
	size_t n = 0;

	/* '+': a runner's options end at the command's name. ':': this file words the errors. */
	str_add(&v.letters, ends_at_command(a) ? "+:" : ":");
	for (; n < a->nopts; n++) {
		const struct opt *o = &a->opts[n];

		v.longs[n] =
			(struct option){ o->name, has_arg[o->takes], NULL, (int)(FIRST_LONG + n) };
		view_add_letter(&v, o->letter, o->takes);
	}
	v.longs[n] = (struct option){ "help", no_argument, NULL, LONG_HELP };
	v.longs[n + 1] = (struct option){ "version", no_argument, NULL, LONG_VERSION };
	if (!find_letter(a, 'h'))
		str_addc(&v.letters, 'h');
	if (!find_letter(a, 'V'))
		str_addc(&v.letters, 'V');
	return v;
}

static void view_done(struct getopt_view *v)
{
	free(v->longs);
	str_done(&v->letters);
}

/* "-t" or "--type", as the user wrote it or would. */
static char *spelling(const struct opt *o, bool is_long)
{
	return is_long ? xasprintf("--%s", o->name) : xasprintf("-%c", o->letter);
}

static int unknown_letter(int letter, struct err *e)
{
	char word[] = { '-', (char)letter, '\0' };
	auto_free char *q = quoted(word);

	return err_say(e, -EINVAL, "unknown option %s", q);
}

/* The long names: those of the table, then the two that every applet has, then NULL. */
static const char *long_name(const struct applet *a, size_t i)
{
	if (i < a->nopts)
		return a->opts[i].name;
	return i == a->nopts ? "help" : i == a->nopts + 1 ? "version" : NULL;
}

static int unknown_long(const struct applet *a, const char *word, struct err *e)
{
	auto_free char *bare = xstrndup(word + 2, strcspn(word + 2, "="));
	auto_free char *dashed = xasprintf("--%s", bare);
	auto_free char *q = quoted(dashed);
	auto_str struct str candidates = { 0 };
	struct suggestion s = { .word = bare };
	size_t ncandidates = 0;
	const char *name;

	for (size_t i = 0; (name = long_name(a, i)); i++) {
		suggest_consider(&s, name);
		if (!str_after(name, bare))
			continue;
		ncandidates++;
		str_join(&candidates, ", --", name);
	}
	if (ncandidates > 1) {
		err_say(e, -EINVAL, "option %s is short for several options", q);
		err_hint(e, "one of --%s", str_text(&candidates));
		return -EINVAL;
	}
	if (s.nearest)
		return err_say(e, -EINVAL, "unknown option %s, did you mean '--%s'?", q, s.nearest);
	return err_say(e, -EINVAL, "unknown option %s", q);
}

/* A long option that exists can only be here because it was given a value it does not take. */
static int refused(const struct applet *a, char **argv, struct err *e)
{
	const char *word = argv[optind - 1];

	if (optopt >= FIRST_LONG)
		return err_say(e, -EINVAL, "option '--%s' takes no value",
			       a->opts[optopt - FIRST_LONG].name);
	if (optopt == LONG_HELP || optopt == LONG_VERSION)
		return err_say(e, -EINVAL, "option '--%s' takes no value",
			       optopt == LONG_HELP ? "help" : "version");
	return optopt ? unknown_letter(optopt, e) : unknown_long(a, word, e);
}

static int missing_value(const struct applet *a, struct err *e)
{
	const struct opt *o =
		optopt >= FIRST_LONG ? &a->opts[optopt - FIRST_LONG] : find_letter(a, optopt);
	auto_free char *name = spelling(o, optopt >= FIRST_LONG);

	return err_say(e, -EINVAL, "option '%s' needs a value: %s", name, o->kind->metavar);
}

static int store(const struct opt *o, bool is_long, const char *value, void *opts, struct err *e)
{
	void *field = (char *)opts + o->offset;
	int r;

	if (o->takes == OPT_FLAG) {
		*(bool *)field = true;
		return 0;
	}
	/* "-T=owner" as people write it after "--tree=owner", and util-linux takes it. */
	if (o->takes == OPT_MAYBE && !is_long && value && value[0] == '=')
		value++;
	r = o->kind->parse(value, field, e);
	if (r < 0) {
		auto_free char *name = spelling(o, is_long);

		err_wrap(e, "option '%s'", name);
	}
	return r;
}

/* Where the word cannot be right, it is a wrong use, as a value of an option would be. */
static int check_operand(const struct arg_kind *kind, const char *word, struct err *e)
{
	auto_free void *field = NULL;

	if (!kind->parse)
		return 0;
	field = xcalloc(1, kind->size);
	return kind->parse(word, field, e);
}

static int check_operands(const struct applet *a, int n, char **operands, struct err *e)
{
	const struct operand *o = a->operands, *end = o + a->noperands;
	int r = 0;

	for (int i = 0; i < n && r == 0; i++) {
		if (o == end) {
			auto_free char *q = quoted(operands[i]);

			return err_say(e, -EINVAL, "unexpected argument %s", q);
		}
		if (o->count == OPERAND_COMMAND)
			return 0;
		r = check_operand(o->kind, operands[i], e);
		o += o->count != OPERAND_REST;
	}
	if (r == 0 && o < end && o->count == OPERAND_ONE)
		return err_say(e, -EINVAL, "%s is missing", o->kind->metavar);
	return r;
}

static int parse_with(const struct applet *a, const struct getopt_view *v, int argc, char **argv,
		      void *opts, struct err *e)
{
	int c;

	opterr = 0;
	optind = 0; /* glibc and musl: start afresh */
	while ((c = getopt_long(argc, argv, str_text(&v->letters), v->longs, NULL)) != -1) {
		const struct opt *o =
			c >= FIRST_LONG ? &a->opts[c - FIRST_LONG] : find_letter(a, c);
		int r;

		if (c == '?')
			return refused(a, argv, e);
		if (c == ':')
			return missing_value(a, e);
		if (!o)
			return c == 'h' || c == LONG_HELP ? OPTIONS_HELP : OPTIONS_VERSION;
		r = store(o, c >= FIRST_LONG, optarg, opts, e);
		if (r < 0)
			return r;
	}
	return OPTIONS_RUN;
}

int options_parse(const struct applet *a, int argc, char **argv, void *opts, int *operands,
		  struct err *e)
{
	auto_call(view_done) struct getopt_view v = view_new(a);
	int r = parse_with(a, &v, argc, argv, opts, e);

	if (r != OPTIONS_RUN)
		return r;
	*operands = optind;
	return check_operands(a, argc - optind, argv + optind, e);
}
