/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that explain one thing or relate two: info, who, path. */
#include "commands.h"

#include "../../common/base/escape.h"
#include "../../common/base/str.h"
#include "../../common/ns/facts.h"
#include "../../common/sys/procfs.h"
#include "caption.h"
#include "inside.h"

#include <inttypes.h>

/* So many processes are named one by one. */
#define NAMED_MAX 8

static void put_ns(FILE *out, const char *what, const struct graph *g, uint32_t ns)
{
	if (ns == GRAPH_NONE)
		return;
	fprintf(out, "%-10s %s:[%ju]\n", what, ns_types[g->ns.v[ns].type].name,
		(uintmax_t)g->ns.v[ns].ino);
}

/* What may be a stranger's text. */
static void put_text(FILE *out, const char *what, const char *text)
{
	auto_str struct str safe = { 0 };

	escape_terminal(&safe, text, strlen(text));
	fprintf(out, "%-10s %s\n", what, str_text(&safe));
}

/* Each line of TEXT, which is escaped already. */
static void put_lines(FILE *out, const char *what, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		fprintf(out, "%-10s %.*s\n", what, (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void put_proc(FILE *out, struct shell *sh, pid_t pid)
{
	auto_str struct str name = { 0 };

	caption_process(sh, pid, &name);
	fprintf(out, " %d (%s)", pid, str_text(&name));
}

static void put_members(FILE *out, struct shell *sh, const struct ns *ns)
{
	fprintf(out, "%-10s %u", "processes", ns->nprocs);
	for (uint32_t i = 0; i < MIN(ns->nprocs, NAMED_MAX); i++)
		put_proc(out, sh, sh->graph.procs.v[sh->graph.members[ns->first_member + i]].pid);
	fputs(ns->nprocs > NAMED_MAX ? " …\n" : "\n", out);
}

/* How many members each container has, in the order of their first. */
struct tally {
	VEC(struct tally_line {
		char *container;
		unsigned n;
	})
	lines;
};

static void count_container(struct tally *t, const char *container)
{
	for (size_t i = 0; i < t->lines.n; i++)
		if (str_is(t->lines.v[i].container, container)) {
			t->lines.v[i].n++;
			return;
		}
	vec_push(&t->lines, { xstrdup(container), 1 });
}

static void put_containers(FILE *out, struct shell *sh, const struct ns *ns)
{
	struct tally t = { 0 };

	for (uint32_t i = 0; i < ns->nprocs; i++) {
		auto_str struct str text = { 0 };
		uint32_t proc = sh->graph.members[ns->first_member + i];

		if (facts_container(&sh->facts, sh->graph.procs.v[proc].pid, &text))
			count_container(&t, str_text(&text));
	}
	for (size_t i = 0; i < t.lines.n; i++) {
		auto_str struct str safe = { 0 };

		escape_terminal(&safe, t.lines.v[i].container, strlen(t.lines.v[i].container));
		fprintf(out, "%-10s %s: %u\n", "container", str_text(&safe), t.lines.v[i].n);
		free(t.lines.v[i].container);
	}
	vec_done(&t.lines);
}

static void put_held(FILE *out, unsigned held)
{
	fprintf(out, "%-10s", "held by");
	for (unsigned bit = 1; bit < 1U << HELD_NKINDS; bit <<= 1)
		if (held & bit)
			fprintf(out, " %s", held_name((enum held)bit));
	fputc('\n', out);
}

static void put_fact(FILE *out, const char *what, bool there, const struct str *text)
{
	if (there)
		put_text(out, what, str_text(text));
}

static void put_facts(FILE *out, const char *what, bool there, const struct str *text)
{
	if (there)
		put_lines(out, what, str_text(text));
}

static void put_map(FILE *out, struct shell *sh, uint32_t ns, const char *name, const char *what)
{
	auto_str struct str text = { 0 };

	put_facts(out, what, facts_map(&sh->facts, ns, name, &text), &text);
}

static void put_names(FILE *out, struct shell *sh, uint32_t ns)
{
	auto_str struct str names = { 0 }, holders = { 0 }, path = { 0 };

	put_facts(out, "name", facts_names(&sh->facts, ns, &names), &names);
	put_facts(out, "holder", facts_holders(&sh->facts, ns, &holders), &holders);
	put_fact(out, "path", facts_path(&sh->facts, ns, &path), &path);
}

/*
 * The process with pid 1 inside, 0 if it is not among those that are seen. Of the initial pid
 * namespace it is 1, and known by that alone.
 */
static pid_t find_init(const struct shell *sh, const struct ns *ns)
{
	if (ns->initial)
		return 1;
	for (uint32_t i = 0; i < ns->nprocs; i++) {
		pid_t pid = sh->graph.procs.v[sh->graph.members[ns->first_member + i]].pid;

		if (inside_pid(sh, pid) == 1)
			return pid;
	}
	return 0;
}

static void put_init(FILE *out, struct shell *sh, const struct ns *ns)
{
	pid_t init = ns->type == NS_PID ? find_init(sh, ns) : 0;

	if (!init)
		return;
	fprintf(out, "%-10s", "init");
	put_proc(out, sh, init);
	fputc('\n', out);
}

static int info_ns(FILE *out, struct shell *sh, uint32_t index)
{
	const struct ns *ns = &sh->graph.ns.v[index];
	auto_str struct str inside = { 0 };
	auto_err struct err refused = { 0 };

	fprintf(out, "%-10s %s:[%ju]%s\n", "namespace", ns_types[ns->type].name, (uintmax_t)ns->ino,
		ns->initial ? " (initial)" : "");
	if (ns->id)
		fprintf(out, "%-10s %" PRIu64 "\n", "id", ns->id);
	put_ns(out, "owner", &sh->graph, ns->owner);
	put_ns(out, "parent", &sh->graph, ns->parent);
	if (ns->has_creator)
		fprintf(out, "%-10s uid %u\n", "creator", ns->creator);
	if (ns->type == NS_USER) {
		put_map(out, sh, index, "uid_map", "uid map");
		put_map(out, sh, index, "gid_map", "gid map");
	}
	put_held(out, ns->held);
	put_names(out, sh, index);
	put_init(out, sh, ns);
	if (inside_tell(sh, index, &inside, &refused) < 0)
		fprintf(out, "%-10s %s\n", "inside", refused.text ? refused.text : "not readable");
	fputs(str_text(&inside), out);
	put_members(out, sh, ns);
	put_containers(out, sh, ns);
	return 0;
}

static void put_stat(FILE *out, struct shell *sh, pid_t pid)
{
	struct proc_stat st;

	if (proc_stat_read(sh->proc, pid, &st) < 0)
		return;
	if (st.state == 'Z')
		put_text(out, "state", "has ended, its parent has not taken notice yet");
	if (!st.ppid)
		return;
	fprintf(out, "%-10s", "parent");
	put_proc(out, sh, st.ppid);
	fputc('\n', out);
}

static int info_proc(FILE *out, struct shell *sh, uint32_t index)
{
	const struct proc *p = &sh->graph.procs.v[index];
	auto_str struct str command = { 0 }, user = { 0 }, container = { 0 };

	pid_t inside = inside_pid(sh, p->pid);

	fprintf(out, "%-10s %d", "process", p->pid);
	if (inside && inside != p->pid)
		fprintf(out, ", inside %d", inside);
	fputc('\n', out);
	put_fact(out, "command", facts_command(&sh->facts, p->pid, &command), &command);
	put_stat(out, sh, p->pid);
	put_fact(out, "user", facts_user(&sh->facts, p->pid, &user), &user);
	put_fact(out, "container", facts_container(&sh->facts, p->pid, &container), &container);
	fprintf(out, "%-10s %u\n", "threads", p->nthreads);
	for (int t = 0; t < NS_NTYPES; t++)
		put_ns(out, ns_types[t].name, &sh->graph, p->ns[t]);
	return 0;
}

static int info_set(FILE *out, struct shell *sh, const struct step *set)
{
	put_text(out, "set", set->name);
	for (int t = 0; t < NS_NTYPES; t++)
		put_ns(out, ns_types[t].name, &sh->graph,
		       step_member(&sh->graph, set, (enum ns_type)t));
	return 0;
}

/* The place that TEXT names, or where the user is, and what stands there. */
static int find_spot(struct shell *sh, const char *text, struct place *p, struct spot *ret,
		     struct err *e)
{
	int r = shell_find(sh, text, p, e);

	return r < 0 ? r : place_look(&sh->graph, p, ret, e);
}

static int info_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	auto_place struct place p = { 0 };
	struct spot spot;
	int r = find_spot(sh, argc ? argv[0] : NULL, &p, &spot, e);

	(void)opts;
	if (r < 0)
		return r;
	switch (spot.kind) {
	case STEP_PROC:
		return info_proc(ctx->out, sh, spot.proc);
	case STEP_SET:
		return info_set(ctx->out, sh, &p.steps.v[p.steps.n - 1]);
	case STEP_NS:
		break;
	}
	if (spot.ns == GRAPH_NONE)
		return err_say(e, -1, "the initial user namespace is not to be seen from here");
	return info_ns(ctx->out, sh, spot.ns);
}

/* The namespaces that a spot has to do with, by type. */
static void spot_namespaces(const struct graph *g, const struct place *p, const struct spot *spot,
			    uint32_t ret[NS_NTYPES])
{
	for (int t = 0; t < NS_NTYPES; t++)
		ret[t] = GRAPH_NONE;
	if (spot->kind == STEP_PROC)
		memcpy(ret, g->procs.v[spot->proc].ns, sizeof(*ret) * NS_NTYPES);
	if (spot->kind == STEP_NS && spot->ns != GRAPH_NONE)
		ret[g->ns.v[spot->ns].type] = spot->ns;
	for (int t = 0; spot->kind == STEP_SET && t < NS_NTYPES; t++)
		ret[t] = step_member(g, &p->steps.v[p->steps.n - 1], (enum ns_type)t);
}

static int who_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	auto_place struct place p = { 0 };
	uint32_t namespaces[NS_NTYPES];
	struct spot spot;
	int r = find_spot(sh, argc ? argv[0] : NULL, &p, &spot, e);

	(void)opts;
	if (r < 0)
		return r;
	spot_namespaces(&sh->graph, &p, &spot, namespaces);
	for (int t = 0; t < NS_NTYPES; t++) {
		if (namespaces[t] == GRAPH_NONE)
			continue;
		put_ns(ctx->out, ns_types[t].name, &sh->graph, namespaces[t]);
		put_members(ctx->out, sh, &sh->graph.ns.v[namespaces[t]]);
	}
	return 0;
}

/* How many steps A and B have in common from "/" on. */
static size_t common_steps(const struct place *a, const struct place *b)
{
	size_t n = 0;

	for (; n < a->steps.n && n < b->steps.n; n++) {
		auto_free char *x = step_text(&a->steps.v[n]), *y = step_text(&b->steps.v[n]);

		if (!str_is(x, y))
			break;
	}
	return n;
}

static void put_place(FILE *out, const char *what, const struct place *p, size_t n)
{
	auto_free char *text = place_text(p, n);

	put_text(out, what, text);
}

/* The types in which both have a namespace: whether it is the same. */
static void put_shared(FILE *out, const struct graph *g, const uint32_t a[NS_NTYPES],
		       const uint32_t b[NS_NTYPES])
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (a[t] != GRAPH_NONE && b[t] != GRAPH_NONE && a[t] == b[t])
			put_ns(out, "shared", g, a[t]);
}

