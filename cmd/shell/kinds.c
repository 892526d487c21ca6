/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of argument that only the shell knows, and the table of all its commands. */
#include "commands.h"

#include "../../common/base/str.h"
#include "../../common/cli/candidates.h"
#include "../../common/cli/complete_ref.h"
#include "../../common/cli/dispatch.h"
#include "../../common/cli/topics.h"
#include "caption.h"
#include "topics.h"

static int parse_text(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word;
	return 0;
}

static void about_ns(struct shell *sh, uint32_t ns, struct str *text)
{
	uint32_t n = sh->graph.ns.v[ns].nprocs;

	caption_ns(sh, ns, text);
	str_addf(text, "%s%u process%s", text->len ? ", " : "", n, n == 1 ? "" : "es");
}

/* So many candidates are explained: nobody reads more, and each costs a file to be read. */
#define EXPLAINED_MAX 200

/* What there is to say of S, which WORD stands for; NULL: nothing. */
static const char *about_step(struct shell *sh, const struct step *s, const char *word,
			      const struct candidates *ret, struct str *text)
{
	uint32_t ns = s->kind == STEP_NS ? graph_find_ns(&sh->graph, s->ino) : GRAPH_NONE;

	str_clear(text);
	if (ret->found.n >= EXPLAINED_MAX || !str_after(word, ret->typed))
		return NULL;
	if (s->kind == STEP_PROC)
		caption_process(sh, s->pid, text);
	else if (ns != GRAPH_NONE)
		about_ns(sh, ns, text);
	return text->len ? str_text(text) : NULL;
}

/* Whether TYPED may become "TYPE:[INODE]" or a path: to answer that it is not the machine need not be looked at. */
static bool may_be_step(const char *typed)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		auto_free char *head = xasprintf("%s:[", ns_types[t].name);

		if (str_after(head, typed) || str_after(typed, head))
			return true;
	}
	return strchr(typed, '/');
}

/* What leads on from the place that is typed so far; processes only behind a slash. */
static void complete_steps(struct shell *sh, struct candidates *ret)
{
	const char *slash = strrchr(ret->typed, '/');
	size_t head = slash ? (size_t)(slash - ret->typed) + 1 : 0;
	auto_free char *path = xstrndup(ret->typed, head);
	auto_call(steps_done) struct steps below = { 0 };
	auto_place struct place at = { 0 };
	auto_str struct str about = { 0 };
	uint64_t before = sh->looked_at;

	if (!may_be_step(ret->typed))
		return;
	if (!shell_look_quickly(sh) && (!head || shell_look(sh, NULL) < 0))
		return;
	ret->just_seen = sh->looked_at != before;
	ret->graph = shell_has_looked(sh) ? &sh->graph : NULL;
	if (place_walk(&sh->graph, &sh->here, path, &at, NULL) < 0)
		return;
	candidates_settle(ret, head);
	place_children(&sh->graph, &at, &below);
	for (size_t i = 0; i < below.v.n; i++) {
		auto_free char *text = step_text(&below.v.v[i]);

		if (below.v.v[i].kind == STEP_NS || head)
			candidates_add(ret, text, about_step(sh, &below.v.v[i], text, ret, &about));
	}
}

static void complete_place(struct candidates *ret)
{
	bool is_path = strchr(ret->typed, '/');

	if (ret->ctx)
		complete_steps(shell_of((struct ctx *)ret->ctx), ret);
	if (!is_path)
		complete_ref(ret);
	else if (!ret->found.n)
		ret->files = true;
}

static void complete_name(struct candidates *ret)
{
	for (size_t i = 0; ret->ctx && i < ret->ctx->napplets; i++)
		candidates_add(ret, ret->ctx->applets[i]->name, ret->ctx->applets[i]->summary);
	for (size_t i = 0; topic_name(i); i++)
		candidates_add(ret, topic_name(i), "a topic");
	for (size_t i = 0; i < ntopics; i++)
		candidates_add(ret, topics[i].name, topics[i].about);
}

static void complete_alias(struct candidates *ret)
{
	const struct shell *sh = ret->ctx ? shell_of((struct ctx *)ret->ctx) : NULL;

	for (size_t i = 0; sh && i < sh->aliases.n; i++)
		candidates_add(ret, sh->aliases.v[i].name, sh->aliases.v[i].text);
}

const struct arg_kind arg_place = { "PLACE", sizeof(char *), parse_text, NULL, complete_place };
const struct arg_kind arg_alias = { "NAME", sizeof(char *), parse_text, NULL, complete_alias };
const struct arg_kind arg_topic = { "COMMAND|TOPIC", sizeof(char *), parse_text, NULL,
				    complete_name };
const struct arg_kind arg_word = { "WORD", sizeof(char *), parse_text };
const struct arg_kind arg_definition = { "NAME[=COMMAND]", sizeof(char *), parse_text, NULL,
					 complete_alias };
const struct arg_kind arg_status = { "STATUS", sizeof(char *), parse_text };
const struct arg_kind arg_number = { "N", sizeof(char *), parse_text };
const struct arg_kind arg_depth = { "DEPTH", sizeof(char *), parse_text };

static const struct command_table *const tables[] = {
	&place_commands,
	&view_commands,
	&relate_commands,
	&session_commands,
};

const char *commands_heading(size_t index)
{
	size_t first = 0;

	for (size_t i = 0; i < ARRAY_LEN(tables); first += tables[i++]->n)
		if (index == first)
			return tables[i]->heading;
	return index == first ? "Applets of nstool" : NULL;
}

void commands_init(struct shell *sh, const struct ctx *roof)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (size_t j = 0; j < tables[i]->n; j++)
			vec_push(&sh->commands, tables[i]->v[j]);
	sh->ctx.applets = sh->commands.v;
	sh->ctx.napplets = sh->commands.n;
	for (size_t i = 0; i < roof->napplets; i++)
		if (!applet_find(&sh->ctx, roof->applets[i]->name)) {
			vec_push(&sh->commands, roof->applets[i]);
			sh->ctx.applets = sh->commands.v;
			sh->ctx.napplets = sh->commands.n;
		}
}
