/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "../../common/cli/dispatch.h"
#include "../../common/cli/options.h"
#include "../../common/out/flush.h"
#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* So often may one alias stand for another. */
#define ALIASES_MAX 16

static int complain(const struct shell *sh, int status, const struct err *e)
{
	dispatch_complain(&sh->ctx, NULL, e);
	return status;
}

static const char *alias_text(const struct shell *sh, const char *name)
{
	for (size_t i = 0; i < sh->aliases.n; i++)
		if (str_is(sh->aliases.v[i].name, name))
			return sh->aliases.v[i].text;
	return NULL;
}

/* Puts what STAGE has behind its name at the end of TO. */
static void add_arguments(struct stage *to, const struct stage *stage)
{
	to->argv.n--;
	for (size_t i = 1; i < stage->argv.n; i++)
		vec_push(&to->argv, stage->argv.v[i] ? xstrdup(stage->argv.v[i]) : NULL);
}

static void add_stage(struct pipeline *p, const struct stage *stage)
{
	struct stage copy = { 0 };

	for (size_t i = 0; i < stage->argv.n; i++)
		vec_push(&copy.argv, stage->argv.v[i] ? xstrdup(stage->argv.v[i]) : NULL);
	vec_push(&p->stages, copy);
}

/*
 * What P is when the alias TEXT stands for its command: the alias, with P's arguments, and what
 * else P had behind it.
 */
static void expand_alias(const char *text, const struct pipeline *p, struct line *ret)
{
	struct pipeline *to;

	if (line_parse(text, ret, NULL) < 0 || !ret->pipelines.n)
		return; /* it was checked when it was made */
	to = &ret->pipelines.v[0];
	if (to->host)
		return;
	add_arguments(&to->stages.v[to->stages.n - 1], &p->stages.v[0]);
	for (size_t i = 1; i < p->stages.n; i++)
		add_stage(to, &p->stages.v[i]);
	if (p->file && !to->file) {
		to->file = xstrdup(p->file);
		to->append = p->append;
	}
}

/* Where the output goes: a descriptor of P's file, or stdout. */
static int open_output(const struct pipeline *p, int *file, struct err *e)
{
	auto_free char *q = p->file ? quoted(p->file) : NULL;

	if (!p->file)
		return STDOUT_FILENO;
	*file = open(p->file, O_WRONLY | O_CREAT | O_CLOEXEC | (p->append ? O_APPEND : O_TRUNC),
		     0666);
	return *file < 0 ? err_set(e, -errno, "cannot open %s", q) : *file;
}

/* Whether the words ARGV name nothing for A to act on, which has a place for that (a->here). */
static bool lacks_target(const struct applet *a, int argc, char **argv)
{
	auto_free char **copy = xcalloc((size_t)argc + 1, sizeof(*copy));
	auto_free char *opts = xcalloc(1, a->opts_size);
	int operands = 0;
	bool lacks;

	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	if (options_parse(a, argc, copy, opts, &operands, NULL) != OPTIONS_RUN)
		lacks = argc == 1;
	else
		lacks = operands == argc;
	for (size_t i = 0; *a->here && i < a->nopts; i++) {
		struct ref *ref = (struct ref *)(opts + a->opts[i].offset);

		if (str_is(a->opts[i].name, a->here))
			lacks = !ref->text;
	}
	lacks = lacks && (!a->has_target || a->has_target(opts));
	if (a->opts_done)
		a->opts_done(opts);
	return lacks;
}

/* The words of STAGE, with the target that they lack; both to be freed. */
struct call {
	VEC(char *) argv;
	char *target;
};

static void call_done(struct call *c)
{
	vec_done(&c->argv);
	free(c->target);
}

static void make_call(const struct shell *sh, const struct applet *a, const struct stage *stage,
		      struct call *ret)
{
	int argc = (int)stage->argv.n - 1;
	auto_free char *ref = shell_ref(&sh->here);
	bool adds = a->here && ref && lacks_target(a, argc, stage->argv.v);

	if (adds)
		ret->target = *a->here ? xasprintf("--%s=%s", a->here, ref) : xstrdup(ref);
	vec_push(&ret->argv, stage->argv.v[0]);
	if (adds && *a->here)
		vec_push(&ret->argv, ret->target);
	for (int i = 1; i < argc; i++)
		vec_push(&ret->argv, stage->argv.v[i]);
	if (adds && !*a->here)
		vec_push(&ret->argv, ret->target);
	vec_push(&ret->argv, NULL);
}

