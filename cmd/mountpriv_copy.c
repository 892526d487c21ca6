/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mountpriv: a command in the namespaces of a target, but for a copy of its mount namespace, which
 * has the mount. That is made as in a new user namespace: locked, on the way.
 */
#include "mountpriv_target.h"

#include "../common/base/fd.h"
#include "../common/ns/exec_guard.h"
#include "../common/ns/join.h"
#include "../common/ns/relay.h"
#include "../common/ns/run.h"
#include "../common/ns/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

struct copying {
	struct mountpriv_target target;
	struct mountpriv_wish wish;
	struct setup setup; /* its maps are those of a new user namespace, if one is needed */
	struct setup_facts facts;
	struct join join;
	struct exec_guard guard;
	int userns; /* the new one; -EBADF: the target's is joined */
	int tree;
};

static void copying_done(struct copying *c)
{
	cleanup_fd(&c->tree);
	cleanup_fd(&c->userns);
	join_done(&c->join);
	setup_done(&c->setup);
	mountpriv_wish_done(&c->wish);
	mountpriv_target_done(&c->target);
}

/* A target in the caller's own user namespace gets the command a new one. */
static int open_userns(struct copying *c, const struct mountpriv_opts *o, struct err *e)
{
	struct idmap_plan plan;
	int r;

	if (!c->target.is_own)
		return 0;
	setup_probe(&c->facts);
	r = mountpriv_ids(o, &c->facts, &c->setup, e);
	if (r == 0)
		r = idmap_plan(c->setup.maps, &c->facts.ids, SETGROUPS_KEEP, &plan, e);
	if (r == 0)
		c->userns = r = userns_make(c->target.resolver.proc, c->setup.maps, &plan, e);
	return MIN(r, 0);
}

static int open_join(struct copying *c, struct err *e)
{
	join_init(&c->join, c->target.resolver.proc);
	for (int t = 0; t < NS_NTYPES; t++)
		if (t != NS_MNT && c->target.target.types & 1U << t)
			c->join.from[t] = &c->target.target;
	c->join.optional = NS_ALL;
	return join_open(&c->join, e);
}

static int open_mount(struct copying *c, struct err *e)
{
	struct privmount_user u = {
		.proc = c->target.resolver.proc,
		.userns = c->target.is_own ? c->userns : c->target.userns,
		.is_new = c->target.is_own,
		.maps = c->target.is_own ? c->setup.maps : c->target.maps,
	};

	c->tree = privmount_open(&c->wish.mount, &u, e);
	if (c->tree == -ENOSYS)
		err_hint(e, "to mount from one namespace in another needs Linux 5.12");
	return c->tree < 0 ? mountpriv_refused(c->tree, e) : 0;
}

static int open_all(struct copying *c, const struct mountpriv_opts *o, struct err *e)
{
	int r = mountpriv_target(&c->target, o, e);

	if (r == 0)
		r = open_userns(c, o, e);
	if (r == 0)
		r = open_join(c, e);
	if (r == 0)
		r = open_mount(c, e);
	if (r == 0 && exec_guard_init(&c->guard, c->target.resolver.proc) < 0)
		r = err_say(e, -ENOENT, "cannot look at /proc/self/exe");
	return r;
}

static int attach(struct copying *c, struct err *e)
{
	bool is_foreign = c->target.mntns >= 0;
	auto_close int root = is_foreign ? open("/", O_PATH | O_CLOEXEC) : -EBADF;

	return privmount_attach(&c->wish.mount, c->tree, is_foreign ? root : AT_FDCWD, e);
}

/* Into the copy, past the stage, and on into what the command is to be in. */
static int go(void *data, struct err *e)
{
	struct copying *c = data;
	int r;

	mountpriv_hide();
	r = c->target.mntns >= 0 ? mountpriv_join(&c->target, e) : 0;
	if (r == 0)
		r = privmount_stage(&c->wish.mount, e);
	if (r == 0)
		r = attach(c, e);
	if (r == 0)
		r = join_act(&c->join, e);
	if (r == 0 && c->userns >= 0 && setns(c->userns, CLONE_NEWUSER) < 0)
		r = err_set(e, -errno, "cannot enter the new user namespace");
	if (r == 0 && unshare(CLONE_NEWNS) < 0)
		r = err_set(e, -errno, "cannot make a mount namespace");
	return r;
}

/* Who has no id in the user namespace is its root. */
static bool becomes_root(const struct copying *c)
{
	uint32_t own = c->facts.ids.own[ID_USER];

	return !c->target.is_own || !idmap_has(&c->setup.maps[ID_USER], own);
}

static int run_in(struct copying *c, char **argv, struct err *e)
{
	struct run run = {
		.argv = argv,
		.fork = c->join.plan.types & 1U << NS_PID,
		.new_keyring = true,
		.close_fds = true,
		.guard = c->target.mntns >= 0 ? &c->guard : NULL,
		.creds.root_if_mapped = becomes_root(c),
		.enter = go,
		.data = c,
	};

	return relay_has_terminal() ? relay_command(&run, false, NULL, e) : run_command(&run, e);
}

int mountpriv_copy(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	auto_call(copying_done) struct copying c = {
		.target = MOUNTPRIV_TARGET_NONE,
		.userns = -EBADF,
		.tree = -EBADF,
	};
	auto_free char *note = NULL;
	int r;

	(void)ctx;
	join_init(&c.join, -EBADF);
	r = mountpriv_wish(&c.wish, o, &argv, e);
	if (r == 0)
		r = open_all(&c, o, e);
	if (r < 0)
		return r;
	note = mountpriv_source_note(&c.wish.mount);
	mountpriv_say(note);
	if (c.target.is_own)
		mountpriv_note_root(c.setup.maps);
	return run_in(&c, argv, e);
}
