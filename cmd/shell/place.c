/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "../../common/base/escape.h"
#include "../../common/base/num.h"
#include "../../common/base/str.h"

#include <errno.h>
#include <inttypes.h>

uint32_t place_root(const struct graph *g)
{
	uint32_t ns = graph_find_ns(g, ns_types[NS_USER].initial);

	return ns != GRAPH_NONE && g->ns.v[ns].type == NS_USER ? ns : GRAPH_NONE;
}

void place_add(struct place *p, struct step step)
{
	vec_push(&p->steps, step);
}

static struct step ns_step(const struct ns *ns)
{
	return (struct step){ .kind = STEP_NS, .type = ns->type, .ino = ns->ino, .id = ns->id };
}

/* The namespace with inode INO, if it is of TYPE and, where both are known, has ID; else GRAPH_NONE. */
static uint32_t find_same(const struct graph *g, enum ns_type type, ino_t ino, uint64_t id)
{
	uint32_t ns = ino ? graph_find_ns(g, ino) : GRAPH_NONE;

	if (ns == GRAPH_NONE || g->ns.v[ns].type != type)
		return GRAPH_NONE;
	return id && g->ns.v[ns].id && g->ns.v[ns].id != id ? GRAPH_NONE : ns;
}

uint32_t step_member(const struct graph *g, const struct step *s, enum ns_type type)
{
	return find_same(g, type, s->members[type], s->ids[type]);
}

/* The user namespace below which NS stands. */
static uint32_t above(const struct graph *g, uint32_t ns)
{
	const struct ns *n = &g->ns.v[ns];

	return n->type == NS_USER ? n->parent : n->owner;
}

void place_of_ns(const struct graph *g, uint32_t ns, struct place *p)
{
	if (ns == GRAPH_NONE || ns == place_root(g))
		return;
	place_of_ns(g, above(g, ns), p);
	place_add(p, ns_step(&g->ns.v[ns]));
}

void place_of_proc(const struct graph *g, uint32_t proc, struct place *p)
{
	const struct proc *pr = &g->procs.v[proc];

	place_of_ns(g, pr->ns[NS_USER], p);
	place_add(p, (struct step){ .kind = STEP_PROC, .pid = pr->pid });
}

static struct step step_copy(const struct step *s)
{
	struct step copy = *s;

	copy.name = s->name ? xstrdup(s->name) : NULL;
	return copy;
}

static void copy_steps(const struct place *from, size_t n, struct place *to)
{
	for (size_t i = 0; i < n; i++)
		place_add(to, step_copy(&from->steps.v[i]));
}

void place_copy(const struct place *from, struct place *to)
{
	place_done(to);
	copy_steps(from, from->steps.n, to);
}

char *step_text(const struct step *s)
{
	switch (s->kind) {
	case STEP_NS:
		return xasprintf("%s:[%ju]", ns_types[s->type].name, (uintmax_t)s->ino);
	case STEP_PROC:
		return xasprintf("%d", s->pid);
	case STEP_SET:
		break;
	}
	return xstrdup(s->name);
}

char *place_text(const struct place *p, size_t n)
{
	struct str s = { 0 };

	for (size_t i = 0; i < n; i++) {
		auto_free char *step = step_text(&p->steps.v[i]);

		str_addc(&s, '/');
		str_add(&s, step);
	}
	if (!n)
		str_addc(&s, '/');
	return str_take(&s);
}

bool place_is(const struct place *a, const struct place *b)
{
	auto_free char *x = place_text(a, a->steps.n), *y = place_text(b, b->steps.n);

	return str_is(x, y);
}

static int gone(const struct step *step, struct err *e)
{
	auto_free char *text = step_text(step);
	auto_free char *q = quoted(text);

	err_say(e, -ENOENT, "%s has gone", q);
	err_hint(e, "'cd ..' leaves it, 'refresh' looks again");
	return -ENOENT;
}

/* A set is there as long as one of its namespaces is. */
static bool is_set_there(const struct graph *g, const struct step *set)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (step_member(g, set, (enum ns_type)t) != GRAPH_NONE)
			return true;
	return false;
}

int place_look(const struct graph *g, const struct place *p, struct spot *ret, struct err *e)
{
	struct spot spot = { .kind = STEP_NS, .ns = place_root(g), .proc = GRAPH_NONE };
	const struct step *last;

	*ret = spot;
	if (!p->steps.n)
		return 0;
	last = &p->steps.v[p->steps.n - 1];
	ret->kind = last->kind;
	switch (last->kind) {
	case STEP_NS:
		ret->ns = find_same(g, last->type, last->ino, last->id);
		if (ret->ns == GRAPH_NONE)
			return gone(last, e);
		break;
	case STEP_PROC:
		ret->proc = graph_find_proc(g, last->pid);
		if (ret->proc == GRAPH_NONE)
			return gone(last, e);
		break;
	case STEP_SET:
		ret->ns = GRAPH_NONE;
		if (!is_set_there(g, last))
			return gone(last, e);
		break;
	}
	return 0;
}

