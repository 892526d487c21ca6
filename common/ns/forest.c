/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forest.h"

/* A row before it has its place: linked to its first child and next sibling. */
struct node {
	uint32_t ns, proc;
	uint32_t child, last_child, next; /* nodes, or GRAPH_NONE */
	bool placed;			  /* hangs below another node */
};

/* A node still to be written, the row it goes below, and how many rows are above. */
struct pending {
	uint32_t node, parent, depth;
};

struct builder {
	const struct graph *g;
	const struct forest_want *want;
	VEC(struct node) nodes;
	uint32_t *ns_node;   /* by namespace: its node */
	uint32_t *proc_node; /* by process: its node in the namespace at hand … */
	uint32_t *proc_up;   /* … and the node above that one */
	uint64_t *climb;     /* by process: the last climb that came by */
	uint64_t nclimbs;
};

static uint32_t add_node(struct builder *b, uint32_t ns, uint32_t proc)
{
	vec_push(&b->nodes, { .ns = ns,
			      .proc = proc,
			      .child = GRAPH_NONE,
			      .last_child = GRAPH_NONE,
			      .next = GRAPH_NONE });
	return (uint32_t)b->nodes.n - 1;
}

/* Hangs NODE below PARENT, behind what hangs there already. */
static void place(struct builder *b, uint32_t node, uint32_t parent)
{
	struct node *p = &b->nodes.v[parent];

	if (p->child == GRAPH_NONE)
		p->child = node;
	else
		b->nodes.v[p->last_child].next = node;
	p->last_child = node;
	b->nodes.v[node].placed = true;
}

struct order {
	const struct graph *g;
	bool by_inode;
};

