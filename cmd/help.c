/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * help: the overview, a page of the manual, or a topic that belongs to no single applet; on a
 * terminal page by page.
 */
#include "../common/cli/help.h"
#include "../common/base/escape.h"
#include "../common/base/suggest.h"
#include "../common/cli/candidates.h"
#include "../common/cli/pager.h"
#include "../common/cli/pages.h"
#include "../common/cli/topics.h"
#include "../common/out/color.h"
#include "../common/out/flush.h"

#include <errno.h>
#include <unistd.h>

static int parse_subject(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word;
	return 0;
}

/* The next page at *PAGES that is neither an applet's nor what a topic tells. */
static bool next_page(const struct ctx *ctx, const char **pages, struct page *p)
{
	while (page_next(pages, p))
		if (!applet_find(ctx, p->name) && !topic_find(p->name))
			return true;
	return false;
}

static void complete_subject(struct candidates *ret)
{
	const char *pages = ret->ctx ? ret->ctx->pages : NULL;
	struct page p;

	for (size_t i = 0; ret->ctx && i < ret->ctx->napplets; i++)
		candidates_add(ret, ret->ctx->applets[i]->name, ret->ctx->applets[i]->summary);
	for (size_t i = 0; i < ntopics; i++)
		candidates_add(ret, topics[i].name, topics[i].about);
	while (next_page(ret->ctx, &pages, &p))
		candidates_add(ret, p.name, p.about);
}

static const struct arg_kind arg_subject = {
	"APPLET|TOPIC", sizeof(const char *), parse_subject, NULL, complete_subject,
};

static const struct operand operands[] = { { &arg_subject, OPERAND_MAYBE } };

static void show_overview(const struct ctx *ctx)
{
	const char *pages = ctx->pages;
	struct page p;

	help_overview(ctx);
	fputs("\nTopics ('nstool help TOPIC'):\n", ctx->out);
	for (size_t i = 0; i < ntopics; i++)
		fprintf(ctx->out, "  %-12s %s\n", topics[i].name, topics[i].about);
	while (next_page(ctx, &pages, &p))
		fprintf(ctx->out, "  %-12s %s\n", p.name, p.about);
}

static int unknown(const struct ctx *ctx, const char *word, struct err *e)
{
	struct suggestion s = { .word = word };
	const char *pages = ctx->pages;
	struct page p;
	auto_free char *q = quoted(word);

	for (size_t i = 0; i < ntopics; i++)
		suggest_consider(&s, topics[i].name);
	for (size_t i = 0; i < ctx->napplets; i++)
		suggest_consider(&s, ctx->applets[i]->name);
	while (next_page(ctx, &pages, &p))
		suggest_consider(&s, p.name);
	err_say(e, -ENOENT, "there is neither an applet nor a topic %s", q);
	if (s.nearest)
		err_hint(e, "did you mean '%s'?", s.nearest);
	else
		err_hint(e, "'nstool help' lists them");
	return 2;
}

/* Writes what is asked for. Returns 0, or a status with E set. */
static int explain(struct ctx *ctx, const char *word, bool color, struct err *e)
{
	const struct applet *a = word ? applet_find(ctx, word) : NULL;
	const struct topic *t = word ? topic_find(word) : NULL;
	auto_str struct str text = { 0 };
	struct page p;

	if (!word) {
		show_overview(ctx);
	} else if (t) {
		topic_show(t, ctx->out);
	} else if (page_find(ctx->pages, a ? a->name : word, &p)) {
		page_text(&p, color, &text);
		fputs(str_text(&text), ctx->out);
	} else if (a) {
		help_applet(ctx->out, a, a->name);
	} else {
		return unknown(ctx, word, e);
	}
	return 0;
}

/* A terminal that can show text page by page. */
static bool wants_pager(FILE *out)
{
	const char *term = getenv("TERM");

	return term && *term && !str_is(term, "dumb") && isatty(fileno(out));
}

static int run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct ctx inner = *ctx;
	auto_free char *text = NULL;
	size_t n = 0;
	int status;

	(void)opts;
	inner.out = open_memstream(&text, &n);
	if (!inner.out)
		return err_set(e, -errno, "cannot collect the text");
	status = explain(&inner, argc ? argv[0] : NULL, out_wants_color(ctx->out), e);
	fclose(inner.out);
	if (status == 0 && wants_pager(ctx->out))
		pager_become(text);
	return status ? status : out_write(ctx->out, text, n, e);
}

extern const struct applet applet_help;
const struct applet applet_help = {
	.name = "help",
	.summary = "explain an applet or a topic",
	.operands = operands,
	.noperands = ARRAY_LEN(operands),
	.run = run,
};