static int by_type_and_inode(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

static bool is_below(const struct graph *g, uint32_t ns, uint32_t top, bool is_root)
{
	const struct ns *t = top == GRAPH_NONE ? NULL : &g->ns.v[top];
	uint32_t up = above(g, ns);

	if (ns == top)
		return false;
	if (is_root && (up == GRAPH_NONE || up == top))
		return true;
	if (!t || (t->type != NS_USER && t->type != NS_PID))
		return false;
	return t->type == NS_USER ? up == top : g->ns.v[ns].parent == top;
}

static void add_members(const struct graph *g, uint32_t ns, struct steps *ret)
{
	const struct ns *n = &g->ns.v[ns];

	for (uint32_t i = 0; i < n->nprocs; i++) {
		pid_t pid = g->procs.v[g->members[n->first_member + i]].pid;

		vec_push(&ret->v, { .kind = STEP_PROC, .pid = pid });
	}
}

void place_children(const struct graph *g, const struct place *p, struct steps *ret)
{
	const struct step *last = p->steps.n ? &p->steps.v[p->steps.n - 1] : NULL;
	struct spot spot;

	if (place_look(g, p, &spot, NULL) < 0 || spot.kind == STEP_PROC)
		return;
	for (uint32_t i = 0; i < g->ns.n; i++) {
		const struct ns *ns = &g->ns.v[i];
		bool there = spot.kind == STEP_SET ? step_member(g, last, ns->type) == i
						   : is_below(g, i, spot.ns, !last);

		if (there)
			vec_push(&ret->v, ns_step(ns));
	}
	if (ret->v.n)
		qsort(ret->v.v, ret->v.n, sizeof(*ret->v.v), by_type_and_inode);
	if (spot.ns != GRAPH_NONE)
		add_members(g, spot.ns, ret);
}

void steps_done(struct steps *s)
{
	vec_done(&s->v);
}

/* Reads TEXT, a step as step_text() writes it, or ".." or "." */
static bool is_step(const char *text)
{
	enum ns_type type;
	ino_t ino;
	pid_t pid;

	if (str_is(text, ".") || str_is(text, "..") || (text[0] == '@' && text[1]))
		return true;
	return ns_link_parse(text, &type, &ino) || num_pid(text, &pid) == 0;
}

bool place_is_path(const char *text)
{
	if (!*text || (!strchr(text, '/') && !str_is(text, ".") && !str_is(text, "..")))
		return false;
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "/");
		auto_free char *part = xstrndup(p, n);

		if (n && !is_step(part))
			return false;
		p += n + (p[n] == '/');
	}
	return true;
}

static void step_done(struct step *s)
{
	free(s->name);
}

static void leave(struct place *p)
{
	if (p->steps.n)
		step_done(&p->steps.v[--p->steps.n]);
}

static int take_step(const struct graph *g, struct place *p, const char *text, struct err *e)
{
	auto_call(steps_done) struct steps below = { 0 };
	auto_free char *q = quoted(text);
	auto_free char *here = place_text(p, p->steps.n);

	if (str_is(text, "."))
		return 0;
	if (str_is(text, "..")) {
		leave(p);
		return 0;
	}
	place_children(g, p, &below);
	for (size_t i = 0; i < below.v.n; i++) {
		auto_free char *name = step_text(&below.v.v[i]);

		if (str_is(name, text)) {
			place_add(p, below.v.v[i]);
			return 0;
		}
	}
	err_say(e, -ENOENT, "there is no %s in %s", q, here);
	if (p->steps.n == 0)
		err_hint(e, "'cd' with a reference alone finds it wherever it is");
	return -ENOENT;
}

int place_walk(const struct graph *g, const struct place *from, const char *path, struct place *ret,
	       struct err *e)
{
	if (*path != '/')
		copy_steps(from, from->steps.n, ret);
	while (*path) {
		size_t n = strcspn(path, "/");
		auto_free char *part = xstrndup(path, n);
		int r = n ? take_step(g, ret, part, e) : 0;

		if (r < 0)
			return r;
		path += n + (path[n] == '/');
	}
	return 0;
}

void place_done(struct place *p)
{
	while (p->steps.n)
		leave(p);
	vec_done(&p->steps);
}
