/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphs built by hand, for the tests of what reads them. */
#pragma once

#include "../../common/ns/graph.h"

#define USER0 4026531837
#define PID0  4026531836
#define NET0  4026531840

/* A namespace that OWNER owns. */
static inline uint32_t owned(struct graph *g, enum ns_type type, ino_t ino, uint32_t owner)
{
	uint32_t ns = graph_add_ns(g, type, ino);

	g->ns.v[ns].owner = owner;
	return ns;
}

/* A pid or user namespace below PARENT. */
static inline uint32_t below(struct graph *g, enum ns_type type, ino_t ino, uint32_t parent)
{
	uint32_t ns = graph_add_ns(g, type, ino);

	g->ns.v[ns].parent = parent;
	if (type == NS_USER)
		g->ns.v[ns].owner = parent;
	return ns;
}

/* A process in A and, unless it is GRAPH_NONE, in B. */
static inline void in(struct graph *g, pid_t pid, uint32_t nthreads, uint32_t a, uint32_t b)
{
	uint32_t index = graph_add_proc(g, pid);
	struct proc *p = &g->procs.v[index];

	p->nthreads = nthreads;
	p->ns[g->ns.v[a].type] = a;
	if (b != GRAPH_NONE)
		p->ns[g->ns.v[b].type] = b;
}
