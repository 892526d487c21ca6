/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: names change and go; what lives on without them is told. */
#include "bind.h"

#include "../common/base/fd.h"
#include "../common/base/vec.h"
#include "../common/ns/discover.h"
#include "../common/ns/facts.h"
#include "../common/ns/setstate.h"
#include "../common/sys/nsfs.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>

/* A namespace that has lost its name. */
struct unnamed {
	enum ns_type type;
	ino_t ino;
	uint64_t id;
};

struct removal {
	int proc;
	struct registry registry;
	VEC(struct unnamed) unnamed;
};

#define REMOVAL                                                                                    \
	{                                                                                          \
		.proc = -EBADF, .registry = REGISTRY_NONE                                          \
	}

static void removal_done(struct removal *m)
{
	vec_done(&m->unnamed);
	registry_close(&m->registry);
	cleanup_fd(&m->proc);
}

static int start(struct removal *m, struct err *e)
{
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	m->proc = r;
	return registry_lock(&m->registry, m->proc, e);
}

static void note_namespaces(struct removal *m, const char *name)
{
	auto_setinfo struct setinfo info = { 0 };

	if (set_name_check(name, NULL) < 0 || registry_info(&m->registry, name, &info) < 0)
		return;
	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		if (info.ns[t].ino)
			vec_push(&m->unnamed, { t, info.ns[t].ino, info.ns[t].id });
}

static int remove_one(struct removal *m, const char *name, struct err *e)
{
	size_t before = m->unnamed.n;
	int r;

	note_namespaces(m, name);
	r = registry_remove(&m->registry, name, e);
	if (r < 0)
		m->unnamed.n = before;
	return r;
}

/* What has been killed is a member until it is buried. */
static bool is_zombie(int proc, pid_t pid)
{
	struct proc_stat st;

	return proc_stat_read(proc, pid, &st) < 0 || st.state == 'Z';
}

/* The first thing that keeps NS alive, in words; false: nothing does that can be seen. */
static bool holder_of(struct facts *f, uint32_t ns, struct str *ret)
{
	const struct ns *n = &f->g->ns.v[ns];
	auto_str struct str all = { 0 };

	if (n->initial)
		return false;
	if (n->nprocs) {
		pid_t pid = f->g->procs.v[n->first_proc].pid;

		str_addf(ret, "%u process%s, such as %d", n->nprocs, n->nprocs == 1 ? "" : "es",
			 pid);
		return n->nprocs > 1 || !is_zombie(f->proc, pid);
	}
	if (!facts_holders(f, ns, &all))
		return false;
	str_addn(ret, all.s, strcspn(all.s, "\n"));
	return true;
}

/* Whether U is gone, as the kernel says (Linux 6.18): then nobody needs to be looked for. */
static bool is_gone(const struct unnamed *u)
{
	auto_close int fd =
		u->id ? nsfs_open_handle(u->id, (uint32_t)ns_types[u->type].clone, (uint32_t)u->ino)
		      : -EBADF;

	return fd == -ESTALE;
}

static void forget_gone(struct removal *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->unnamed.n; i++)
		if (!is_gone(&m->unnamed.v[i]))
			m->unnamed.v[n++] = m->unnamed.v[i];
	m->unnamed.n = n;
}

/* Namespaces outlive their names while anything else holds them: the user should know what. */
static void tell_survivors(const struct removal *m)
{
	auto_graph struct graph g = { 0 };
	auto_facts struct facts f = { 0 };

	if (discover(&g, m->proc, SOURCE_DEFAULT, NULL) < 0)
		return;
	facts_init(&f, &g, m->proc);
	for (size_t i = 0; i < m->unnamed.n; i++) {
		const struct unnamed *u = &m->unnamed.v[i];
		uint32_t ns = graph_find_ns(&g, u->ino);
		auto_str struct str holder = { 0 };

		if (ns == GRAPH_NONE || (g.ns.v[ns].id && u->id && g.ns.v[ns].id != u->id) ||
		    !holder_of(&f, ns, &holder))
			continue;
		fprintf(stderr, "nstool: bind-ns: note: %s:[%lu] lives on, held by %s\n",
			ns_types[u->type].name, u->ino, str_text(&holder));
	}
}

/* Whether nothing can come of the set any more. One of another place may be whole there. */
static bool is_dead(const struct removal *m, const struct nsset *set)
{
	auto_close int own = openat(m->proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);

	switch (set_state(set, 0)) {
	case SET_DEAD:
		return true;
	case SET_STALE:
		if (set->info.holder.pid)
			return set->held == -ESRCH;
		return !set->info.place || set->info.place == fd_inode(own);
	case SET_ALIVE:
	case SET_EMPTY:
		break;
	}
	return false;
}

/* What interrupted commands left is gone already: taking the lock has swept it away. */
static int remove_dead(struct removal *m, struct err *e)
{
	auto_set_names struct set_names names = { 0 };
	int r = registry_names(&m->registry, &names, e);

	for (size_t i = 0; r == 0 && i < names.names.n; i++) {
		auto_nsset struct nsset set = NSSET_NONE;
		const char *name = names.names.v[i];

		r = registry_load(&m->registry, name, &set, e);
		if (r == -EBADMSG || (r == 0 && is_dead(m, &set)))
			r = remove_one(m, name, e);
		else if (r == -EPERM || r == -ENOENT) /* not to be trusted, or gone meanwhile */
			r = 0;
		if (r == 0 && e)
			err_done(e);
	}
	return r;
}

/* A name that is none is told before anything is removed. */
static int check_names(const struct removal *m, char **names, struct err *e)
{
	for (; *names; names++) {
		auto_nsset struct nsset set = NSSET_NONE;
		auto_err struct err other = { 0 };
		int r = registry_load(&m->registry, *names, &set, &other);

		if (r == -EINVAL || r == -ENOENT)
			return registry_load(&m->registry, *names, &set, e);
	}
	return 0;
}

int bind_remove(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(removal_done) struct removal m = REMOVAL;
	int r = start(&m, e);

	(void)ctx;
	if (r == 0)
		r = check_names(&m, argv, e);
	if (r == 0 && o->dead)
		r = remove_dead(&m, e);
	for (; r == 0 && *argv; argv++)
		r = remove_one(&m, *argv, e);
	forget_gone(&m);
	if (m.unnamed.n)
		tell_survivors(&m);
	return r;
}

int bind_rename(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(removal_done) struct removal m = REMOVAL;
	int r = start(&m, e);

	(void)ctx;
	(void)o;
	return r < 0 ? r : registry_rename(&m.registry, argv[0], argv[1], e);
}
