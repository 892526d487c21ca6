/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list: the namespaces of the machine. Under the name lsns: with the interface of util-linux. */
#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/base/num.h"
#include "../common/cli/kinds.h"
#include "../common/cli/viewkinds.h"
#include "../common/ns/discover.h"
#include "../common/ns/resolve.h"
#include "../common/out/color.h"
#include "../common/out/flush.h"
#include "../common/out/header.h"
#include "../common/out/nsview.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>

struct list_opts {
	bool json, list, noheadings, all_columns, persistent, raw, notruncate, nowrap;
	bool show_columns, procs, dot;
	const char *columns, *filter, *proc;
	pid_t task;
	unsigned types, sources;
	enum forest_kind tree; /* FOREST_FLAT: none */
};

/* What differs between the two names. */
struct list_style {
	const char *columns;	 /* shown by default … */
	const char *net_columns; /* … and when network namespaces are asked for */
	unsigned sources;
	bool compat;
};

static const struct list_style own_style = {
	.columns = "NS,TYPE,NPROCS,PID,USER,HELD,CONTAINER,COMMAND",
	.net_columns = "NS,TYPE,NPROCS,PID,USER,HELD,NAMES,CONTAINER,COMMAND",
	.sources = SOURCE_DEFAULT,
};

static const struct list_style lsns_style = {
	.columns = "NS,TYPE,NPROCS,PID,USER,COMMAND",
	.net_columns = "NS,TYPE,NPROCS,PID,USER,NETNSID,NSFS,COMMAND",
	.sources = SOURCE_ALL,
	.compat = true,
};

/* lsns NAMESPACE shows the processes in it. */
static const char process_columns[] = "PID,PPID,USER,COMMAND";

/* A run: what is asked for, what was found, what is shown. */
struct list {
	const struct list_opts *opts;
	const struct list_style *style;
	enum forest_kind tree;
	int proc;
	struct graph graph;
	struct facts facts;
	bool *chosen; /* by namespace: whether it is shown */
	bool *named;  /* by namespace: whether a reference named it; NULL: there are none */
	struct forest forest;
	struct nschoice columns;
};

static void list_done(struct list *l)
{
	nschoice_done(&l->columns);
	forest_done(&l->forest);
	free(l->chosen);
	free(l->named);
	facts_done(&l->facts);
	graph_done(&l->graph);
	cleanup_fd(&l->proc);
}

static int open_proc(const char *dir, struct err *e)
{
	auto_free char *q = quoted(dir ? dir : "/proc");
	int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : proc_open();

	if (fd < 0)
		return err_set(e, dir ? -errno : fd, "cannot open %s", q);
	return fd;
}

static int look(struct list *l, struct err *e)
{
	unsigned wanted = l->opts->sources ? l->opts->sources : l->style->sources;
	int r;

	l->proc = open_proc(l->opts->proc, e);
	if (l->proc < 0)
		return l->proc;
	r = discover(&l->graph, l->proc, wanted, e);
	if (r == 0)
		facts_init(&l->facts, &l->graph, l->proc);
	return r;
}

/* Marks what the reference TEXT names as chosen; with ANCESTORS also owners and parents. */
static int choose_ref(struct list *l, const char *text, bool ancestors, struct err *e)
{
	auto_resolver struct resolver resolver = { .proc = l->proc, .graph = &l->graph };
	auto_target struct target t = TARGET_NONE;
	int r = resolve(&resolver, text, &t, e);

	for (int type = 0; r == 0 && type < NS_NTYPES; type++) {
		uint32_t ns;
		int fd;

		if (!(t.types & 1U << type))
			continue;
		fd = target_ns(&t, (enum ns_type)type, e);
		if (fd < 0)
			return fd;
		ns = graph_find_ns(&l->graph, fd_inode(fd));
		if (ns == GRAPH_NONE)
			return err_say(e, -ENOENT, "%s: these sources do not find its %s namespace",
				       t.label, ns_types[type].name);
		graph_mark(&l->graph, ns, ancestors, l->chosen);
		if (l->named)
			l->named[ns] = true;
	}
	return r;
}

