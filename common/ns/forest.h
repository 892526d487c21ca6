/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A graph laid out as rows: flat, or as trees in the order in which they are drawn. Pure: the
 * table, JSON and the shell's `tree` all draw the same rows.
 */
#pragma once

#include "graph.h"

enum forest_kind {
	FOREST_FLAT,	/* namespaces, none below another */
	FOREST_OWNER,	/* user namespaces by parent, what they own below them */
	FOREST_PARENT,	/* pid and user namespaces by parent */
	FOREST_PROCESS, /* below each namespace its processes, by their parents */
	FOREST_FIRST, /* namespaces, by the parents of their first processes: lsns(8)'s process tree */
};

/*
 * So many rows are at most above one: what is deeper stands beside the deepest. Namespaces nest 32
 * levels, but anybody can make a line of descent of thousands of processes, and what reads JSON
 * or draws a tree does so by recursion (jq 1.6 gives up at 256 brackets).
 */
#define FOREST_DEEPEST 100

/* One row: a namespace, or a process in a namespace. */
struct forest_row {
	uint32_t ns;	 /* the namespace; of a process row, the one it is shown in */
	uint32_t proc;	 /* the process, or GRAPH_NONE: the row is the namespace itself */
	uint32_t parent; /* the row it hangs below, an earlier one; GRAPH_NONE: none */
	bool both;	 /* a process row that speaks of its namespace too, as in lsns NAMESPACE */
};

struct forest {
	VEC(struct forest_row) rows;
};

struct forest_want {
	enum forest_kind kind;
	bool procs;	     /* also show member processes below each namespace */
	bool by_inode;	     /* by inode, as lsns(8) does; else by type, then inode */
	const bool *chosen;  /* by namespace: whether it is shown */
	const bool *peopled; /* by namespace: whether its processes are, if any; NULL: all */
	const pid_t *ppids;  /* by process: its parent; for FOREST_PROCESS and FOREST_FIRST */
};

/*
 * Lays out G. A namespace hangs below its nearest ancestor that is chosen; a process, in
 * FOREST_PROCESS, below its nearest parent in the same namespace. In FOREST_FIRST it hangs below the
 * last namespace in order whose first process is the parent of its own one.
 */
void forest_build(const struct graph *g, const struct forest_want *want, struct forest *ret);
void forest_done(struct forest *f);
