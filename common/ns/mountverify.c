/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountverify.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/str.h"
#include "discover.h"
#include "mountkept.h"
#include "mountsource.h"

#include <errno.h>

/* Why a path is tried. */
struct origin {
	uint32_t ns; /* its mount namespace */
	enum mount_tie tie;
};

/* What is examined, while it is. */
struct examination {
	const struct mountview *view;
	const struct mount *m;
	size_t index;
	struct mountscene scene;
	VEC(struct mountplace) places; /* where it might be reached, the path inside first */
	VEC(struct origin) origins;    /* of each place */
	struct mountproof *proof;
};

static void examination_done(struct examination *x)
{
	for (size_t i = 0; i < x->places.n; i++)
		mountplace_done(&x->places.v[i]);
	vec_done(&x->places);
	vec_done(&x->origins);
	mountscene_done(&x->scene);
}

/* --- what the tables say */

static struct mountleak *find_leak(struct mountproof *p, enum leak_kind kind)
{
	for (size_t i = 0; i < p->leaks.n; i++)
		if (p->leaks.v[i].kind == kind)
			return &p->leaks.v[i];
	return NULL;
}

/* One leak of a kind is named, the others are counted. */
static void add_leak(struct mountproof *p, enum leak_kind kind, const char *path, uint32_t mntns,
		     pid_t pid)
{
	struct mountleak *old = find_leak(p, kind);

	if (old) {
		old->count++;
		return;
	}
	vec_push(&p->leaks, { .kind = kind,
			      .count = 1,
			      .path = path ? xstrdup(path) : NULL,
			      .mntns = mntns,
			      .pid = pid });
}

static bool has_place(const struct examination *x, uint32_t ns, const char *path)
{
	for (size_t i = 0; i < x->places.n; i++)
		if (x->origins.v[i].ns == ns && str_is(x->places.v[i].path, path))
			return true;
	return false;
}

static void add_place(struct examination *x, uint32_t ns, enum mount_tie tie, const char *path,
		      const char *inside)
{
	vec_push(&x->places, { .userns = -EBADF,
			       .mntns = -EBADF,
			       .path = xstrdup(path),
			       .inside = xstrdup(inside) });
	vec_push(&x->origins, { ns, tie });
}

static bool note_tie(size_t other, enum mount_tie tie, void *data)
{
	struct examination *x = data;
	const struct mount *o = &x->view->mounts->v.v[other];
	auto_free char *inside = NULL;
	auto_free char *path = mount_path_of(x->m, o, &inside);

	if (tie == TIE_PEER)
		add_leak(x->proof, LEAK_PEER, path, o->ns, 0);
	else if (tie == TIE_SAME)
		add_leak(x->proof, LEAK_SAME, path, o->ns, 0);
	if (mounts_at(x->view->mounts, o->ns, path) == other && !has_place(x, o->ns, path))
		add_place(x, o->ns, tie, path, inside);
	return true;
}

/* To read what the file system is on is to read the files. */
static void add_sources(struct examination *x)
{
	struct mountplace found[MOUNTSOURCE_MAX];
	size_t n = mountsource_find(x->m, found);

	for (size_t i = 0; i < n; i++) {
		vec_push(&x->places, found[i]);
		vec_push(&x->origins, { x->view->own_mnt, TIE_CONTENT });
	}
}

static void note_shared_above(struct examination *x)
{
	const struct mounts *m = x->view->mounts;
	size_t elsewhere, above = mount_shared_above(m, x->index, &elsewhere);

	if (above != SIZE_MAX)
		add_leak(x->proof, LEAK_SHARED, m->v.v[above].target, m->v.v[elsewhere].ns, 0);
}

static void note_strangers(struct examination *x)
{
	const struct graph *g = x->view->graph;

	for (size_t i = 0; i < g->procs.n; i++) {
		const struct proc *p = &g->procs.v[i];

		if (p->ns[NS_MNT] == x->m->ns && p->ns[NS_USER] != x->m->owner &&
		    p->ns[NS_USER] != GRAPH_NONE)
			add_leak(x->proof, LEAK_STRANGER, NULL, GRAPH_NONE, p->pid);
	}
}

