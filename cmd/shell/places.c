/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that move the user: cd, back, pwd, refresh. */
#include "commands.h"

#include "../../common/base/escape.h"
#include "../../common/base/str.h"

#include <errno.h>

static void print_place(FILE *out, const struct place *p)
{
	auto_free char *text = place_text(p, p->steps.n);
	auto_str struct str safe = { 0 };

	escape_terminal(&safe, text, strlen(text));
	fprintf(out, "%s\n", str_text(&safe));
}

/* Goes to TO, which becomes empty, and remembers where the user was. */
static void go(struct shell *sh, struct place *to)
{
	place_done(&sh->before);
	sh->before = sh->here;
	sh->here = *to;
	*to = (struct place){ 0 };
}

static int go_back(struct shell *sh)
{
	struct place here = sh->here;

	sh->here = sh->before;
	sh->before = here;
	print_place(sh->ctx.out, &sh->here);
	return 0;
}

static int cd_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	auto_place struct place to = { 0 };
	int r;

	(void)opts;
	if (argc && str_is(argv[0], "-"))
		return go_back(sh);
	r = shell_find(sh, argc ? argv[0] : "/", &to, e);
	if (r < 0)
		return r;
	go(sh, &to);
	return 0;
}

static int back_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)opts, (void)argc, (void)argv, (void)e;
	return go_back(shell_of(ctx));
}

static int pwd_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)opts, (void)argc, (void)argv, (void)e;
	print_place(ctx->out, &shell_of(ctx)->here);
	return 0;
}

static int refresh_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	struct spot spot;
	int r;

	(void)opts, (void)argc, (void)argv;
	shell_forget(sh);
	r = shell_look(sh, e);
	return r < 0 ? r : place_look(&sh->graph, &sh->here, &spot, e);
}

static const struct operand cd_operands[] = { { &arg_place, OPERAND_MAYBE } };

static const struct applet command_cd = {
	.name = "cd",
	.summary = "go to a namespace, a process or a set; '-': back, '..': up",
	.operands = cd_operands,
	.noperands = ARRAY_LEN(cd_operands),
	.where = APPLET_SHELL,
	.run = cd_run,
};

static const struct applet command_back = {
	.name = "back",
	.summary = "go to where you were before",
	.where = APPLET_SHELL,
	.run = back_run,
};

static const struct applet command_pwd = {
	.name = "pwd",
	.summary = "say where you are",
	.where = APPLET_SHELL,
	.run = pwd_run,
};

static const struct applet command_refresh = {
	.name = "refresh",
	.summary = "look at the machine anew",
	.where = APPLET_SHELL,
	.run = refresh_run,
};

static const struct applet *const table[] = {
	&command_cd,
	&command_back,
	&command_pwd,
	&command_refresh,
};

const struct command_table place_commands = { "Where you are", table, ARRAY_LEN(table) };
