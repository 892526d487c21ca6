/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: mounts that one user namespace alone can use. */
#include "mountpriv.h"

#include "../common/base/str.h"

#include <errno.h>

#define O struct mountpriv_opts

static const struct opt opts[] = {
	FLAG(0, "recursive", O, recursive, "with what is mounted below SRC"),
	MAP_OPTIONS(struct unshare_opts),
	FLAG(0, "list", O, list, "show the mounts that one user namespace alone can use"),
	FLAG('J', "json", O, json, "with --list: write JSON"),
};

static int run(struct ctx *ctx, const void *o, int argc, char **argv, struct err *e)
{
	(void)argc;
	if (((const struct mountpriv_opts *)o)->list)
		return mountpriv_list(ctx, o, argv, e);
	return mountpriv_run(ctx, o, argv, e);
}

static const struct arg_kind arg_src = { "SRC", sizeof(char *), NULL, NULL };
static const struct arg_kind arg_dst = { "DST", sizeof(char *), NULL, NULL };

static const struct operand operands[] = {
	{ &arg_src, OPERAND_MAYBE },
	{ &arg_dst, OPERAND_MAYBE },
	{ &arg_command, OPERAND_COMMAND },
};

const struct applet applet_mountpriv = {
	.name = "mountpriv",
	.summary = "a bind mount private to a user namespace",
	.opts = opts,
	.nopts = ARRAY_LEN(opts),
	.opts_size = sizeof(struct mountpriv_opts),
	.opts_done = unshare_opts_done,
	.operands = operands,
	.noperands = ARRAY_LEN(operands),
	.exit = EXIT_AS_RUNNER,
	.where = APPLET_CHILD,
	.run = run,
};