static void note_kept(struct examination *x)
{
	struct mountkept kept;
	auto_free char *path = NULL;

	x->proof->incomplete |= mountkept_find(x->view, x->index, &kept) < 0;
	if (!kept.count)
		return;
	path = xasprintf("/proc/%s", kept.path);
	add_leak(x->proof, LEAK_OPEN, path, GRAPH_NONE, kept.pid);
	find_leak(x->proof, LEAK_OPEN)->count = kept.count;
}

/* --- what comes of trying */

enum verdict mountverify_verdict(enum actor actor, enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_UNTRIED:
		return actor == ACTOR_ROOT ? VERDICT_LIMIT : VERDICT_UNTRIED;
	case OUTCOME_IN:
		return actor == ACTOR_ROOT ? VERDICT_LIMIT : VERDICT_LEAK;
	case OUTCOME_REFUSED:
	case OUTCOME_ELSE:
		break;
	}
	return VERDICT_REFUSED;
}

static void add_leak_of_try(struct examination *x, enum actor actor, enum way way, size_t place)
{
	struct mountproof *p = x->proof;

	if (actor == ACTOR_NESTED) {
		add_leak(p, LEAK_NESTED, NULL, GRAPH_NONE, 0);
	} else if (way != WAY_PATH) {
		vec_push(&p->leaks, { .kind = LEAK_WAY,
				      .count = 1,
				      .mntns = GRAPH_NONE,
				      .actor = actor,
				      .way = way });
	} else if (x->origins.v[place].tie == TIE_CONTENT ||
		   (!find_leak(p, LEAK_PEER) && !find_leak(p, LEAK_SAME))) {
		/* One place, whoever got in there, is one leak. */
		struct mountleak *old = find_leak(p, LEAK_SOURCE);

		if (!old || old->mntns != x->origins.v[place].ns ||
		    !str_is(old->path, x->places.v[place].path))
			add_leak(p, LEAK_SOURCE, x->places.v[place].path, x->origins.v[place].ns,
				 0);
	}
}

/* What came out in the same way in other mount namespaces is one check. */
static struct mountcheck *find_alike(struct examination *x, const struct mountcheck *c)
{
	for (size_t i = 0; c->mntns != x->view->own_mnt && i < x->proof->checks.n; i++) {
		struct mountcheck *old = &x->proof->checks.v[i];

		if (old->actor == c->actor && old->way == WAY_PATH && old->mntns != GRAPH_NONE &&
		    old->mntns != x->view->own_mnt && old->result.outcome == c->result.outcome &&
		    old->result.error == c->result.error)
			return old;
	}
	return NULL;
}

static void try_once(struct examination *x, enum actor actor, enum way way, size_t place)
{
	const struct mountplace *at = place == SIZE_MAX ? &x->scene.at : &x->places.v[place];
	struct mountcheck c = { .actor = actor, .way = way, .mntns = GRAPH_NONE, .ntries = 1 };
	struct mountcheck *alike = NULL;

	c.result = mountprobe_try(&x->scene, actor, way, at);
	if (way == WAY_PATH) {
		c.mntns = place == SIZE_MAX ? x->m->ns : x->origins.v[place].ns;
		alike = place == SIZE_MAX ? NULL : find_alike(x, &c);
	}
	if (alike) {
		alike->ntries++;
	} else {
		c.path = way == WAY_PATH ? xstrdup(at->path) : NULL;
		vec_push(&x->proof->checks, c);
	}
	switch (mountverify_verdict(actor, c.result.outcome)) {
	case VERDICT_LEAK:
		add_leak_of_try(x, actor, way, place);
		break;
	case VERDICT_UNTRIED:
		x->proof->incomplete = true;
		break;
	case VERDICT_REFUSED:
	case VERDICT_LIMIT:
		break;
	}
}

/* Whether ACTOR is somebody in whose mount namespace place I is. */
static bool goes_there(const struct examination *x, enum actor actor, size_t i)
{
	uint32_t ns = x->origins.v[i].ns, owner = x->view->graph->ns.v[ns].owner;

	if (ns == x->view->own_mnt)
		return actor != ACTOR_OTHER;
	return owner == x->view->own_user ? actor != ACTOR_OTHER && actor != ACTOR_ROOT
					  : actor == ACTOR_OTHER && owner != GRAPH_NONE;
}