/* How many steps LOWER is below UPPER by its parents; 0 if it is not. */
static unsigned levels_below(const struct graph *g, uint32_t lower, uint32_t upper)
{
	unsigned n = 0;

	for (; lower != GRAPH_NONE; n++, lower = g->ns.v[lower].parent)
		if (lower == upper)
			return n;
	return 0;
}

static void put_below(FILE *out, const struct graph *g, uint32_t lower, uint32_t upper)
{
	unsigned n = levels_below(g, lower, upper);
	const struct ns *l = &g->ns.v[lower], *u = &g->ns.v[upper];

	if (n)
		fprintf(out, "%-10s %s:[%ju] is %u level%s below %s:[%ju]\n", "nested",
			ns_types[l->type].name, (uintmax_t)l->ino, n, n == 1 ? "" : "s",
			ns_types[u->type].name, (uintmax_t)u->ino);
}

/* The types of which one is below the other: pid and user namespaces nest. */
static void put_nested(FILE *out, const struct graph *g, const uint32_t a[NS_NTYPES],
		       const uint32_t b[NS_NTYPES])
{
	for (int t = 0; t < NS_NTYPES; t++) {
		if (a[t] == GRAPH_NONE || b[t] == GRAPH_NONE || a[t] == b[t])
			continue;
		put_below(out, g, a[t], b[t]);
		put_below(out, g, b[t], a[t]);
	}
}

