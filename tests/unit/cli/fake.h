/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applets that the tests of this floor run: one for each way to exit, with options of each sort. */
#pragma once

#include "../../../common/cli/applet.h"

#include "../../../common/base/escape.h"
#include "../../../common/base/str.h"

#include <errno.h>

struct fake_opts {
	bool json, verbose, tree;
	const char *type, *output, *color;
};

/* Takes any word but "bad". */
static inline int fake_parse(const char *word, void *field, struct err *e)
{
	if (word && str_is(word, "bad"))
		return err_say(e, -EINVAL, "'%s' is not a type", word);
	*(const char **)field = word ? word : "nothing";
	return 0;
}

static const char *const fake_words[] = { "mnt", "net", NULL };
static const struct arg_kind fake_kind = { "TYPE", sizeof(char *), fake_parse, fake_words };
static const struct arg_kind fake_command = { "COMMAND", sizeof(char *), fake_parse, NULL };

static const struct opt fake_opts[] = {
	FLAG('J', "json", struct fake_opts, json, "write JSON"),
	FLAG('v', "verbose", struct fake_opts, verbose, "say more"),
	FLAG(0, "tree", struct fake_opts, tree, "draw a tree"),
	VALUE('t', "type", &fake_kind, struct fake_opts, type, "show only this type"),
	MAYBE('o', "output", &fake_kind, struct fake_opts, output, "choose columns"),
	LONG_MAYBE('c', "color", &fake_kind, struct fake_opts, color, "use colours"),
};

/*
 * What the first operand asks for: "status N" exits with it, "both" prints and exits with 3, "fail"
 * fails, "mute" fails without a sentence, "warn" succeeds with one; everything else says what it
 * was given.
 */
static inline int fake_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct fake_opts *o = opts;
	const char *word = argc > 0 ? argv[0] : "";

	if (str_is(word, "status"))
		return argv[1][0] - '0';
	if (str_is(word, "fail")) {
		err_set(e, -EPERM, "cannot do it");
		err_hint(e, "try as root");
		err_hint(e, "or not at all");
		return -EPERM;
	}
	if (str_is(word, "mute"))
		return -EPERM;
	if (str_is(word, "warn")) {
		err_say(e, -EIO, "not quite");
		return 0;
	}
	fprintf(ctx->out, "json=%d type=%s", o->json, o->type ? o->type : "");
	for (int i = 0; i < argc; i++)
		fprintf(ctx->out, " %s", argv[i]);
	fputs("\n", ctx->out);
	return str_is(word, "both") ? 3 : 0;
}

#define FAKE_OPTIONS                                                                               \
	.opts = fake_opts, .nopts = ARRAY_LEN(fake_opts), .opts_size = sizeof(struct fake_opts),   \
	.run = fake_run

static const char *const fake_aliases[] = { "ls", "dir", NULL };
static const struct operand fake_rest[] = { { &fake_kind, OPERAND_REST } };
static const struct operand fake_one[] = { { &fake_kind, OPERAND_ONE },
					   { &fake_kind, OPERAND_MAYBE } };
static const struct operand fake_cmd[] = { { &fake_command, OPERAND_COMMAND } };

static const struct applet fake_list = {
	.name = "list",
	.aliases = fake_aliases,
	.summary = "show it",
	.operands = fake_rest,
	.noperands = 1,
	FAKE_OPTIONS,
};

static const struct applet fake_diff = {
	.name = "diff",
	.summary = "compare it",
	.operands = fake_one,
	.noperands = 2,
	FAKE_OPTIONS,
};

static const struct applet fake_enter = {
	.name = "enter",
	.summary = "run a command in it",
	.operands = fake_cmd,
	.noperands = 1,
	.exit = EXIT_AS_RUNNER,
	FAKE_OPTIONS,
};

static const struct applet fake_unshare = {
	.name = "unshare",
	.summary = "run a command in new ones",
	.operands = fake_cmd,
	.noperands = 1,
	.exit = EXIT_AS_UTIL_LINUX,
	.compat = true,
	FAKE_OPTIONS,
};

/* Takes no options and no operands. */
static const struct applet fake_doctor = {
	.name = "doctor",
	.summary = "look after it",
	.run = fake_run,
};

static const struct applet *const fake_applets[] = {
	&fake_list, &fake_diff, &fake_enter, &fake_unshare, &fake_doctor,
};
