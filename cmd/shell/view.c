/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that show what stands where: ls, tree, find, ps. */
#include "commands.h"

#include "../../common/base/escape.h"
#include "../../common/base/num.h"
#include "../../common/base/str.h"
#include "../../common/cli/kinds.h"
#include "../../common/cli/viewkinds.h"
#include "../../common/out/nsview.h"
#include "inside.h"
#include "names.h"

#include <errno.h>

/* So deep is a tree drawn at most: below it pid namespaces nest 32 levels, within 32 of users. */
#define TREE_DEEPEST FOREST_DEEPEST

/* Shows the rows of F in the columns that are set, or in COLUMNS. */
static int show_rows(struct shell *sh, const struct forest *f, const char *columns, bool tree,
		     struct err *e)
{
	struct nschoice choice = { 0 };
	struct nsview view = { .facts = &sh->facts, .forest = f, .columns = &choice };
	struct table_style style = {
		.out = sh->ctx.out,
		.tree = tree,
		.color = shell_wants_color(sh, sh->ctx.out),
	};
	int r = nschoice_parse(columns ? columns : sh->settings.columns, sh->settings.columns,
			       &choice, e);

	if (r == 0)
		r = nsview_table(&view, &style, !columns, e);
	nschoice_done(&choice);
	return r;
}

struct view_opts {
	bool longer, procs;
	const char *columns;
	unsigned types;
};

static bool is_shown(const struct view_opts *o, const struct step *s)
{
	if (s->kind == STEP_PROC)
		return o->procs || !o->types;
	return !o->types || o->types & 1U << s->type;
}

static void keep_shown(const struct view_opts *o, struct steps *steps)
{
	size_t n = 0;

	for (size_t i = 0; i < steps->v.n; i++)
		if (is_shown(o, &steps->v.v[i]))
			steps->v.v[n++] = steps->v.v[i];
	steps->v.n = n;
}

static void add_row(const struct graph *g, const struct step *s, uint32_t within, uint32_t parent,
		    struct forest *ret)
{
	struct forest_row row = { .ns = within, .proc = GRAPH_NONE, .parent = parent };

	if (s->kind == STEP_PROC)
		row.proc = graph_find_proc(g, s->pid);
	else
		row.ns = graph_find_ns(g, s->ino);
	vec_push(&ret->rows, row);
}

/* The namespace whose member a process below P is. */
static uint32_t namespace_of(const struct graph *g, const struct place *p)
{
	struct spot spot;

	return place_look(g, p, &spot, NULL) < 0 ? GRAPH_NONE : spot.ns;
}

static int ls_long(struct shell *sh, const struct view_opts *o, const struct place *p,
		   const struct steps *steps, struct err *e)
{
	struct forest f = { 0 };
	uint32_t within = namespace_of(&sh->graph, p);
	int r;

	for (size_t i = 0; i < steps->v.n; i++)
		add_row(&sh->graph, &steps->v.v[i], within, GRAPH_NONE, &f);
	r = show_rows(sh, &f, o->columns, false, e);
	forest_done(&f);
	return r;
}

/* The namespaces that a process is in are what stands below it, for the eye only. */
static void process_steps(const struct graph *g, uint32_t proc, struct steps *ret)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		uint32_t ns = g->procs.v[proc].ns[t];

		if (ns != GRAPH_NONE)
			vec_push(&ret->v, { .kind = STEP_NS,
					    .type = (enum ns_type)t,
					    .ino = g->ns.v[ns].ino });
	}
}

/* What is shown below P. */
static void steps_below(const struct graph *g, const struct place *p, struct steps *ret)
{
	struct spot spot;

	if (place_look(g, p, &spot, NULL) == 0 && spot.kind == STEP_PROC)
		process_steps(g, spot.proc, ret);
	else
		place_children(g, p, ret);
}

static int ls_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	const struct view_opts *o = opts;
	auto_place struct place p = { 0 };
	auto_call(steps_done) struct steps steps = { 0 };
	struct spot spot = { 0 };
	int r = shell_find(sh, argc ? argv[0] : NULL, &p, e);

	if (r == 0)
		r = place_look(&sh->graph, &p, &spot, e);
	if (r < 0)
		return r;
	steps_below(&sh->graph, &p, &steps);
	keep_shown(o, &steps);
	if (o->longer || o->columns)
		return ls_long(sh, o, &p, &steps, e);
	names_print(sh, ctx->out, &steps, shell_wants_color(sh, ctx->out));
	return 0;
}

/* A tree being laid out. */
struct tree {
	struct shell *sh;
	const struct view_opts *opts;
	uint64_t depth; /* rows so deep below the top are the last */
	bool *seen;	/* by namespace: a pid namespace stands below its owner and its parent */
	struct forest forest;
};

/*
 * Lays out what is below P, under row PARENT; what is not to be shown leaves its place to what is below it.
 * With PROCS also the processes that are in P.
 */