/* In this process, with the output going to the descriptor OUTPUT. */
static int run_inside(struct shell *sh, const struct applet *a, struct call *call, int output)
{
	auto_err struct err e = { 0 };
	FILE *out = stdout;
	int copy, status;

	if (output != STDOUT_FILENO) {
		copy = fcntl(output, F_DUPFD_CLOEXEC, 0);
		out = copy < 0 ? NULL : fdopen(copy, "w");
	}
	if (!out) {
		err_set(&e, -errno, "cannot write the output");
		return complain(sh, 1, &e);
	}
	sh->ctx.out = out;
	status = dispatch_applet(&sh->ctx, a, call->argv.v[0], (int)call->argv.n - 1, call->argv.v);
	if (out_flush(out, &e) < 0)
		status = complain(sh, status ? status : 1, &e);
	sh->ctx.out = stdout;
	if (out != stdout)
		fclose(out);
	return status;
}

/*
 * With somebody at the terminal everything that need not change the shell itself is a job, so
 * that Ctrl-C and Ctrl-Z reach it; what it is to see of the machine is looked at before.
 */
static bool needs_child(const struct shell *sh, const struct applet *a, const struct pipeline *p)
{
	switch (a->where) {
	case APPLET_CHILD:
		return true;
	case APPLET_SHELL:
		return p->stages.n > 1;
	case APPLET_ANYWHERE:
		break;
	}
	return sh->interactive || p->stages.n > 1;
}

/* Whether what A prints is for the eye, and may be long. */
static bool is_paged(const struct shell *sh, const struct applet *a, const struct pipeline *p)
{
	return sh->interactive && sh->settings.pager && a->where == APPLET_ANYWHERE &&
	       p->stages.n == 1 && !p->file;
}

static int run_job(struct shell *sh, const struct applet *a, struct call *call,
		   const struct pipeline *p, int output, const char *text)
{
	auto_free struct part *parts = xcalloc(p->stages.n + 1, sizeof(*parts));
	bool paged = is_paged(sh, a, p);
	int status;

	parts[0] = (struct part){ a, (int)call->argv.n - 1, call->argv.v, paged };
	for (size_t i = 1; i < p->stages.n; i++)
		parts[i] = (struct part){ .argc = (int)p->stages.v[i].argv.n - 1,
					  .argv = p->stages.v[i].argv.v };
	if (a->where == APPLET_ANYWHERE && a->uses_snapshot)
		(void)shell_look(sh, NULL);
	status = job_run(sh, parts, p->stages.n + paged, output, text);
	if (a->where == APPLET_CHILD)
		shell_forget(sh);
	return status;
}

/* What was where the user is may be why a command failed that had it as its target. */
static void tell_if_gone(struct shell *sh)
{
	auto_err struct err e = { 0 };
	struct spot spot;

	shell_forget(sh);
	if (shell_look(sh, NULL) == 0 && place_look(&sh->graph, &sh->here, &spot, &e) < 0)
		dispatch_complain(&sh->ctx, NULL, &e);
}

static int run_command_of(struct shell *sh, const struct pipeline *p, const char *text)
{
	const struct stage *stage = &p->stages.v[0];
	auto_call(call_done) struct call call = { 0 };
	auto_err struct err e = { 0 };
	auto_close int file = -EBADF;
	const struct applet *a = shell_command(sh, stage->argv.v[0], &e);
	int output, status;

	if (!a)
		return complain(sh, 127, &e);
	output = open_output(p, &file, &e);
	if (output < 0)
		return complain(sh, 1, &e);
	if (sh->interactive)
		shell_grow_old(sh, shell_now());
	make_call(sh, a, stage, &call);
	if (needs_child(sh, a, p))
		status = run_job(sh, a, &call, p, output, text);
	else
		status = run_inside(sh, a, &call, output);
	if (status && call.target)
		tell_if_gone(sh);
	return status;
}

/* "!text": a line for the host's shell; "!" alone: the host's shell. */
static int run_host(struct shell *sh, const char *command, const char *text)
{
	char *line[] = { (char *)"/bin/sh", (char *)"-c", (char *)command, NULL };
	struct part part = { .argc = 3, .argv = line };
	int status;

	if (!command[strspn(command, " \t")]) {
		line[1] = NULL;
		part.argc = 1;
	}
	status = job_run(sh, &part, 1, STDOUT_FILENO, text);
	shell_forget(sh);
	return status;
}

static int run_expanded(struct shell *sh, const struct pipeline *p, const char *text, int left,
			const char *not_again)
{
	auto_line struct line expanded = { 0 };
	const char *name, *alias;

	if (p->host)
		return run_host(sh, p->host, text);
	name = p->stages.v[0].argv.v[0];
	alias = left > 0 && !(not_again && str_is(name, not_again)) ? alias_text(sh, name) : NULL;
	if (!alias)
		return run_command_of(sh, p, text);
	expand_alias(alias, p, &expanded);
	return run_expanded(sh, &expanded.pipelines.v[0], text, left - 1, name);
}

int run_pipeline(struct shell *sh, const struct pipeline *p, const char *text)
{
	return run_expanded(sh, p, text, ALIASES_MAX, NULL);
}