static int compare(const void *a, const void *b, void *data)
{
	const struct order *o = data;
	const struct ns *x = &o->g->ns.v[*(const uint32_t *)a];
	const struct ns *y = &o->g->ns.v[*(const uint32_t *)b];

	if (!o->by_inode && x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

/* The namespace one step up in this kind of forest. */
static uint32_t above(const struct builder *b, uint32_t ns)
{
	switch (b->want->kind) {
	case FOREST_OWNER:
		return b->g->ns.v[ns].owner;
	case FOREST_PARENT:
		return b->g->ns.v[ns].parent;
	case FOREST_FLAT:
	case FOREST_PROCESS:
	case FOREST_FIRST:
		break;
	}
	return GRAPH_NONE;
}

/* The nearest chosen namespace above. */
static uint32_t chosen_above(const struct builder *b, uint32_t ns)
{
	uint32_t up = above(b, ns);

	while (up != GRAPH_NONE && !b->want->chosen[up])
		up = above(b, up);
	return up;
}

/* In lsns(8) what a namespace hangs below comes just before the first that hangs there. */
static void add_namespace(struct builder *b, uint32_t ns)
{
	uint32_t up = b->want->by_inode ? chosen_above(b, ns) : GRAPH_NONE;

	if (!b->want->chosen[ns] || b->ns_node[ns] != GRAPH_NONE)
		return;
	if (up != GRAPH_NONE)
		add_namespace(b, up);
	b->ns_node[ns] = add_node(b, ns, GRAPH_NONE);
}

static void add_namespaces(struct builder *b)
{
	auto_free uint32_t *sorted = xcalloc(b->g->ns.n, sizeof(*sorted));
	struct order order = { b->g, b->want->by_inode };

	for (uint32_t i = 0; i < b->g->ns.n; i++) {
		sorted[i] = i;
		b->ns_node[i] = GRAPH_NONE;
	}
	qsort_r(sorted, b->g->ns.n, sizeof(*sorted), compare, &order);
	for (size_t i = 0; i < b->g->ns.n; i++)
		add_namespace(b, sorted[i]);
}

static void place_namespaces(struct builder *b)
{
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		uint32_t up = chosen_above(b, b->nodes.v[i].ns);

		if (up != GRAPH_NONE)
			place(b, i, b->ns_node[up]);
	}
}

static void place_by_first(struct builder *b)
{
	for (uint32_t i = 0; i < b->g->procs.n; i++)
		b->proc_node[i] = GRAPH_NONE;
	for (uint32_t i = 0; i < b->nodes.n; i++) {
		uint32_t first = b->g->ns.v[b->nodes.v[i].ns].first_proc, parent;

		if (first == GRAPH_NONE)
			continue;
		parent = graph_find_proc(b->g, b->want->ppids[first]);
		if (parent != GRAPH_NONE && b->proc_node[parent] != GRAPH_NONE)
			place(b, i, b->proc_node[parent]);
		b->proc_node[first] = i;
	}
}

/* The node of the parent of process PROC, if it is a member of namespace NS as well. */
static uint32_t parent_node(const struct builder *b, uint32_t ns, uint32_t proc)
{
	uint32_t parent = graph_find_proc(b->g, b->want->ppids[proc]);
	enum ns_type type = b->g->ns.v[ns].type;

	if (parent == GRAPH_NONE || b->g->procs.v[parent].ns[type] != ns)
		return GRAPH_NONE;
	return b->proc_node[parent];
}

/*
 * Goes up from PROC and cuts the way where it would come back: parents are read one after the
 * other, and a pid that was used again meanwhile can close a circle. Stops where an earlier climb
 * in the same namespace (later than OLD) has been, so that all together take linear time.
 */
static void cut_circle(struct builder *b, uint32_t top, uint64_t old, uint32_t proc)
{
	uint64_t climb = ++b->nclimbs;

	while (b->climb[proc] <= old) {
		uint32_t up = b->proc_up[proc];

		b->climb[proc] = climb;
		if (up == top)
			return;
		if (b->climb[b->nodes.v[up].proc] == climb)
			b->proc_up[proc] = top;
		proc = b->nodes.v[up].proc;
	}
}

static void add_processes(struct builder *b, uint32_t index)
{
	const struct ns *ns = &b->g->ns.v[index];
	const uint32_t *members = b->g->members + ns->first_member;
	uint32_t top = b->ns_node[index];
	uint64_t old = b->nclimbs;

	for (uint32_t i = 0; i < ns->nprocs; i++)
		b->proc_node[members[i]] = add_node(b, index, members[i]);
	for (uint32_t i = 0; i < ns->nprocs; i++) {
		bool by_parent = b->want->kind == FOREST_PROCESS;
		uint32_t up = by_parent ? parent_node(b, index, members[i]) : GRAPH_NONE;

		b->proc_up[members[i]] = up == GRAPH_NONE ? top : up;
	}
	for (uint32_t i = 0; i < ns->nprocs; i++)
		cut_circle(b, top, old, members[i]);
	for (uint32_t i = 0; i < ns->nprocs; i++)
		place(b, b->proc_node[members[i]], b->proc_up[members[i]]);
}

/* Writes NODE and what hangs below it, in drawing order, without recursion: trees may be deep. */
static void emit(const struct builder *b, uint32_t root, struct forest *ret)
{
	VEC(struct pending) stack = { 0 };

	vec_push(&stack, { root, GRAPH_NONE, 0 });
	while (stack.n > 0) {
		struct pending at = stack.v[--stack.n];
		const struct node *n = &b->nodes.v[at.node];

		vec_push(&ret->rows, { .ns = n->ns, .proc = n->proc, .parent = at.parent });
		if (n->next != GRAPH_NONE)
			vec_push(&stack, { n->next, at.parent, at.depth });
		if (n->child == GRAPH_NONE)
			continue;
		if (at.depth < FOREST_DEEPEST)
			at = (struct pending){ 0, (uint32_t)ret->rows.n - 1, at.depth + 1 };
		vec_push(&stack, { n->child, at.parent, at.depth });
	}
	vec_done(&stack);
}

static bool has_processes(const struct forest_want *want, uint32_t ns)
{
	if (!want->procs && want->kind != FOREST_PROCESS)
		return false;
	return !want->peopled || want->peopled[ns];
}

void forest_build(const struct graph *g, const struct forest_want *want, struct forest *ret)
{
	struct builder b = { .g = g, .want = want };
	uint32_t namespaces;

	b.ns_node = xcalloc(g->ns.n, sizeof(*b.ns_node));
	b.proc_node = xcalloc(g->procs.n, sizeof(*b.proc_node));
	b.proc_up = xcalloc(g->procs.n, sizeof(*b.proc_up));
	b.climb = xcalloc(g->procs.n, sizeof(*b.climb));
	add_namespaces(&b);
	if (want->kind == FOREST_FIRST)
		place_by_first(&b);
	else
		place_namespaces(&b);
	namespaces = (uint32_t)b.nodes.n;
	for (uint32_t i = 0; i < namespaces; i++)
		if (has_processes(want, b.nodes.v[i].ns))
			add_processes(&b, b.nodes.v[i].ns);
	for (uint32_t i = 0; i < namespaces; i++)
		if (!b.nodes.v[i].placed)
			emit(&b, i, ret);
	vec_done(&b.nodes);
	free(b.ns_node);
	free(b.proc_node);
	free(b.proc_up);
	free(b.climb);
}

void forest_done(struct forest *f)
{
	vec_done(&f->rows);
}
