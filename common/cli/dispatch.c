/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dispatch.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "complete.h"
#include "help.h"
#include "install.h"
#include "options.h"
#include "version.h"

#include <errno.h>
#include <locale.h>

static int failed_status(const struct applet *a)
{
	return a->exit == EXIT_AS_RUNNER ? 125 : 1;
}

static int misused_status(const struct applet *a)
{
	switch (a->exit) {
	case EXIT_AS_RUNNER:
		return 125;
	case EXIT_AS_UTIL_LINUX:
		return 1;
	case EXIT_AS_TOOL:
		break;
	}
	return 2;
}

static void print_hints(const char *hint)
{
	while (hint && *hint) {
		size_t n = strcspn(hint, "\n");

		fprintf(stderr, "hint: %.*s\n", (int)n, hint);
		hint += n + (hint[n] == '\n');
	}
}

/* "nstool: enter: …"; under a name of its own "unshare: …", as scripts expect of a drop-in. */
void dispatch_complain(const struct ctx *ctx, const struct applet *a, const struct err *e)
{
	const char *speaker = ctx->speaker ? ctx->speaker : a && a->compat ? "" : "nstool: ";

	fprintf(stderr, "%s%s%s%s\n", speaker, a ? a->name : "", a ? ": " : "", e->text);
	print_hints(e->hint);
}

__attribute__((nonnull)) static int misused(const struct ctx *ctx, const struct applet *a,
					    const char *name, const struct err *e)
{
	dispatch_complain(ctx, a, e);
	fprintf(stderr, "Try '%s --help'.\n", name);
	return misused_status(a);
}

static int run_with(struct ctx *ctx, const struct applet *a, const char *name, int argc,
		    char **argv, void *opts)
{
	auto_err struct err e = { 0 };
	int operands = 0;
	int r = options_parse(a, argc, argv, opts, &operands, &e);

	if (r < 0)
		return misused(ctx, a, name, &e);
	if (r == OPTIONS_HELP) {
		help_applet(ctx->out, a, name);
		return 0;
	}
	if (r == OPTIONS_VERSION) {
		version_print(ctx->out);
		return 0;
	}
	r = a->run(ctx, opts, argc - operands, argv + operands, &e);
	if (r < 0 && !e.text)
		err_say(&e, r, "%s", strerror(-r));
	if (e.text)
		dispatch_complain(ctx, a, &e);
	return r < 0 ? failed_status(a) : r;
}

int dispatch_applet(struct ctx *ctx, const struct applet *a, const char *name, int argc,
		    char **argv)
{
	auto_free void *opts = xcalloc(1, a->opts_size);
	int status;

	/* Our sentences and numbers are the same everywhere; the other categories cost 20 files. */
	if (!a->plain)
		setlocale(LC_CTYPE, "");
	status = run_with(ctx, a, name, argc, argv, opts);
	if (a->opts_done)
		a->opts_done(opts);
	return status;
}

static int run_install(const struct ctx *ctx, int argc, char **argv, struct err *e)
{
	bool symbolic = argc > 2 && str_is(argv[2], "-s");
	int first = symbolic ? 3 : 2;

	if (argc != first + 1) {
		err_say(e, -EINVAL, "--install takes one directory: nstool --install [-s] DIR");
		return 2;
	}
	return install_links(ctx, argv[first], symbolic, e) < 0 ? 1 : 0;
}

/* What the completions in completions/ call: nstool __complete WORD…, the words of their line. */
static void run_complete(const struct ctx *ctx, int argc, char **argv)
{
	auto_candidates struct candidates c = { 0 };

	complete_words(ctx, argc, argv, &c);
	complete_print(&c, ctx->out);
}

static const char *nearest_option(const char *word)
{
	static const char *const own[] = { "--help", "--version", "--list", "--install" };
	struct suggestion s = { .word = word };

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		suggest_consider(&s, own[i]);
	return s.nearest;
}

static int unknown_word(const struct ctx *ctx, const char *word, struct err *e)
{
	bool is_option = word[0] == '-';
	const char *near = is_option ? nearest_option(word) : applet_suggest(ctx, word);
	auto_free char *q = quoted(word);

	err_say(e, -EINVAL, "unknown %s %s", is_option ? "option" : "applet", q);
	if (near)
		err_hint(e, "did you mean '%s'?", near);
	else if (is_option)
		err_hint(e, "the options of an applet follow its name");
	else
		err_hint(e, "'nstool --list' prints the names");
	return 2;
}

/* "nstool WORD …" where WORD is no applet's name. Sets E and returns a status, or returns 0. */
static int run_self(struct ctx *ctx, int argc, char **argv, struct err *e)
{
	const char *word = argv[1];

	if (str_is(word, "--help") || str_is(word, "-h"))
		help_overview(ctx);
	else if (str_is(word, "--version") || str_is(word, "-V"))
		version_print(ctx->out);
	else if (str_is(word, "--list"))
		install_list(ctx);
	else if (str_is(word, "__complete"))
		run_complete(ctx, argc - 2, argv + 2);
	else if (str_is(word, "--install"))
		return run_install(ctx, argc, argv, e);
	else
		return unknown_word(ctx, word, e);
	return 0;
}

static int run_as(struct ctx *ctx, int argc, char **argv)
{
	char *help[] = { (char *)"nstool", (char *)"--help", NULL };
	const char *path = argc > 0 ? argv[0] : "nstool";
	const char *slash = strrchr(path, '/');
	const char *own_name = slash ? slash + 1 : path;
	const struct applet *a = applet_find(ctx, own_name);
	auto_str struct str name = { 0 };
	auto_err struct err e = { 0 };
	int status;

	if (a)
		return dispatch_applet(ctx, a, own_name, argc, argv);
	a = argc > 1 ? applet_find(ctx, argv[1]) : NULL;
	if (a) {
		str_add(&name, "nstool "); /* printf would be a hundredth of the run */
		str_add(&name, argv[1]);
		return dispatch_applet(ctx, a, name.s, argc - 1, argv + 1);
	}
	a = applet_alone(ctx, argv[argc > 0]);
	if (a)
		return dispatch_applet(ctx, a, "nstool", argc, argv);
	status = argc > 1 ? run_self(ctx, argc, argv, &e) : run_self(ctx, 2, help, &e);
	if (e.text)
		dispatch_complain(ctx, NULL, &e);
	return status;
}

int dispatch_main(struct ctx *ctx, int argc, char **argv)
{
	int status = run_as(ctx, argc, argv);

	errno = 0;
	if (fflush(ctx->out) == 0 && !ferror(ctx->out))
		return status;
	fprintf(stderr, "nstool: cannot write the output: %s\n", strerror(errno ? errno : EIO));
	return status ? status : 1;
}