static bool is_wanted(const struct list *l, const struct ns *ns)
{
	const struct list_opts *o = l->opts;
	bool has_parents = ns->type == NS_PID || ns->type == NS_USER;

	if (o->types && !(o->types & 1U << ns->type))
		return false;
	if (o->persistent && ns->nprocs)
		return false;
	return l->tree != FOREST_PARENT || l->style->compat || has_parents;
}

/* lsns takes a namespace by inode only: a small number is no pid there. */
static int choose_inode(struct list *l, const char *text, struct err *e)
{
	uint32_t ns = GRAPH_NONE;
	uint64_t ino;

	if (arg_inode.parse(text, &ino, e) < 0)
		return -EINVAL;
	ns = graph_find_ns(&l->graph, ino);
	if (ns == GRAPH_NONE)
		return err_say(e, -ENOENT, "not found namespace: %s", text);
	l->chosen[ns] = true;
	return 0;
}

static int choose(struct list *l, int nrefs, char **refs, struct err *e)
{
	bool narrowed = nrefs > 0 || l->opts->task;
	auto_filter struct filter *filter = NULL;
	int r = 0;

	l->chosen = xcalloc(l->graph.ns.n, sizeof(*l->chosen));
	if (nrefs > 0 && !l->style->compat)
		l->named = xcalloc(l->graph.ns.n, sizeof(*l->named));
	for (int i = 0; r == 0 && i < nrefs; i++)
		r = l->style->compat ? choose_inode(l, refs[i], e)
				     : choose_ref(l, refs[i], true, e);
	if (r == 0 && l->opts->task) {
		auto_free char *ref = xasprintf("pid:%d", l->opts->task);

		r = choose_ref(l, ref, false, e);
	}
	if (r < 0)
		return r;
	if (l->opts->filter)
		filter = nsfilter_new(l->opts->filter, e);
	for (uint32_t i = 0; i < l->graph.ns.n; i++) {
		if (narrowed && !l->chosen[i])
			continue;
		l->chosen[i] = is_wanted(l, &l->graph.ns.v[i]) &&
			       (!filter || nsfilter_match(filter, &l->facts, i));
	}
	return 0;
}

/*
 * Drops the rows of namespaces: what is left hangs below each other, or below nothing, and tells of
 * its namespace itself.
 */
static void keep_processes(struct forest *f)
{
	auto_free uint32_t *moved = xcalloc(f->rows.n, sizeof(*moved));
	size_t kept = 0;

	for (size_t i = 0; i < f->rows.n; i++) {
		struct forest_row row = f->rows.v[i];

		moved[i] = GRAPH_NONE;
		if (row.proc == GRAPH_NONE)
			continue;
		moved[i] = (uint32_t)kept;
		row.parent = moved[row.parent];
		row.both = true;
		f->rows.v[kept++] = row;
	}
	f->rows.n = kept;
}

/* lsns draws processes as a tree, those in a namespace or the first ones of all, before COMMAND. */
static enum forest_kind lsns_tree(const struct list *l, bool processes_only)
{
	const struct list_opts *o = l->opts;
	bool by_default = !o->tree && !o->list && (processes_only || !o->all_columns);

	if (o->tree != FOREST_PROCESS && !by_default)
		return processes_only ? FOREST_FLAT : o->tree;
	if (!nschoice_has(&l->columns, "COMMAND"))
		return FOREST_FLAT;
	return processes_only ? FOREST_PROCESS : FOREST_FIRST;
}

