/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_whom.h"

#include "../common/base/fd.h"
#include "../common/sys/nsfs.h"
#include "../common/sys/procfs.h"
#include "../common/sys/sockns.h"

#include <errno.h>

void enter_whom_init(struct enter_whom *w)
{
	*w = (struct enter_whom){ .target = TARGET_NONE };
	for (int t = 0; t < NS_NTYPES; t++)
		w->source[t] = (struct target)TARGET_NONE;
	w->resolver.proc = -EBADF;
	join_init(&w->join, -EBADF);
}

/* The types that are wanted from the target of -t: those named, or all it has. */
static unsigned wanted_from_target(const struct enter_opts *o)
{
	bool all = o->all || (!o->compat && !o->sources.wanted && !o->net_socket.set);
	unsigned types = all ? NS_ALL : o->sources.wanted;

	for (int t = 0; t < NS_NTYPES; t++)
		if (o->sources.ref[t].text)
			types &= ~(1U << t);
	return types & ~o->except;
}

static int resolve_sources(struct enter_whom *w, const struct enter_opts *o, struct err *e)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		const struct ref *ref = &o->sources.ref[t];
		int r;

		if (!ref->text || o->except & 1U << t)
			continue;
		r = resolve_ref(&w->resolver, ref, &w->source[t], e);
		if (r < 0)
			return r;
		w->join.from[t] = &w->source[t];
	}
	return 0;
}

/* What is wanted because all is may be missing; what was asked for by name must be there. */
static int resolve_target(struct enter_whom *w, const struct enter_opts *o, struct err *e)
{
	unsigned types = wanted_from_target(o);
	int r;

	if (!o->target.text && o->all)
		return err_say(e, -EINVAL, "no target: all namespaces of whom?");
	if (!o->target.text && o->sources.wanted & types)
		return err_say(e, -EINVAL, "no target: whose %s namespace is meant?",
			       ns_types[__builtin_ctz(o->sources.wanted & types)].name);
	if (!o->target.text)
		return 0;
	r = resolve_ref(&w->resolver, &o->target, &w->target, e);
	if (r < 0)
		return r;
	for (int t = 0; t < NS_NTYPES; t++)
		if (types & 1U << t)
			w->join.from[t] = &w->target;
	w->join.optional = NS_ALL & ~o->sources.wanted;
	return 0;
}

/* A namespace that no reference names takes the place of the target's. */
static void put_source(struct enter_whom *w, enum ns_type type, int fd, char *label)
{
	struct target *t = &w->source[type];

	target_done(t);
	*t = (struct target)TARGET_NONE;
	t->kind = TARGET_NAMESPACES;
	t->label = label;
	target_add(t, type, fd);
	w->join.from[type] = t;
}

static int resolve_socket(struct enter_whom *w, const struct enter_opts *o, struct err *e)
{
	int number = o->net_socket.fd;
	int fd;

	if (w->target.kind != TARGET_PROCESS || w->target.pidfd < 0)
		return err_say(e, -EINVAL, "--net-socket needs a target that is a process");
	fd = sockns_of_other(w->target.pidfd, number);
	if (fd < 0)
		return err_set(e, fd, "cannot open the network namespace of descriptor %d of %s",
			       number, w->target.label);
	put_source(w, NS_NET, fd, xasprintf("descriptor %d of %s", number, w->target.label));
	return 0;
}

/* The owner of the wanted user namespace, or of any other that is wanted. */
static int resolve_parent(struct enter_whom *w, struct err *e)
{
	int type = NS_USER, ns, fd;

	for (int t = 0; !w->join.from[type] && t < NS_NTYPES; t++)
		if (w->join.from[t])
			type = t;
	if (!w->join.from[type])
		return err_say(e, -EINVAL,
			       "--user-parent needs another namespace, whose owner it is");
	ns = target_ns(w->join.from[type], (enum ns_type)type, e);
	if (ns < 0)
		return ns;
	fd = nsfs_userns(ns);
	if (fd < 0)
		err_set(e, fd, "cannot open the owner of the %s namespace of %s",
			ns_types[type].name, w->join.from[type]->label);
	if (fd == -EPERM)
		err_hint(e, "it is neither the caller's user namespace nor below that; the "
			    "host's own has none");
	if (fd < 0)
		return fd;
	put_source(w, NS_USER, fd, xasprintf("the owner of %s", w->join.from[type]->label));
	return 0;
}

int enter_whom_resolve(struct enter_whom *w, const struct enter_opts *o, struct err *e)
{
	int r;

	if (!o->target.text && !o->sources.wanted && !o->compat) {
		err_say(e, -EINVAL, "no target");
		err_hint(e, "name one with -t, for example the pid of a process in it");
		return -EINVAL;
	}
	r = proc_open();
	if (r >= 0)
		r = fd_above_standard(r);
	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	w->resolver.proc = w->join.proc = r;
	r = resolve_sources(w, o, e);
	if (r == 0)
		r = resolve_target(w, o, e);
	if (r == 0 && o->net_socket.set)
		r = resolve_socket(w, o, e);
	return r == 0 && o->user_parent ? resolve_parent(w, e) : r;
}

void enter_whom_done(struct enter_whom *w)
{
	join_done(&w->join);
	for (int t = 0; t < NS_NTYPES; t++)
		target_done(&w->source[t]);
	target_done(&w->target);
	resolver_done(&w->resolver);
	cleanup_fd(&w->resolver.proc);
}