static void grow(struct tree *t, struct place *p, uint32_t parent, bool procs, uint64_t depth)
{
	auto_call(steps_done) struct steps steps = { 0 };
	const struct graph *g = &t->sh->graph;
	uint32_t within = namespace_of(g, p);

	if (depth > t->depth)
		return;
	steps_below(g, p, &steps);
	for (size_t i = 0; i < steps.v.n; i++) {
		struct step *s = &steps.v.v[i];
		uint32_t ns = s->kind == STEP_NS ? graph_find_ns(g, s->ino) : GRAPH_NONE;
		bool shown = is_shown(t->opts, s);

		if (ns == GRAPH_NONE ? !procs : t->seen[ns])
			continue;
		if (shown)
			add_row(g, s, within, parent, &t->forest);
		if (ns == GRAPH_NONE)
			continue;
		t->seen[ns] = true;
		place_add(p, *s);
		grow(t, p, shown ? (uint32_t)t->forest.rows.n - 1 : parent, t->opts->procs && shown,
		     depth + 1);
		p->steps.n--;
	}
}

/* The row of what stands at the top: a namespace or a process; a set has none. */
static void grow_top(struct tree *t, struct place *p)
{
	const struct graph *g = &t->sh->graph;
	struct forest_row row = { .ns = GRAPH_NONE, .proc = GRAPH_NONE, .parent = GRAPH_NONE };
	struct spot spot;

	if (place_look(g, p, &spot, NULL) < 0)
		return;
	row.ns = spot.ns;
	if (spot.kind == STEP_PROC) {
		row.ns = g->procs.v[spot.proc].ns[NS_USER];
		row.proc = spot.proc;
		t->depth = 1; /* what its namespaces own is not its own */
	} else if (spot.ns != GRAPH_NONE) {
		t->seen[spot.ns] = true;
	}
	if (row.ns != GRAPH_NONE)
		vec_push(&t->forest.rows, row);
	grow(t, p, row.ns == GRAPH_NONE ? GRAPH_NONE : 0, t->opts->procs, 1);
}

/* tree, tree DEPTH */
static int tree_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	struct tree t = { .sh = sh, .opts = opts, .depth = TREE_DEEPEST };
	auto_place struct place p = { 0 };
	auto_free char *q = quoted(argc ? argv[0] : "");
	int r;

	if (argc && num_u64(argv[0], 1, TREE_DEEPEST, &t.depth) < 0)
		return err_say(e, -EINVAL, "%s is not a depth: it must be 1 to %d", q,
			       TREE_DEEPEST);
	r = shell_find(sh, NULL, &p, e);
	if (r < 0)
		return r;
	t.seen = xcalloc(sh->graph.ns.n, sizeof(*t.seen));
	grow_top(&t, &p);
	r = show_rows(sh, &t.forest, t.opts->columns, true, e);
	free(t.seen);
	forest_done(&t.forest);
	return r;
}

/* find EXPR: several words are one expression. */
static int find_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	const struct view_opts *o = opts;
	auto_str struct str text = { 0 };
	auto_filter struct filter *filter = NULL;
	struct forest f = { 0 };
	int r;

	for (int i = 0; i < argc; i++)
		str_join(&text, " ", argv[i]);
	if (!argc)
		return err_say(e, -EINVAL, "an expression is missing: find 'TYPE == \"net\"'");
	filter = nsfilter_new(str_text(&text), e);
	if (!filter) {
		if (argc > 1)
			err_hint(e, "the shell takes quotes away: put the whole expression in '…'");
		return -EINVAL;
	}
	r = shell_look(sh, e);
	for (uint32_t i = 0; r == 0 && i < sh->graph.ns.n; i++)
		if (nsfilter_match(filter, &sh->facts, i))
			vec_push(&f.rows, { .ns = i, .proc = GRAPH_NONE, .parent = GRAPH_NONE });
	if (r == 0)
		r = show_rows(sh, &f, o->columns, false, e);
	forest_done(&f);
	return r;
}

static void add_process(struct shell *sh, struct table *t, pid_t pid)
{
	auto_free char *number = xasprintf("%d", pid);
	auto_str struct str user = { 0 }, container = { 0 }, command = { 0 };
	pid_t pid_inside = inside_pid(sh, pid);
	auto_free char *inside = pid_inside ? xasprintf("%d", pid_inside) : NULL;
	uint32_t row = table_row(t, TABLE_TOP);

	facts_user(&sh->facts, pid, &user);
	facts_container(&sh->facts, pid, &container);
	facts_command(&sh->facts, pid, &command);
	table_cell(t, row, 0, number);
	table_cell(t, row, 1, inside);
	table_cell(t, row, 2, str_text(&user));
	table_cell(t, row, 3, str_text(&container));
	table_cell(t, row, 4, str_text(&command));
}

static bool is_in_set(const struct graph *g, const struct proc *p, const struct step *set)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (p->ns[t] != GRAPH_NONE && step_member(g, set, (enum ns_type)t) == p->ns[t])
			return true;
	return false;
}

