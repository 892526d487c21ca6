/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: names for namespaces that are there, and for new ones. */
#include "bind.h"

#include "../common/base/fd.h"
#include "../common/ns/keepset.h"
#include "../common/ns/lookup.h"
#include "../common/ns/resolve.h"
#include "../common/ns/set_resolve.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <stdio.h>

/* A set on its way from a reference. */
struct binding {
	const struct bind_opts *o;
	struct resolver resolver;
	struct registry registry;
	struct target target;
	ino_t host[NS_NTYPES]; /* 0: not known */
	ino_t own[NS_NTYPES];
	unsigned types; /* what shall be bound */
	bool left_out;	/* the mount namespace would have been, too */
};

#define BINDING(opts)                                                                              \
	{                                                                                          \
		.o = (opts), .resolver = { .proc = -EBADF }, .registry = REGISTRY_NONE,            \
		.target = TARGET_NONE                                                              \
	}

static void binding_done(struct binding *b)
{
	target_done(&b->target);
	registry_close(&b->registry);
	resolver_done(&b->resolver);
	cleanup_fd(&b->resolver.proc);
}

static void find_inodes(struct target *t, ino_t ino[NS_NTYPES])
{
	for (enum ns_type type = 0; type < NS_NTYPES; type++)
		if (t->types & 1U << type && target_ns(t, type, NULL) >= 0)
			ino[type] = fd_inode(t->ns[type]);
}

static void find_known(struct binding *b, const char *what, ino_t ino[NS_NTYPES])
{
	auto_target struct target t = TARGET_NONE;

	if (resolve(&b->resolver, what, &t, NULL) == 0)
		find_inodes(&t, ino);
}

static int open_target(struct binding *b, struct err *e)
{
	const struct ref self = { .kind = REF_SELF, .text = "self" };
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	b->resolver.proc = r;
	find_known(b, "host", b->host);
	find_known(b, "self", b->own);
	return resolve_ref(&b->resolver, b->o->target.text ? &b->o->target : &self, &b->target, e);
}

static bool is_host(const struct binding *b, enum ns_type t)
{
	return b->host[t] && fd_inode(b->target.ns[t]) == b->host[t];
}

/*
 * Without a choice: all that is not the host's, and not what cannot be. Returns 0, or -errno with a
 * sentence if it cannot be seen which these are.
 */
static int choose_by_default(struct binding *b, struct err *e)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		int fd = b->target.types & 1U << t ? target_ns(&b->target, t, e) : -ENOENT;

		if (fd == -EACCES || fd == -EPERM)
			return target_refused(&b->target, fd, e);
		if (fd < 0 && e)
			err_done(e);
		if (fd < 0 || is_host(b, t))
			continue;
		if (t == NS_MNT && b->registry.mounts && !b->o->holder &&
		    fd_inode(b->target.ns[t]) == b->own[t])
			b->left_out = true;
		else
			b->types |= 1U << t;
	}
	if (b->left_out && b->types)
		fprintf(stderr,
			"nstool: bind-ns: note: the mount namespace is left out: it cannot be "
			"bound in itself\n");
	return 0;
}

static int host_is_bound(struct err *e)
{
	err_say(e, -EACCES, "these namespaces are the host's, which are bound already, as '0'");
	err_hint(e, "-t REF names those of a process, --new makes new ones; --alias gives the "
		    "host's another name");
	return -EACCES;
}

static int cannot_bind_itself(struct err *e)
{
	err_say(e, -EINVAL,
		"only the mount namespace is not the host's, and that cannot be bound in itself");
	err_hint(e, "--holder has a process hold it; from the host, -t PID binds it; --new makes "
		    "new namespaces");
	return -EINVAL;
}

static int choose(struct binding *b, unsigned wanted, struct err *e)
{
	int r = wanted ? 0 : choose_by_default(b, e);
	bool only_host = true;

	if (r < 0)
		return r;
	b->types |= wanted;
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		int fd = b->types & 1U << t ? target_ns(&b->target, t, e) : 0;

		if (fd < 0)
			return fd;
		if (b->types & 1U << t && !is_host(b, t))
			only_host = false;
	}
	if (!b->types && b->left_out)
		return cannot_bind_itself(e);
	return only_host && !b->o->alias ? host_is_bound(e) : 0;
}

