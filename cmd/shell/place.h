/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where one is in the tree of namespaces. Pure functions over a graph: a place is a path of
 * names, so that it stays what it is when the graph is taken anew.
 *
 *	/					the initial user namespace
 *	/user:[4026532100]			a child of it
 *	/user:[4026532100]/net:[4026532200]	what that one owns
 *	/user:[4026532100]/net:[4026532200]/12	a process that is in it
 *	/pid:[4026531836]/pid:[4026532300]	pid namespaces also nest by parent
 *	/@web/net:[4026532200]			a set of namespaces, wherever they stand
 */
#pragma once

#include "../../common/base/err.h"
#include "../../common/base/vec.h"
#include "../../common/ns/graph.h"

struct step {
	enum step_kind { STEP_NS, STEP_PROC, STEP_SET } kind;
	enum ns_type type; /* of a namespace */
	ino_t ino;	   /* of a namespace … */
	uint64_t id;	   /* … and its id, for the inode may become another's; 0: not known */
	pid_t pid;	   /* of a process */
	uint64_t birth;	   /* its pidfd's inode or its start time, 0: not known */
	char *name;	   /* of a set: the reference that gave it */
	ino_t members[NS_NTYPES]; /* of a set, 0: none */
	uint64_t ids[NS_NTYPES];  /* theirs */
};

struct place {
	VEC(struct step) steps; /* none: "/" */
};

#define auto_place auto_call(place_done)

/* What stands at a place. */
struct spot {
	enum step_kind kind;
	uint32_t ns;   /* STEP_NS; at "/" GRAPH_NONE if nothing is known of that one */
	uint32_t proc; /* STEP_PROC */
};

/* The initial user namespace, if it is seen, else GRAPH_NONE: "/" then is what has no owner. */
uint32_t place_root(const struct graph *g);

/* The namespace of TYPE that the set S has, or GRAPH_NONE. */
uint32_t step_member(const struct graph *g, const struct step *s, enum ns_type type);

/* Adds a step to P. NAME becomes P's. */
void place_add(struct place *p, struct step step);

/* Adds the way from "/" to namespace NS, owner by owner. P is empty. */
void place_of_ns(const struct graph *g, uint32_t ns, struct place *p);

/* Adds the way to process PROC, below its user namespace. P is empty. */
void place_of_proc(const struct graph *g, uint32_t proc, struct place *p);

void place_copy(const struct place *from, struct place *to);
bool place_is(const struct place *a, const struct place *b);

/* "net:[4026532178]", "1234", "@web"; to be freed, and to be escaped before a terminal sees it. */
char *step_text(const struct step *s);

/* "/user:[4026532100]/1234": the first N steps; to be freed; the same. */
char *place_text(const struct place *p, size_t n);

/* What stands at P in G. Returns 0, or -ENOENT with a sentence if it has gone. */
int place_look(const struct graph *g, const struct place *p, struct spot *ret, struct err *e);

/* The steps that lead down from P: namespaces, each type by inode, then processes by pid. */
struct steps {
	VEC(struct step) v;
};
void place_children(const struct graph *g, const struct place *p, struct steps *ret);
void steps_done(struct steps *s);

/*
 * Whether TEXT is a path in the tree rather than a reference: "/", "..", ".", steps with slashes
 * between them. A single step that leads on from nowhere in particular ("12") is a reference.
 */
bool place_is_path(const char *text);

/*
 * Follows PATH from FROM (from "/" if it begins so) to RET, which is empty. Returns 0, or -ENOENT
 * with a sentence that names the first step which does not lead on.
 */
int place_walk(const struct graph *g, const struct place *from, const char *path, struct place *ret,
	       struct err *e);

void place_done(struct place *p);
