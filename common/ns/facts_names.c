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

/* "@web" of "/run/nstool/ns/web/net". */
static void add_set_names(const struct facts *f, uint32_t ns, struct str *ret)
{
	const struct ns *n = &f->g->ns.v[ns];

	for (uint32_t i = 0; i < n->nholders; i++) {
		const struct holder *h = &f->g->holders.v[n->first_holder + i];
		const char *rest = h->kind == HELD_MOUNT && h->mnt_ns == f->own_mnt
					   ? str_after(h->path, REGISTRY_ROOT "/ns/")
					   : NULL;
		auto_free char *name = rest ? xstrndup(rest, strcspn(rest, "/")) : NULL;

		if (!name || set_name_check(name, NULL) < 0)
			continue;
		new_line(ret);
		str_addf(ret, "@%s", name);
	}
}

/* --- sets that a process holds */

struct held_set {
	char *name;
	struct setinfo info;
};

struct held_sets {
	VEC(struct held_set) sets;
};

void held_sets_free(struct held_sets **sets)
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

static void add_if_held(const struct registry *r, const char *name, struct held_sets *sets)
{
	auto_setinfo struct setinfo info = { 0 };
	auto_close int holder = -EBADF;

	if (registry_info(r, name, &info) < 0 || !info.holder.pid)
		return;
	holder = procbirth_hold(r->proc, &info.holder);
	if (holder < 0)
		return;
	vec_push(&sets->sets, { xstrdup(name), info });
	info = (struct setinfo){ 0 };
}

/* They stand in no mount table: what the registry says of them is read once. */
static const struct held_sets *held_sets(struct facts *f)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_set_names struct set_names names = { 0 };

	if (f->sets)
		return f->sets;
	f->sets = xcalloc(1, sizeof(*f->sets));
	if (registry_open(&r, f->proc, NULL) == 0)
		registry_names(&r, &names, NULL);
	for (size_t i = 0; i < names.names.n; i++)
		add_if_held(&r, names.names.v[i], f->sets);
	return f->sets;
}

static void add_held_names(struct facts *f, uint32_t ns, struct str *ret)
{
	const struct held_sets *all = held_sets(f);
	const struct ns *n = &f->g->ns.v[ns];

	for (size_t i = 0; i < all->sets.n; i++) {
		const struct setinfo *info = &all->sets.v[i].info;

		if (!setinfo_has(info, n->type, n->ino, n->id))
			continue;
		new_line(ret);
		str_addf(ret, "@%s", all->sets.v[i].name);
	}
}

bool facts_names(struct facts *f, uint32_t ns, struct str *ret)
{
	if (f->g->ns.v[ns].type == NS_NET)
		add_mounts(f, ns, NETNS_DIR "/", ret);
	add_set_names(f, ns, ret);
	add_held_names(f, ns, ret);
	return ret->len > 0;
}