static bool is_member(const struct graph *g, const struct place *p, const struct spot *spot,
		      uint32_t proc)
{
	const struct proc *pr = &g->procs.v[proc];

	switch (spot->kind) {
	case STEP_NS:
		return spot->ns == GRAPH_NONE || pr->ns[g->ns.v[spot->ns].type] == spot->ns;
	case STEP_PROC:
		return proc == spot->proc;
	case STEP_SET:
		break;
	}
	return is_in_set(g, pr, &p->steps.v[p->steps.n - 1]);
}

/* Whether one of the processes that are shown is in a container. */
static bool has_containers(struct shell *sh, const struct place *p, const struct spot *spot)
{
	bool found = false;

	for (uint32_t i = 0; i < sh->graph.procs.n && !found; i++) {
		auto_str struct str text = { 0 };

		found = is_member(&sh->graph, p, spot, i) &&
			facts_container(&sh->facts, sh->graph.procs.v[i].pid, &text);
	}
	return found;
}

static int ps_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	struct table_style style = { .out = ctx->out };
	auto_table struct table *t = NULL;
	auto_place struct place p = { 0 };
	struct spot spot;
	int r = shell_find(sh, argc ? argv[0] : NULL, &p, e);

	(void)opts;
	if (r == 0)
		r = place_look(&sh->graph, &p, &spot, e);
	if (r == 0)
		r = table_new(&style, &t, e);
	if (r < 0)
		return r;
	table_column(t, "PID", 0, TABLE_RIGHT);
	table_column(t, "INSIDE", 0, TABLE_RIGHT);
	table_column(t, "USER", 0, 0);
	table_column(t, "CONTAINER", 0, has_containers(sh, &p, &spot) ? 0 : TABLE_HIDDEN);
	table_column(t, "COMMAND", 0, TABLE_TRUNCATE);
	for (uint32_t i = 0; i < sh->graph.procs.n; i++)
		if (is_member(&sh->graph, &p, &spot, i))
			add_process(sh, t, sh->graph.procs.v[i].pid);
	return table_print(t, e);
}

#define COLUMNS_OPTION                                                                             \
	VALUE('o', "output", &arg_columns, struct view_opts, columns, "show these columns")
#define TYPE_OPTION                                                                                \
	VALUE('t', "type", &arg_types, struct view_opts, types, "only namespaces of these types")

static const struct opt ls_opts[] = {
	FLAG('l', "long", struct view_opts, longer, "in columns, those of 'set columns'"),
	FLAG('p', "procs", struct view_opts, procs, "with -t, processes as well"),
	TYPE_OPTION,
	COLUMNS_OPTION,
};

static const struct opt tree_opts[] = {
	FLAG('p', "procs", struct view_opts, procs, "with the processes"),
	TYPE_OPTION,
	COLUMNS_OPTION,
};

static const struct opt find_opts[] = { COLUMNS_OPTION };

static const struct operand maybe_place[] = { { &arg_place, OPERAND_MAYBE } };
static const struct operand depth[] = { { &arg_depth, OPERAND_MAYBE } };
/* The words of an expression make sense only together: no word is checked by itself. */
static void complete_expression(struct candidates *ret)
{
	arg_filter.complete(ret);
}

static const struct arg_kind arg_expression = { "EXPR", sizeof(char *), NULL, NULL,
						complete_expression };
static const struct operand expression[] = { { &arg_expression, OPERAND_REST } };

static const struct applet command_ls = {
	.name = "ls",
	.summary = "show what stands here: namespaces and processes",
	.opts = ls_opts,
	.nopts = ARRAY_LEN(ls_opts),
	.opts_size = sizeof(struct view_opts),
	.operands = maybe_place,
	.noperands = ARRAY_LEN(maybe_place),
	.uses_snapshot = true,
	.run = ls_run,
};

static const struct applet command_tree = {
	.name = "tree",
	.summary = "draw the namespaces from here on, so many levels deep",
	.opts = tree_opts,
	.nopts = ARRAY_LEN(tree_opts),
	.opts_size = sizeof(struct view_opts),
	.operands = depth,
	.noperands = ARRAY_LEN(depth),
	.uses_snapshot = true,
	.run = tree_run,
};

static const struct applet command_find = {
	.name = "find",
	.summary = "show the namespaces for which an expression is true",
	.opts = find_opts,
	.nopts = ARRAY_LEN(find_opts),
	.opts_size = sizeof(struct view_opts),
	.operands = expression,
	.noperands = ARRAY_LEN(expression),
	.uses_snapshot = true,
	.run = find_run,
};

static const struct applet command_ps = {
	.name = "ps",
	.summary = "show the processes here, with the pid that each has inside",
	.operands = maybe_place,
	.noperands = ARRAY_LEN(maybe_place),
	.uses_snapshot = true,
	.run = ps_run,
};

static const struct applet *const table[] = {
	&command_ls,
	&command_tree,
	&command_ps,
	&command_find,
};

const struct command_table view_commands = { "What there is", table, ARRAY_LEN(table) };