static struct nsset_wish wish_of(const struct bind_opts *o, const char *name)
{
	return (struct nsset_wish){
		.name = name,
		.ns = { -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF },
		.replace = o->replace,
		.alias = o->alias,
		.holder = o->holder,
		.netns = o->netns,
	};
}

static void take_types(const struct binding *b, struct nsset_wish *wish)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (b->types & 1U << t)
			wish->ns[t] = b->target.ns[t];
}

int bind_existing(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(binding_done) struct binding b = BINDING(o);
	struct nsset_wish wish = wish_of(o, argv[0]);
	int r = set_name_check(argv[0], e);

	(void)ctx;
	if (r == 0)
		r = open_target(&b, e);
	if (r == 0)
		r = registry_lock(&b.registry, b.resolver.proc, e);
	if (r == 0)
		r = choose(&b, bind_types(o), e);
	if (r == 0)
		r = target_check(&b.target, e);
	if (r < 0)
		return r;
	take_types(&b, &wish);
	return registry_create(&b.registry, &wish, e);
}

int bind_new(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	struct keepset k = { .wish = wish_of(o, argv[0]) };
	auto_call(setup_done) struct setup s = { 0 };
	struct unshare_opts fresh = o->fresh; /* borrowed */
	struct setup_facts f = { 0 };
	const char *note = NULL;
	int r = set_name_check(argv[0], e);

	(void)ctx;
	for (int t = 0; t < NS_NTYPES; t++)
		fresh.ns[t] = o->type[t] ? "" : NULL;
	setup_probe(&f);
	if (r == 0)
		r = unshare_wish_own(&fresh, &f, &s, e);
	if (r < 0)
		return r;
	setup_defaults(&s, &f, &note);
	if (!s.types) {
		err_say(e, -EINVAL, "no type of namespace is asked for");
		err_hint(e, "-m -u -i -n -p -U -C -T, or -a for all of them");
		return -EINVAL;
	}
	if (note)
		fprintf(stderr, "nstool: bind-ns: note: %s\n", note);
	keepset_add(&k, &s, true);
	return setup_command(&s, &f, e);
}

static int has_already(const char *name, enum ns_type t, struct err *e)
{
	err_say(e, -EBUSY, "the set '%s' has another %s namespace", name, ns_types[t].name);
	err_hint(e, "'--drop %s' takes that out, --replace puts this one in its place",
		 ns_types[t].name);
	return -EBUSY;
}

/* Nothing of the set goes unasked: neither what cannot be seen from here, nor what is added anew. */
static int check_change(const struct binding *b, const struct nsset *set, struct err *e)
{
	int r = set_check_whole(&b->registry, set, NS_ALL & ~b->o->drop & ~b->types, e);

	for (enum ns_type t = 0; r == 0 && t < NS_NTYPES; t++)
		if (b->types & ~b->o->drop & 1U << t && set->ns[t] >= 0 && !b->o->replace &&
		    set->info.ns[t].ino != fd_inode(b->target.ns[t]))
			r = has_already(set->name, t, e);
	return r;
}

/* --add and --drop: a set like the one that has the name, which it then replaces. */
static int change(struct binding *b, const char *name, struct err *e)
{
	auto_nsset struct nsset set = NSSET_NONE;
	struct nsset_wish wish = wish_of(b->o, name);
	int r = registry_load(&b->registry, name, &set, e);

	if (r == 0)
		r = check_change(b, &set, e);
	if (r < 0)
		return r;
	for (int t = 0; t < NS_NTYPES; t++)
		if (!(b->o->drop & 1U << t))
			wish.ns[t] = set.ns[t];
	take_types(b, &wish);
	wish.replace = wish.alias = true;
	wish.holder |= set.info.holder.pid != 0;
	wish.like = &set.info;
	return registry_create(&b->registry, &wish, e);
}

int bind_change(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(binding_done) struct binding b = BINDING(o);
	int r = open_target(&b, e);

	(void)ctx;
	if (r == 0 && o->add)
		r = choose(&b, o->add, e);
	if (r == 0)
		r = registry_lock(&b.registry, b.resolver.proc, e);
	if (r == 0)
		r = target_check(&b.target, e);
	return r < 0 ? r : change(&b, argv[0], e);
}