static int path_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	struct shell *sh = shell_of(ctx);
	auto_place struct place a = { 0 }, b = { 0 };
	uint32_t of_a[NS_NTYPES], of_b[NS_NTYPES];
	struct spot at_a, at_b;
	int r = shell_find(sh, argv[0], &a, e);

	(void)opts;
	if (r == 0)
		r = find_spot(sh, argc > 1 ? argv[1] : NULL, &b, &at_b, e);
	if (r == 0)
		r = place_look(&sh->graph, &a, &at_a, e); /* the other may have taken a new look */
	if (r < 0)
		return r;
	put_place(ctx->out, "from", &a, a.steps.n);
	put_place(ctx->out, "to", &b, b.steps.n);
	put_place(ctx->out, "meet in", &a, common_steps(&a, &b));
	spot_namespaces(&sh->graph, &a, &at_a, of_a);
	spot_namespaces(&sh->graph, &b, &at_b, of_b);
	put_shared(ctx->out, &sh->graph, of_a, of_b);
	put_nested(ctx->out, &sh->graph, of_a, of_b);
	return 0;
}

static const struct operand maybe_place[] = { { &arg_place, OPERAND_MAYBE } };
static const struct operand two_places[] = { { &arg_place, OPERAND_ONE },
					     { &arg_place, OPERAND_MAYBE } };

static const struct applet command_info = {
	.name = "info",
	.summary = "tell all about the namespace, process or set here",
	.operands = maybe_place,
	.noperands = ARRAY_LEN(maybe_place),
	.uses_snapshot = true,
	.run = info_run,
};

static const struct applet command_who = {
	.name = "who",
	.summary = "tell which processes share what with it",
	.operands = maybe_place,
	.noperands = ARRAY_LEN(maybe_place),
	.uses_snapshot = true,
	.run = who_run,
};

static const struct applet command_path = {
	.name = "path",
	.summary = "tell how two are related; one alone: with what is here",
	.operands = two_places,
	.noperands = ARRAY_LEN(two_places),
	.uses_snapshot = true,
	.run = path_run,
};

static const struct applet *const table[] = { &command_info, &command_who, &command_path };

const struct command_table relate_commands = { "All about it", table, ARRAY_LEN(table) };
