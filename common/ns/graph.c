/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph.h"

static const char *const held_names[HELD_NKINDS] = {
	"proc", "thread", "pending", "fd", "mount", "socket", "child", "owner",
};

const char *held_name(enum held bit)
{
	return held_names[__builtin_ctz(bit)];
}

uint32_t graph_add_ns(struct graph *g, enum ns_type type, ino_t ino)
{
	uint32_t index;

	if (hash_get(&g->by_ino, ino, &index))
		return index;
	index = (uint32_t)g->ns.n;
	vec_push(&g->ns, { .type = type,
			   .ino = ino,
			   .owner = GRAPH_NONE,
			   .parent = GRAPH_NONE,
			   .first_proc = GRAPH_NONE });
	hash_put(&g->by_ino, ino, index);
	return index;
}

uint32_t graph_find_ns(const struct graph *g, ino_t ino)
{
	uint32_t index;

	return hash_get(&g->by_ino, ino, &index) ? index : GRAPH_NONE;
}

uint32_t graph_add_proc(struct graph *g, pid_t pid)
{
	struct proc p = { .pid = pid };

	for (int t = 0; t < NS_NTYPES; t++)
		p.ns[t] = GRAPH_NONE;
	vec_push(&g->procs, p);
	return (uint32_t)g->procs.n - 1;
}

uint32_t graph_find_proc(const struct graph *g, pid_t pid)
{
	uint32_t index;

	return hash_get(&g->by_pid, (uint64_t)pid, &index) ? index : GRAPH_NONE;
}

void graph_add_holder(struct graph *g, struct holder h)
{
	g->ns.v[h.ns].held |= h.kind;
	vec_push(&g->holders, h);
}

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct proc *)a)->pid, y = ((const struct proc *)b)->pid;

	return (x > y) - (x < y);
}

/* /proc lists pids in ascending order: sorting is for graphs that others built. */
static void sort_procs(struct graph *g)
{
	for (size_t i = 1; i < g->procs.n; i++)
		if (g->procs.v[i].pid < g->procs.v[i - 1].pid) {
			qsort(g->procs.v, g->procs.n, sizeof(*g->procs.v), by_pid);
			break;
		}
	for (uint32_t i = 0; i < g->procs.n; i++)
		hash_put(&g->by_pid, (uint64_t)g->procs.v[i].pid, i);
}

static void count_members(struct graph *g)
{
	for (uint32_t i = 0; i < g->procs.n; i++) {
		const struct proc *p = &g->procs.v[i];

		for (int t = 0; t < NS_NTYPES; t++) {
			struct ns *ns = p->ns[t] == GRAPH_NONE ? NULL : &g->ns.v[p->ns[t]];

			if (!ns)
				continue;
			if (!ns->nprocs++)
				ns->first_proc = i;
			ns->nthreads += p->nthreads;
			ns->held |= HELD_PROC;
		}
	}
}

/* One array for all memberships: namespace I's part is [first_member, first_member + nprocs). */
static void collect_members(struct graph *g)
{
	auto_free uint32_t *fill = xcalloc(g->ns.n, sizeof(*fill));
	uint32_t total = 0;

	for (size_t i = 0; i < g->ns.n; i++) {
		g->ns.v[i].first_member = fill[i] = total;
		total += g->ns.v[i].nprocs;
	}
	g->members = xcalloc(total, sizeof(*g->members));
	for (uint32_t i = 0; i < g->procs.n; i++)
		for (int t = 0; t < NS_NTYPES; t++)
			if (g->procs.v[i].ns[t] != GRAPH_NONE)
				g->members[fill[g->procs.v[i].ns[t]]++] = i;
}

static int by_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* By namespace; mounts first, since their paths outlive processes. */
static int by_namespace(const void *x, const void *y)
{
	const struct holder *a = x, *b = y;
	int order = by_number(a->ns, b->ns);

	if (order == 0)
		order = by_number((uint64_t)a->pid, (uint64_t)b->pid);
	if (order == 0)
		order = by_number((uint64_t)a->tid, (uint64_t)b->tid);
	if (order == 0)
		order = by_number(a->kind, b->kind);
	if (order == 0 && a->kind != HELD_MOUNT)
		return by_number((uint64_t)a->fd, (uint64_t)b->fd);
	if (order == 0)
		order = by_number(a->mnt_ns, b->mnt_ns);
	return order ? order : strcmp(a->path, b->path);
}

