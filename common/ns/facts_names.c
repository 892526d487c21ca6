/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a namespace is bound, and the names that it has by that, or that a process keeps for it. */
#include "facts.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "netns.h"
#include "procbirth.h"
#include "registry_set.h"

#include <errno.h>

static void new_line(struct str *ret)
{
	if (ret->len)
		str_addc(ret, '\n');
}

/* Adds the mount points of NS here that begin with PREFIX, without it. */
static bool add_mounts(const struct facts *f, uint32_t ns, const char *prefix, struct str *ret)
{
	const struct ns *n = &f->g->ns.v[ns];

	for (uint32_t i = 0; i < n->nholders; i++) {
		const struct holder *h = &f->g->holders.v[n->first_holder + i];
		const char *rest;

		if (h->kind != HELD_MOUNT || h->mnt_ns != f->own_mnt)
			continue;
		rest = str_after(h->path, prefix);
		if (!rest)
			continue;
		new_line(ret);
		escape_terminal(ret, rest, strlen(rest));
	}
	return ret->len > 0;
}

bool facts_mounts(const struct facts *f, uint32_t ns, struct str *ret)
{
	return add_mounts(f, ns, "", ret);
}

/* --- sets of bind-ns */

struct known_set {
	char *name;
	struct setinfo info;
	bool held; /* by a process, which lives */
};

struct known_sets {
	VEC(struct known_set) sets;
};

void known_sets_free(struct known_sets **sets)
{
	for (size_t i = 0; *sets && i < (*sets)->sets.n; i++) {
		free((*sets)->sets.v[i].name);
		setinfo_done(&(*sets)->sets.v[i].info);
	}
	if (*sets)
		vec_done(&(*sets)->sets);
	free(*sets);
	*sets = NULL;
}

static void read_set(const struct registry *r, const char *name, struct known_sets *sets)
{
	auto_close int holder = -EBADF;
	struct known_set set = { 0 };

	if (registry_info(r, name, &set.info) < 0)
		return;
	if (set.info.holder.pid)
		holder = procbirth_hold(r->proc, &set.info.holder);
	set.held = holder >= 0;
	set.name = xstrdup(name);
	vec_push(&sets->sets, set);
}

/* The caller's sets, read once: those whose names are references to him. */
static const struct known_sets *known_sets(struct facts *f)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_set_names struct set_names names = { 0 };

	if (f->sets)
		return f->sets;
	f->sets = xcalloc(1, sizeof(*f->sets));
	if (registry_open(&r, f->proc, NULL) == 0)
		registry_names(&r, &names, NULL);
	for (size_t i = 0; i < names.names.n; i++)
		read_set(&r, names.names.v[i], f->sets);
	return f->sets;
}

/* Whether NS is bound here as a part of the set NAME. */
static bool is_bound(const struct facts *f, const struct ns *n, const char *name)
{
	auto_free char *path =
		xasprintf("%s/ns/%s/%s", REGISTRY_ROOT, name, ns_types[n->type].name);

	for (uint32_t i = 0; i < n->nholders; i++) {
		const struct holder *h = &f->g->holders.v[n->first_holder + i];

		if (h->kind == HELD_MOUNT && h->mnt_ns == f->own_mnt && str_is(h->path, path))
			return true;
	}
	return false;
}

static void add_set_names(struct facts *f, uint32_t ns, struct str *ret)
{
	const struct known_sets *all = known_sets(f);
	const struct ns *n = &f->g->ns.v[ns];

	for (size_t i = 0; i < all->sets.n; i++) {
		const struct known_set *set = &all->sets.v[i];

		if (!setinfo_has(&set->info, n->type, n->ino, n->id) ||
		    (!set->held && !is_bound(f, n, set->name)))
			continue;
		new_line(ret);
		str_addf(ret, "@%s", set->name);
	}
}

bool facts_names(struct facts *f, uint32_t ns, struct str *ret)
{
	if (f->g->ns.v[ns].type == NS_NET)
		add_mounts(f, ns, NETNS_DIR "/", ret);
	add_set_names(f, ns, ret);
	return ret->len > 0;
}