static void lay_out(struct list *l, bool processes_only)
{
	auto_free pid_t *parents = NULL;
	struct forest_want want = {
		.procs = l->opts->procs || processes_only,
		.by_inode = l->style->compat,
		.chosen = l->chosen,
		.peopled = l->named,
	};

	if (l->style->compat)
		l->tree = lsns_tree(l, processes_only);
	want.kind = l->tree;
	if (want.kind == FOREST_PROCESS)
		parents = facts_parents(&l->facts);
	else if (want.kind == FOREST_FIRST)
		parents = facts_first_parents(&l->facts);
	want.ppids = parents;
	forest_build(&l->graph, &want, &l->forest);
	if (processes_only)
		keep_processes(&l->forest);
}

static int choose_columns(struct list *l, bool processes_only, struct err *e)
{
	const char *defaults = l->style->columns;

	if (processes_only)
		defaults = process_columns;
	else if (l->opts->types & 1U << NS_NET)
		defaults = l->style->net_columns;
	if (l->opts->all_columns) {
		nschoice_all(&l->columns);
		return 0;
	}
	return nschoice_parse(l->opts->columns ? l->opts->columns : defaults, defaults, &l->columns,
			      e);
}

static int print_table(const struct list *l, const struct nsview *view, bool tree, FILE *out,
		       struct err *e)
{
	struct table_style style = {
		.out = out,
		.tree = tree,
		.raw = l->opts->raw,
		.noheadings = l->opts->noheadings,
		.notruncate = l->opts->notruncate,
		.nowrap = l->opts->nowrap,
		.color = !l->style->compat && out_wants_color(out),
	};
	bool by_default = !l->opts->columns && !l->opts->all_columns;

	return nsview_table(view, &style, by_default && !l->style->compat && !style.raw, e);
}

static int print_json(const struct list *l, const struct nsview *view, FILE *out, struct err *e)
{
	auto_json struct json *j = NULL;
	struct json_object *o;
	int r = json_new(&j, e);

	if (r < 0)
		return r;
	o = json_map(j);
	if (!l->style->compat)
		json_set(j, o, "header", header_json(j, &l->graph, l->proc));
	json_set(j, o, "namespaces", nsview_json(view, j));
	return json_write(j, o, JSON_PRETTY, out, e);
}

static int print(struct list *l, FILE *out, struct err *e)
{
	bool by_process = l->tree == FOREST_PROCESS || l->tree == FOREST_FIRST;
	struct nsview view = {
		.facts = &l->facts,
		.forest = &l->forest,
		.columns = &l->columns,
		.at_command = l->style->compat && by_process,
		.peopled = l->named,
	};

	if (l->opts->dot)
		return nsview_dot(&view, out, e);
	if (l->opts->json)
		return print_json(l, &view, out, e);
	return print_table(l, &view, l->tree || (l->opts->procs && !l->opts->list), out, e);
}

static int show_columns(FILE *out, struct err *e)
{
	for (size_t i = 0; i < nnscolumns; i++)
		fprintf(out, "%-9s  %s\n", nscolumns[i].name, nscolumns[i].help);
	return out_flush(out, e);
}

static int check_choices(const struct list_opts *opts, const struct list_style *style, int nrefs,
			 struct err *e)
{
	if (style->compat && opts->task && nrefs > 0)
		return err_say(e, -EINVAL, "only one of --task and a namespace can be chosen");
	if (opts->json + opts->raw + opts->dot < 2)
		return 0;
	err_say(e, -EINVAL, "only one of %s can be chosen",
		style->compat ? "--json and --raw" : "--json, --raw and --dot");
	return style->compat ? -EINVAL : 2;
}

