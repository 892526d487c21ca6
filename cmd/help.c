/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help: the overview, what an applet takes, or a topic that belongs to no single applet. */
#include "../common/cli/help.h"
#include "../common/base/escape.h"
#include "../common/base/suggest.h"
#include "../common/cli/candidates.h"
#include "../common/cli/topics.h"

#include <errno.h>

static int parse_subject(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word;
	return 0;
}

static void complete_subject(struct candidates *ret)
{
	for (size_t i = 0; ret->ctx && i < ret->ctx->napplets; i++)
		candidates_add(ret, ret->ctx->applets[i]->name, ret->ctx->applets[i]->summary);
	for (size_t i = 0; i < ntopics; i++)
		candidates_add(ret, topics[i].name, topics[i].about);
}

static const struct arg_kind arg_subject = {
	"APPLET|TOPIC", sizeof(const char *), parse_subject, NULL, complete_subject,
};

static const struct operand operands[] = { { &arg_subject, OPERAND_MAYBE } };

static void show_overview(const struct ctx *ctx)
{
	help_overview(ctx);
	fputs("\nTopics ('nstool help TOPIC'):\n", ctx->out);
	for (size_t i = 0; i < ntopics; i++)
		fprintf(ctx->out, "  %-12s %s\n", topics[i].name, topics[i].about);
}

static int unknown(const struct ctx *ctx, const char *word, struct err *e)
{
	struct suggestion s = { .word = word };
	auto_free char *q = quoted(word);

	for (size_t i = 0; i < ntopics; i++)
		suggest_consider(&s, topics[i].name);
	for (size_t i = 0; i < ctx->napplets; i++)
		suggest_consider(&s, ctx->applets[i]->name);
	err_say(e, -ENOENT, "there is neither an applet nor a topic %s", q);
	if (s.nearest)
		err_hint(e, "did you mean '%s'?", s.nearest);
	else
		err_hint(e, "'nstool help' lists them");
	return 2;
}

static int run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct applet *a = argc ? applet_find(ctx, argv[0]) : NULL;
	const struct topic *t = argc ? topic_find(argv[0]) : NULL;

	(void)opts;
	if (a) {
		auto_free char *name = xasprintf("nstool %s", argv[0]);

		help_applet(ctx->out, a, name);
	} else if (t) {
		topic_show(t, ctx->out);
	} else if (argc) {
		return unknown(ctx, argv[0], e);
	} else {
		show_overview(ctx);
	}
	return 0;
}

extern const struct applet applet_help;
const struct applet applet_help = {
	.name = "help",
	.summary = "explain an applet or a topic",
	.operands = operands,
	.noperands = ARRAY_LEN(operands),
	.run = run,
};