/* There may be more places than descriptors: each has its own only while it is tried. */
static void try_place(struct examination *x, enum actor actor, size_t i)
{
	const struct mountview *v = x->view;
	struct mountplace *p = &x->places.v[i];
	uint32_t ns = x->origins.v[i].ns;
	bool own = ns == v->own_mnt, gone;

	if (!goes_there(x, actor, i))
		return;
	if (!own)
		p->mntns = discover_open(v->graph, v->proc, ns);
	if (actor == ACTOR_OTHER)
		p->userns = discover_open(v->graph, v->proc, v->graph->ns.v[ns].owner);
	gone = (!own && p->mntns < 0) || (actor == ACTOR_OTHER && p->userns < 0);
	if (!gone)
		try_once(x, actor, WAY_PATH, i);
	cleanup_fd(&p->mntns);
	cleanup_fd(&p->userns);
}

static void try_actor(struct examination *x, enum actor actor)
{
	if (actor == ACTOR_TWIN && !x->scene.uid_map)
		return;
	if (actor == ACTOR_NESTED)
		try_once(x, actor, WAY_PATH, SIZE_MAX);
	for (size_t i = 0; actor != ACTOR_NESTED && i < x->places.n; i++)
		try_place(x, actor, i);
	if (actor == ACTOR_OTHER)
		return;
	for (enum way way = WAY_PROC_ROOT; way < WAY_NKINDS; way++) {
		bool needs_process = way == WAY_PROC_ROOT || actor != ACTOR_NESTED;

		if (x->scene.pid || !needs_process || way == WAY_SETNS || way == WAY_LISTMOUNT)
			try_once(x, actor, way, SIZE_MAX);
	}
}

static int identify(struct examination *x, struct err *e)
{
	auto_free char *q = quoted(x->m->target);
	int r = mountprobe_identify(&x->scene, &x->scene.at, 1);

	if (r == 0)
		r = mountprobe_identify(&x->scene, x->places.v, x->places.n);
	if (r == 0 && !x->scene.at.mode)
		r = -ENOENT;
	if (r < 0)
		err_set(e, r, "cannot look at %s in its mount namespace", q);
	if (r == -EPERM)
		err_hint(e,
			 "that needs CAP_SYS_ADMIN in its user namespace: root of the host has it");
	if (r == -EACCES)
		err_hint(e, "a FUSE file system is its user's alone, without the option "
			    "allow_other");
	return r;
}

static int examine(struct examination *x, struct err *e)
{
	int r = mountscene_open(x->view, x->m, &x->scene, e);

	if (r < 0)
		return r;
	add_place(x, x->view->own_mnt, TIE_NONE, x->m->target, x->m->target);
	add_sources(x);
	mount_each_tie(x->view->mounts, x->index, note_tie, x);
	note_shared_above(x);
	note_strangers(x);
	note_kept(x);
	r = identify(x, e);
	for (enum actor actor = 0; r == 0 && actor < ACTOR_NKINDS; actor++)
		try_actor(x, actor);
	return r;
}

int mountverify(const struct mountview *v, size_t index, struct mountproof *ret, struct err *e)
{
	auto_call(examination_done) struct examination x = {
		.view = v,
		.m = &v->mounts->v.v[index],
		.index = index,
		.scene = MOUNTSCENE_NONE,
		.proof = ret,
	};

	if (x.m->owner == v->own_user || x.m->owner == GRAPH_NONE) {
		add_leak(ret, LEAK_OWN, x.m->target, x.m->ns, 0);
		return 0;
	}
	return examine(&x, e);
}

void mountproof_done(struct mountproof *p)
{
	for (size_t i = 0; i < p->checks.n; i++)
		free(p->checks.v[i].path);
	for (size_t i = 0; i < p->leaks.n; i++)
		free(p->leaks.v[i].path);
	vec_done(&p->checks);
	vec_done(&p->leaks);
}
