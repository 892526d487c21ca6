/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about the shell itself: echo, set, alias, source, help, history, jobs, exit. */
#include "commands.h"

#include "../../common/base/escape.h"
#include "../../common/base/num.h"
#include "../../common/base/suggest.h"
#include "../../common/cli/dispatch.h"
#include "../../common/cli/help.h"
#include "../../common/cli/kinds.h"
#include "../../common/cli/pages.h"
#include "../../common/cli/topics.h"
#include "../../common/cli/words.h"
#include "../../common/ns/exec.h"
#include "jobs.h"
#include "loop.h"
#include "settings.h"
#include "topics.h"

#include <errno.h>

static int echo_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)opts, (void)e;
	for (int i = 0; i < argc; i++)
		fprintf(ctx->out, "%s%s", i ? " " : "", argv[i]);
	fputc('\n', ctx->out);
	return 0;
}

static int set_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);

	(void)opts;
	if (argc < 2)
		return settings_print(&sh->settings, argc ? argv[0] : NULL, ctx->out, e);
	if (str_is(argv[0], "source"))
		shell_forget(sh);
	return settings_set(&sh->settings, argv[0], argv[1], e);
}

static struct alias *find_alias(struct shell *sh, const char *name)
{
	for (size_t i = 0; i < sh->aliases.n; i++)
		if (str_is(sh->aliases.v[i].name, name))
			return &sh->aliases.v[i];
	return NULL;
}

static int print_aliases(struct shell *sh, const char *name, struct err *e)
{
	auto_free char *q = quoted(name ? name : "");

	if (name && !find_alias(sh, name))
		return err_say(e, -ENOENT, "there is no alias %s", q);
	for (size_t i = 0; i < sh->aliases.n; i++)
		if (!name || str_is(sh->aliases.v[i].name, name))
			fprintf(sh->ctx.out, "%s=%s\n", sh->aliases.v[i].name,
				sh->aliases.v[i].text);
	return 0;
}

/* A name that could not be typed as a word would never be used. */
static int check_alias(const char *name, const char *text, struct err *e)
{
	auto_free char *q = quoted(name);
	auto_str struct str word = { 0 };

	word_quote(&word, name, '\0');
	if (!str_is(str_text(&word), name))
		return err_say(e, -EINVAL, "%s is not a name for an alias: it must be a plain word",
			       q);
	return loop_check_alias(text, e);
}

/* alias, alias NAME, alias NAME=COMMAND */
static int alias_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	const char *equals = argc ? strchr(argv[0], '=') : NULL;
	auto_free char *name = NULL;
	struct alias *old;
	int r;

	(void)opts;
	if (!equals || equals == argv[0])
		return print_aliases(sh, argc ? argv[0] : NULL, e);
	name = xstrndup(argv[0], (size_t)(equals - argv[0]));
	r = check_alias(name, equals + 1, e);
	if (r < 0)
		return r;
	old = find_alias(sh, name);
	if (old) {
		free(old->text);
		old->text = xstrdup(equals + 1);
	} else {
		vec_push(&sh->aliases, { take_ptr(&name), xstrdup(equals + 1) });
	}
	return 0;
}

static int unalias_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	struct alias *a = find_alias(sh, argv[0]);
	auto_free char *q = quoted(argv[0]);

	(void)opts, (void)argc;
	if (!a)
		return err_say(e, -ENOENT, "there is no alias %s", q);
	free(a->name);
	free(a->text);
	*a = sh->aliases.v[--sh->aliases.n];
	return 0;
}

static int source_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)opts, (void)argc;
	return loop_path(shell_of(ctx), argv[0], e);
}

static void print_commands(const struct ctx *ctx)
{
	fputs("Commands; 'help COMMAND' explains one:\n", ctx->out);
	for (size_t i = 0; i < ctx->napplets; i++) {
		if (commands_heading(i))
			fprintf(ctx->out, "\n%s:\n", commands_heading(i));
		if (!ctx->applets[i]->compat)
			fprintf(ctx->out, "  %-12s %s\n", ctx->applets[i]->name,
				ctx->applets[i]->summary);
	}
	fputs("\nTopics; 'help TOPIC' explains one:\n", ctx->out);
	topics_print(ctx->out);
	for (size_t i = 0; i < ntopics; i++)
		fprintf(ctx->out, "  %-12s %s\n", topics[i].name, topics[i].about);
}

/* What the manual says of a command of the shell, or of an applet. */
static void print_manual(const struct ctx *ctx, const struct applet *a, const char *name)
{
	auto_str struct str text = { 0 };
	struct page p;

	if (page_find(ctx->pages, "shell", &p) && page_item(&p, a->name, &text)) {
		help_applet(ctx->out, a, name);
		fputc('\n', ctx->out);
	} else if (page_find(ctx->pages, a->name, &p)) {
		page_text(&p, shell_wants_color(shell_of((struct ctx *)ctx), ctx->out), &text);
	} else {
		help_applet(ctx->out, a, name);
	}
	fputs(str_text(&text), ctx->out);
}