static int run(struct ctx *ctx, const struct list_opts *opts, const struct list_style *style,
	       int nrefs, char **refs, struct err *e)
{
	auto_call(list_done) struct list l = {
		.opts = opts, .style = style, .tree = opts->tree, .proc = -EBADF
	};
	bool processes_only = style->compat && nrefs > 0;
	int r;

	if (opts->show_columns)
		return show_columns(ctx->out, e);
	r = check_choices(opts, style, nrefs, e);
	if (r != 0)
		return r;
	r = look(&l, e);
	if (r == 0)
		r = choose(&l, nrefs, refs, e);
	if (r == 0)
		r = choose_columns(&l, processes_only, e);
	if (r < 0)
		return r;
	lay_out(&l, processes_only);
	r = print(&l, ctx->out, e);
	if (r == 0 && !style->compat)
		header_note(stderr, &l.graph);
	return r;
}

static int list_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	return run(ctx, opts, &own_style, argc, argv, e);
}

static int lsns_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	return run(ctx, opts, &lsns_style, argc, argv, e);
}

/* Those of lsns(8), util-linux 2.41. */
#define LSNS_OPTIONS                                                                               \
	FLAG('J', "json", struct list_opts, json, "write JSON"),                                   \
		FLAG('l', "list", struct list_opts, list, "show a list, not a tree"),              \
		FLAG('n', "noheadings", struct list_opts, noheadings,                              \
		     "do not print the column names"),                                             \
		VALUE('o', "output", &arg_columns, struct list_opts, columns,                      \
		      "show these columns; +LIST: these too"),                                     \
		FLAG(0, "output-all", struct list_opts, all_columns, "show all columns"),          \
		VALUE('p', "task", &arg_pid, struct list_opts, task,                               \
		      "only the namespaces of this process"),                                      \
		FLAG('P', "persistent", struct list_opts, persistent,                              \
		     "only namespaces without processes"),                                         \
		FLAG('r', "raw", struct list_opts, raw, "one space between columns, for scripts"), \
		FLAG('u', "notruncate", struct list_opts, notruncate,                              \
		     "do not cut columns to the width of the terminal"),                           \
		FLAG('W', "nowrap", struct list_opts, nowrap, "one line for each row"),            \
		VALUE('t', "type", &arg_types, struct list_opts, types, "only these types"),       \
		MAYBE('T', "tree", &arg_tree, struct list_opts, tree,                              \
		      "as a tree by owner, parent or process"),                                    \
		VALUE('Q', "filter", &arg_filter, struct list_opts, filter,                        \
		      "show only rows for which the expression is true"),                          \
		FLAG('H', "list-columns", struct list_opts, show_columns, "explain the columns")

static const struct opt list_opts[] = {
	LSNS_OPTIONS,
	FLAG(0, "procs", struct list_opts, procs, "show the processes of each namespace"),
	FLAG(0, "dot", struct list_opts, dot, "write a graph for dot(1)"),
	VALUE(0, "source", &arg_sources, struct list_opts, sources,
	      "look only in these places; 'all': everywhere"),
	VALUE(0, "proc", &arg_file, struct list_opts, proc, "read this instead of /proc"),
};

static const struct opt lsns_opts[] = { LSNS_OPTIONS };

static const struct operand list_operands[] = { { &arg_ref, OPERAND_REST } };
static const struct operand lsns_operands[] = { { &arg_inode, OPERAND_MAYBE } };

const struct applet applet_list = {
	.name = "list",
	.summary = "list namespaces, who is in them and what keeps them alive",
	.opts = list_opts,
	.nopts = ARRAY_LEN(list_opts),
	.opts_size = sizeof(struct list_opts),
	.operands = list_operands,
	.noperands = ARRAY_LEN(list_operands),
	.here = "",
	.run = list_run,
};

const struct applet applet_lsns = {
	.name = "lsns",
	.summary = "list namespaces, as lsns(8) of util-linux does",
	.opts = lsns_opts,
	.nopts = ARRAY_LEN(lsns_opts),
	.opts_size = sizeof(struct list_opts),
	.operands = lsns_operands,
	.noperands = ARRAY_LEN(lsns_operands),
	.exit = EXIT_AS_UTIL_LINUX,
	.compat = true,
	.run = lsns_run,
};