static void sort_holders(struct graph *g)
{
	if (g->holders.n)
		qsort(g->holders.v, g->holders.n, sizeof(*g->holders.v), by_namespace);
	for (uint32_t i = 0; i < g->holders.n; i++) {
		struct ns *ns = &g->ns.v[g->holders.v[i].ns];

		if (!ns->nholders++)
			ns->first_holder = i;
	}
}

/* A thread in a namespace of its own was counted where its process is: move it. */
static void move_threads(struct graph *g)
{
	for (size_t i = 0; i < g->holders.n; i++) {
		const struct holder *h = &g->holders.v[i];
		uint32_t leader = h->kind == HELD_THREAD ? graph_find_proc(g, h->pid) : GRAPH_NONE;
		uint32_t from;

		if (leader == GRAPH_NONE)
			continue;
		from = g->procs.v[leader].ns[g->ns.v[h->ns].type];
		g->ns.v[h->ns].nthreads++;
		if (from != GRAPH_NONE && g->ns.v[from].nthreads)
			g->ns.v[from].nthreads--;
	}
}

static void mark_edges(struct graph *g)
{
	for (size_t i = 0; i < g->ns.n; i++) {
		const struct ns *ns = &g->ns.v[i];

		if (ns->owner != GRAPH_NONE && ns->type != NS_USER)
			g->ns.v[ns->owner].held |= HELD_OWNER;
		if (ns->parent != GRAPH_NONE)
			g->ns.v[ns->parent].held |= HELD_CHILD;
	}
}

static bool is_older(const struct ns *a, const struct ns *b)
{
	return a->id && b->id ? a->id < b->id : a->ino < b->ino;
}

static void mark_oldest(struct graph *g, enum ns_type type, uint32_t owner)
{
	struct ns *oldest = NULL;

	for (size_t i = 0; i < g->ns.n; i++) {
		struct ns *ns = &g->ns.v[i];

		if (ns->type == type && ns->owner == owner && (!oldest || is_older(ns, oldest)))
			oldest = ns;
	}
	if (oldest)
		oldest->initial = true;
}

/*
 * A container may share the user namespace of the host and see nothing else of it: the oldest it
 * sees is its own. Only who sees the initial pid namespace sees them all.
 */
static void mark_initial(struct graph *g)
{
	uint32_t user = graph_find_ns(g, ns_types[NS_USER].initial);
	bool sees_all = graph_find_ns(g, ns_types[NS_PID].initial) != GRAPH_NONE;

	for (int t = 0; t < NS_NTYPES; t++) {
		uint32_t found = graph_find_ns(g, ns_types[t].initial);

		if (ns_types[t].initial && found != GRAPH_NONE)
			g->ns.v[found].initial = true;
		else if (!ns_types[t].initial && user != GRAPH_NONE && sees_all)
			mark_oldest(g, (enum ns_type)t, user);
	}
}

void graph_finish(struct graph *g)
{
	sort_procs(g);
	count_members(g);
	collect_members(g);
	sort_holders(g);
	move_threads(g);
	mark_edges(g);
	mark_initial(g);
}

uint32_t graph_level(const struct graph *g, uint32_t ns)
{
	uint32_t level = 0;

	while ((ns = g->ns.v[ns].parent) != GRAPH_NONE)
		level++;
	return level;
}

/* At most 32 levels of pid namespaces, each with at most 32 of user namespaces, and no circles. */
void graph_mark(const struct graph *g, uint32_t ns, bool ancestors, bool *marked)
{
	while (ns != GRAPH_NONE && !marked[ns]) {
		marked[ns] = true;
		if (!ancestors)
			return;
		graph_mark(g, g->ns.v[ns].parent, true, marked);
		ns = g->ns.v[ns].owner;
	}
}

void graph_done(struct graph *g)
{
	for (size_t i = 0; i < g->holders.n; i++)
		free(g->holders.v[i].path);
	vec_done(&g->ns);
	vec_done(&g->procs);
	vec_done(&g->holders);
	free(g->members);
	hash_done(&g->by_ino);
	hash_done(&g->by_pid);
	*g = (struct graph){ 0 };
}
