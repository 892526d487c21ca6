/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../base/hash.h"
#include "dot.h"
#include "nsview.h"

#define NAME_SIZE 32

/* So many characters of a command line are shown. */
#define COMMAND_MAX 60

/* By namespace: whether it is drawn. */
static bool *drawn_namespaces(const struct nsview *v)
{
	bool *drawn = xcalloc(v->facts->g->ns.n, sizeof(*drawn));

	for (size_t i = 0; i < v->forest->rows.n; i++)
		drawn[v->forest->rows.v[i].ns] = true;
	return drawn;
}

static bool shows_processes(const struct nsview *v)
{
	for (size_t i = 0; i < v->forest->rows.n; i++)
		if (v->forest->rows.v[i].proc != GRAPH_NONE)
			return true;
	return false;
}

static void ns_name(char name[NAME_SIZE], const struct ns *ns)
{
	snprintf(name, NAME_SIZE, "ns%lu", ns->ino);
}

static void draw_ns(const struct ns *ns, FILE *out)
{
	static const char *const shape[NS_NTYPES] = {
		[NS_MNT] = "shape=folder",  [NS_UTS] = "shape=note",	  [NS_IPC] = "shape=cds",
		[NS_NET] = "shape=hexagon", [NS_PID] = "shape=component", [NS_USER] = "shape=house",
		[NS_CGROUP] = "shape=tab",  [NS_TIME] = "shape=octagon",
	};
	char name[NAME_SIZE], inode[NAME_SIZE];

	ns_name(name, ns);
	snprintf(inode, sizeof(inode), "%lu", ns->ino);
	dot_node(out, name, (const char *[]){ ns_types[ns->type].name, inode }, 2, shape[ns->type]);
}

static void draw_ns_edges(const struct graph *g, const bool *drawn, const struct ns *ns, FILE *out)
{
	char name[NAME_SIZE], above[NAME_SIZE];

	ns_name(name, ns);
	if (ns->parent != GRAPH_NONE && drawn[ns->parent]) {
		ns_name(above, &g->ns.v[ns->parent]);
		dot_edge(out, above, name, "style=bold,label=parent");
	}
	if (ns->owner != GRAPH_NONE && ns->owner != ns->parent && drawn[ns->owner]) {
		ns_name(above, &g->ns.v[ns->owner]);
		dot_edge(out, above, name, "style=dashed,label=owner");
	}
}

/* Which processes are one node: those in the same namespaces. */
static uint64_t group_key(const struct proc *p)
{
	uint64_t key = UINT64_C(1469598103934665603);

	for (int t = 0; t < NS_NTYPES; t++)
		key = (key ^ p->ns[t]) * UINT64_C(1099511628211);
	return key;
}

static bool is_drawn(const struct nsview *v, const struct proc *p, const bool *drawn)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (p->ns[t] != GRAPH_NONE && drawn[p->ns[t]] &&
		    (!v->peopled || v->peopled[p->ns[t]]))
			return true;
	return false;
}

/* Leaves the head of TEXT: a node that shows a command line of 4 KiB hides all others. */
static void cut(struct str *text)
{
	size_t n = 0, characters = 0;

	while (n < text->len && n < 4UL * COMMAND_MAX) {
		characters += ((unsigned char)text->s[n] & 0xc0) != 0x80;
		if (characters > COMMAND_MAX)
			break;
		n++;
	}
	if (n == text->len)
		return;
	text->len = n;
	str_add(text, "…");
}

static void draw_members(const struct nsview *v, const bool *drawn, uint32_t first, uint32_t count,
			 FILE *out)
{
	const struct graph *g = v->facts->g;
	const struct proc *p = &g->procs.v[first];
	auto_str struct str command = { 0 };
	char name[NAME_SIZE], head[64], ns[NAME_SIZE];

	snprintf(name, sizeof(name), "pid%d", p->pid);
	snprintf(head, sizeof(head), count > 1 ? "pid %d and %u more" : "pid %d", p->pid,
		 count - 1);
	facts_command(v->facts, p->pid, &command);
	cut(&command);
	dot_node(out, name, (const char *[]){ head, str_text(&command) }, command.len ? 2 : 1,
		 "shape=box,style=rounded");
	for (int t = 0; t < NS_NTYPES; t++) {
		if (p->ns[t] == GRAPH_NONE || !drawn[p->ns[t]])
			continue;
		ns_name(ns, &g->ns.v[p->ns[t]]);
		dot_edge(out, ns, name, "color=gray,arrowhead=none");
	}
}

static void draw_processes(const struct nsview *v, const bool *drawn, FILE *out)
{
	const struct graph *g = v->facts->g;
	auto_free uint32_t *counts = xcalloc(g->procs.n, sizeof(*counts));
	bool each = shows_processes(v);
	struct hash groups = { 0 };
	uint32_t first;

	for (uint32_t i = 0; i < g->procs.n; i++) {
		uint64_t key = group_key(&g->procs.v[i]);

		if (each || !hash_get(&groups, key, &first)) {
			first = i;
			if (!each)
				hash_put(&groups, key, i);
		}
		counts[first]++;
	}
	for (uint32_t i = 0; i < g->procs.n; i++)
		if (counts[i] && is_drawn(v, &g->procs.v[i], drawn))
			draw_members(v, drawn, i, counts[i], out);
	hash_done(&groups);
}

int nsview_dot(const struct nsview *v, FILE *out, struct err *e)
{
	const struct graph *g = v->facts->g;
	auto_free bool *drawn = drawn_namespaces(v);

	dot_begin(out, "namespaces");
	for (size_t i = 0; i < g->ns.n; i++)
		if (drawn[i])
			draw_ns(&g->ns.v[i], out);
	for (size_t i = 0; i < g->ns.n; i++)
		if (drawn[i])
			draw_ns_edges(g, drawn, &g->ns.v[i], out);
	draw_processes(v, drawn, out);
	return dot_end(out, e);
}
