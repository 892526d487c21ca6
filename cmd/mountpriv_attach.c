/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: a mount for a user namespace that is there, in its mount namespace. */
#include "mountpriv_look.h"
#include "mountpriv_target.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/ns/mountof.h"
#include "../common/sys/mntns.h"
#include "../common/sys/mountat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>

/* All that is opened before the target's mount namespace is joined, where nothing is looked up. */
struct attaching {
	struct mountpriv_target target;
	struct mountpriv_wish wish;
	int tree;	 /* the mount */
	int root, table; /* the target's root directory and its mountinfo */
	int point;
	struct mount_of below; /* the mount that the point is in */
	int change;	       /* that mount, if it is to be made private */
};

static void attaching_done(struct attaching *a)
{
	cleanup_fd(&a->change);
	cleanup_fd(&a->point);
	cleanup_fd(&a->root);
	cleanup_fd(&a->table);
	cleanup_fd(&a->tree);
	mount_of_done(&a->below);
	mountpriv_wish_done(&a->wish);
	mountpriv_target_done(&a->target);
}

static int check_target(const struct mountpriv_target *t, struct err *e)
{
	if (t->mntns < 0) {
		err_say(e, -ENOENT, "%s names no mount namespace", t->target.label);
		err_hint(e, "with a COMMAND that gets a copy of the caller's");
		return -ENOENT;
	}
	if (!t->is_own)
		return 0;
	err_say(e, -EINVAL,
		"%s is in the caller's own user namespace: a mount there is private to "
		"nobody",
		t->target.label);
	err_hint(e, "with a COMMAND that gets a user namespace and a copy of its mounts");
	return -EINVAL;
}

static int open_mount(struct attaching *a, struct err *e)
{
	struct privmount_user u = { .proc = a->target.resolver.proc,
				    .userns = a->target.userns,
				    .maps = a->target.maps };
	auto_free char *q = quoted(a->wish.mount.dst);
	int r;

	if (a->wish.mount.dst[0] != '/')
		return err_say(e, -EINVAL, "%s does not begin with a slash: it is a path of %s", q,
			       a->target.target.label);
	a->tree = r = privmount_open(&a->wish.mount, &u, e);
	if (r == -ENOSYS)
		err_hint(e, "to mount from one namespace in another needs Linux 5.12");
	return r < 0 ? mountpriv_refused(r, e) : 0;
}

static int open_point(struct attaching *a, struct err *e)
{
	const struct privmount *m = &a->wish.mount;
	auto_free char *what = quoted(m->src ? m->src : m->type);
	int kind = privmount_kind(a->tree, what, e), r;

	if (kind < 0)
		return kind;
	r = mntns_open(a->target.mntns, a->target.resolver.proc, &a->root, &a->table);
	if (r < 0)
		return err_set(e, r, "cannot look into the mount namespace of %s",
			       a->target.target.label);
	a->point = r = privmount_open_point(a->root, m->dst, kind, e);
	if (r < 0)
		return r;
	return mount_of_find(a->target.resolver.proc, a->table, a->point, &a->below, e);
}

/* Another mount that would get what is mounted at the point, too. */
static char *find_peer(const struct attaching *a)
{
	auto_mountlook struct mountlook l = MOUNTLOOK_NONE;
	ino_t here = fd_inode(a->target.mntns);

	if (mountlook_read(&l, NULL) < 0)
		return NULL;
	for (size_t i = 0; i < l.mounts.v.n; i++) {
		const struct mount *m = &l.mounts.v.v[i];
		ino_t ns = l.graph.ns.v[m->ns].ino;

		if ((m->peers != a->below.peers && m->master != a->below.peers) ||
		    (ns == here && m->id == a->below.id))
			continue;
		auto_free char *q = quoted(m->target);

		return xasprintf("appears at %s of mount namespace %llu, too", q,
				 (unsigned long long)ns);
	}
	return NULL;
}

static int check_shared(struct attaching *a, bool make_private, struct err *e)
{
	auto_free char *dst = quoted(a->wish.mount.dst);
	auto_free char *below = quoted(a->below.target);
	auto_mount_of struct mount_of of = { 0 };

	if (!a->below.peers)
		return 0;
	if (!make_private) {
		auto_free char *peer = find_peer(a);

		err_say(e, -EBUSY, "%s is in the shared mount %s: what is mounted there %s", dst,
			below, peer ? peer : "is shared as well");
		err_hint(e, "--make-private takes %s out of its peer group first", below);
		return -EBUSY;
	}
	a->change = privmount_open_point(a->root, a->below.target, PRIVMOUNT_ANY, e);
	if (a->change < 0)
		return a->change;
	if (mount_of_find(a->target.resolver.proc, a->table, a->change, &of, e) < 0 ||
	    of.id != a->below.id)
		return err_say(e, -EBUSY, "the mount %s is covered by another one", below);
	return 0;
}

static int act(struct attaching *a, struct err *e)
{
	struct mount_attr private = { .propagation = MS_PRIVATE };
	auto_free char *q = quoted(a->wish.mount.dst);
	int r = mountpriv_join(&a->target, e);

	if (r < 0)
		return r;
	if (a->change >= 0)
		r = mount_change(a->change, false, &private);
	if (r < 0)
		return err_set(e, r, "cannot make the mount below %s private", q);
	r = mount_attach_fd(a->tree, a->point);
	return r < 0 ? err_set(e, r, "cannot mount over %s", q) : 0;
}

int mountpriv_attach(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	auto_call(attaching_done) struct attaching a = {
		.target = MOUNTPRIV_TARGET_NONE,
		.tree = -EBADF,
		.root = -EBADF,
		.table = -EBADF,
		.point = -EBADF,
		.change = -EBADF,
	};
	auto_free char *note = NULL;
	int r = mountpriv_wish(&a.wish, o, &argv, e);

	(void)ctx;
	if (r == 0)
		r = mountpriv_target(&a.target, o, e);
	if (r == 0)
		r = check_target(&a.target, e);
	if (r == 0)
		r = open_mount(&a, e);
	if (r == 0)
		r = open_point(&a, e);
	if (r == 0)
		r = check_shared(&a, o->make_private, e);
	note = mountpriv_source_note(&a.wish.mount);
	if (r == 0)
		r = act(&a, e);
	if (r < 0)
		return r;
	mountpriv_say(note);
	fprintf(stderr,
		"nstool: mountpriv: note: the mount is not locked: root of %s can unmount it and "
		"clear its flags\n",
		a.target.target.label);
	return 0;
}
