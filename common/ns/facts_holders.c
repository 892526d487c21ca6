/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who keeps a namespace alive. Each new mount namespace is a copy of its maker's, with what is
 * bound there: on a container host the same mount point stands in hundreds of them.
 */
#include "../base/escape.h"
#include "facts.h"

/* The mounts of one namespace at the same path. */
struct mount_group {
	const struct holder *first;
	uint32_t more;
	bool here; /* one is in the caller's own mount namespace */
};

struct mount_groups {
	const struct facts *f;
	struct hash by_path; /* index of the group, by hash of the path */
	VEC(struct mount_group) groups;
};

static uint64_t path_key(const char *path)
{
	uint64_t key = UINT64_C(1469598103934665603);

	for (; *path; path++)
		key = (key ^ (unsigned char)*path) * UINT64_C(1099511628211);
	return key;
}

static void add_mount(struct mount_groups *m, const struct holder *h)
{
	bool here = h->mnt_ns == m->f->own_mnt;
	uint64_t key = path_key(h->path);
	uint32_t index = (uint32_t)m->groups.n;

	if (!hash_get(&m->by_path, key, &index))
		hash_put(&m->by_path, key, index);
	if (index < m->groups.n && str_is(m->groups.v[index].first->path, h->path)) {
		m->groups.v[index].more++;
		m->groups.v[index].here |= here;
	} else {
		vec_push(&m->groups, { h, 0, here });
	}
}

static void new_line(struct str *ret)
{
	if (ret->len)
		str_addc(ret, '\n');
}

static void say_mounts(const struct mount_groups *m, struct str *ret)
{
	for (size_t i = 0; i < m->groups.n; i++) {
		const struct mount_group *g = &m->groups.v[i];

		new_line(ret);
		str_add(ret, "mount ");
		escape_terminal(ret, g->first->path, strlen(g->first->path));
		if (!g->here)
			str_addf(ret, " in mnt:[%lu]", m->f->g->ns.v[g->first->mnt_ns].ino);
		if (g->more)
			str_addf(ret, " and in %u more mount namespace%s", g->more,
				 g->more == 1 ? "" : "s");
	}
}

static void say_task(const struct holder *h, struct str *ret)
{
	new_line(ret);
	str_addf(ret, "%d", h->pid);
	if (h->tid)
		str_addf(ret, " thread %d", h->tid);
	if (h->kind == HELD_FD || h->kind == HELD_SOCKET)
		str_addf(ret, " %s %d", held_name(h->kind), h->fd);
	else if (h->kind == HELD_PENDING)
		str_addf(ret, " %s", held_name(h->kind));
}

bool facts_holders(const struct facts *f, uint32_t ns, struct str *ret)
{
	const struct ns *n = &f->g->ns.v[ns];
	struct mount_groups m = { .f = f };

	for (uint32_t i = 0; i < n->nholders; i++) {
		const struct holder *h = &f->g->holders.v[n->first_holder + i];

		if (h->kind == HELD_MOUNT)
			add_mount(&m, h);
		else
			say_task(h, ret);
	}
	say_mounts(&m, ret);
	hash_done(&m.by_path);
	vec_done(&m.groups);
	return ret->len > 0;
}