static int help_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct topic *topic = argc ? topic_find(argv[0]) : NULL;
	const struct applet *a = argc ? applet_find(ctx, argv[0]) : NULL;

	(void)opts;
	if (!argc)
		print_commands(ctx);
	else if (topic_print(argv[0], ctx->out))
		return 0;
	else if (!a && !topic)
		return shell_command(shell_of(ctx), argv[0], e) ? 0 : -ENOENT;
	if (a)
		print_manual(ctx, a, argv[0]);
	if (a && topic) /* exit is both */
		fputc('\n', ctx->out);
	if (topic)
		topic_show(topic, ctx->out);
	return 0;
}

static int history_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct shell *sh = shell_of(ctx);

	(void)opts, (void)argc, (void)argv, (void)e;
	for (size_t i = 0; i < sh->history.n; i++) {
		auto_str struct str safe = { 0 };

		escape_terminal(&safe, sh->history.v[i], strlen(sh->history.v[i]));
		fprintf(ctx->out, "%5zu  %s\n", i + 1, str_text(&safe));
	}
	return 0;
}

static int jobs_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct shell *sh = shell_of(ctx);

	(void)opts, (void)argc, (void)argv, (void)e;
	for (size_t i = 0; i < sh->jobs.n; i++)
		fprintf(ctx->out, "[%zu] stopped  %s\n", i + 1, sh->jobs.v[i].text);
	return 0;
}

static int fg_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	uint64_t number = sh->jobs.n;
	auto_free char *q = quoted(argc ? argv[0] : "");

	(void)opts;
	if (!sh->jobs.n)
		return err_say(e, -ESRCH, "no job is stopped");
	if (argc && num_u64(argv[0], 1, sh->jobs.n, &number) < 0)
		return err_say(e, -EINVAL, "%s is no stopped job", q);
	return job_continue(sh, number - 1);
}

/* sh, sh COMMAND ARG…: a program of the host. */
static int sh_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)ctx, (void)opts;
	return exec_command(argc ? argv : NULL, NULL, false, NULL, e);
}

static int exit_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	uint64_t status = (uint64_t)sh->status;
	auto_free char *q = quoted(argc ? argv[0] : "");

	(void)opts;
	if (argc && num_u64(argv[0], 0, 255, &status) < 0)
		return err_say(e, -EINVAL, "%s is not an exit status: it must be 0 to 255", q);
	sh->leave = jobs_may_leave(sh);
	return sh->leave ? (int)status : 1;
}

static const struct operand words[] = { { &arg_word, OPERAND_REST } };
static const struct operand maybe_definition[] = { { &arg_definition, OPERAND_MAYBE } };
static const struct operand maybe_number[] = { { &arg_number, OPERAND_MAYBE } };
static const struct operand maybe_status[] = { { &arg_status, OPERAND_MAYBE } };
static const struct operand one_alias[] = { { &arg_alias, OPERAND_ONE } };
static const struct operand one_file[] = { { &arg_file, OPERAND_ONE } };
static const struct operand maybe_topic[] = { { &arg_topic, OPERAND_MAYBE } };
static const struct operand setting[] = { { &arg_setting, OPERAND_MAYBE },
					  { &arg_value, OPERAND_MAYBE } };
static const struct operand command[] = { { &arg_command, OPERAND_COMMAND } };
static const char *const exit_aliases[] = { "quit", NULL };

#define COMMAND(id, operands_, where_, summary_)                                                   \
	static const struct applet command_##id = {                                                \
		.name = #id,                                                                       \
		.summary = summary_,                                                               \
		.operands = operands_,                                                             \
		.noperands = ARRAY_LEN(operands_),                                                 \
		.where = where_,                                                                   \
		.run = id##_run,                                                                   \
	}

COMMAND(echo, words, APPLET_SHELL, "print words");
COMMAND(set, setting, APPLET_SHELL, "show the settings, or change one");
COMMAND(alias, maybe_definition, APPLET_SHELL, "show the aliases, or make one: alias ll='ls -l'");
COMMAND(unalias, one_alias, APPLET_SHELL, "forget an alias");
COMMAND(source, one_file, APPLET_SHELL, "run the commands in a file");
COMMAND(help, maybe_topic, APPLET_ANYWHERE, "show the commands, or explain one, or a topic");
COMMAND(fg, maybe_number, APPLET_SHELL, "let a stopped job go on");

static const struct applet command_history = {
	.name = "history",
	.summary = "show what was typed",
	.run = history_run,
};

static const struct applet command_jobs = {
	.name = "jobs",
	.summary = "show what is stopped",
	.run = jobs_run,
};

static const struct applet command_sh = {
	.name = "sh",
	.summary = "run a program of the host, your shell if none is named",
	.operands = command,
	.noperands = ARRAY_LEN(command),
	.exit = EXIT_AS_RUNNER,
	.where = APPLET_CHILD,
	.run = sh_run,
};

static const struct applet command_exit = {
	.name = "exit",
	.aliases = exit_aliases,
	.summary = "leave the shell, with the last status or the one given",
	.operands = maybe_status,
	.noperands = ARRAY_LEN(maybe_status),
	.where = APPLET_SHELL,
	.run = exit_run,
};

static const struct applet *const table[] = {
	&command_echo,	 &command_set,	   &command_alias, &command_unalias,
	&command_source, &command_history, &command_jobs,  &command_fg,
	&command_sh,	 &command_help,	   &command_exit,
};

const struct command_table session_commands = { "The shell itself", table, ARRAY_LEN(table) };
