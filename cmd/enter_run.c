/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From options to a struct run: whom to join, as whom to run, what to do around it. */
#include "enter.h"

#include "../common/base/fd.h"
#include "../common/ns/exec_guard.h"
#include "../common/ns/hosttools.h"
#include "../common/ns/join.h"
#include "../common/ns/netetc.h"
#include "../common/ns/relay.h"
#include "../common/ns/resolve.h"
#include "../common/ns/run.h"
#include "../common/ns/set_resolve.h"
#include "../common/sys/nsfs.h"
#include "../common/sys/procfs.h"
#include "../common/sys/sockns.h"
#include "enter_cgroup.h"
#include "enter_creds.h"
#include "enter_dirs.h"
#include "enter_env.h"
#include "enter_like.h"

#include <errno.h>
#include <locale.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Who joins these can be seen from inside. */
#define CROSSING (1U << NS_MNT | 1U << NS_USER | 1U << NS_PID)

/* One entering from beginning to end. */
struct enter {
	const struct enter_opts *o;
	struct enter_opts implied; /* what o is with --like */
	struct resolver resolver;
	struct target target;		 /* of -t */
	struct target source[NS_NTYPES]; /* of the types that have one of their own */
	struct join join;
	struct enter_dirs dirs;
	struct enter_env env;
	struct enter_cgroups cgroups;
	struct host_tools tools;
	struct exec_guard guard;
	struct enter_like_parts like;
	struct run run;
	gid_t *groups; /* what run.creds.groups points to */
};

static void enter_init(struct enter *x, const struct enter_opts *o)
{
	*x = (struct enter){ .o = o, .target = TARGET_NONE, .dirs = ENTER_DIRS_NONE };
	for (int t = 0; t < NS_NTYPES; t++)
		x->source[t] = (struct target)TARGET_NONE;
	host_tools_init(&x->tools);
	x->resolver.proc = x->cgroups.attr_exec = -EBADF;
	join_init(&x->join, -EBADF);
}

static void enter_done(struct enter *x)
{
	free(x->groups);
	host_tools_done(&x->tools);
	enter_cgroups_done(&x->cgroups);
	enter_env_done(&x->env);
	enter_dirs_done(&x->dirs);
	join_done(&x->join);
	for (int t = 0; t < NS_NTYPES; t++)
		target_done(&x->source[t]);
	target_done(&x->target);
	resolver_done(&x->resolver);
	cleanup_fd(&x->resolver.proc);
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

static int resolve_sources(struct enter *x, struct err *e)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		const struct ref *ref = &x->o->sources.ref[t];
		int r;

		if (!ref->text || x->o->except & 1U << t)
			continue;
		r = resolve_ref(&x->resolver, ref, &x->source[t], e);
		if (r < 0)
			return r;
		x->join.from[t] = &x->source[t];
	}
	return 0;
}

/* What is wanted because all is may be missing; what was asked for by name must be there. */
static int resolve_target(struct enter *x, struct err *e)
{
	const struct enter_opts *o = x->o;
	unsigned types = wanted_from_target(o);
	int r;

	if (!o->target.text && o->sources.wanted & types)
		return err_say(e, -EINVAL, "no target: whose %s namespace is meant?",
			       ns_types[__builtin_ctz(o->sources.wanted & types)].name);
	if (!o->target.text)
		return 0;
	r = resolve_ref(&x->resolver, &o->target, &x->target, e);
	if (r < 0)
		return r;
	for (int t = 0; t < NS_NTYPES; t++)
		if (types & 1U << t)
			x->join.from[t] = &x->target;
	x->join.optional = NS_ALL & ~o->sources.wanted;
	return 0;
}

/* A namespace that no reference names takes the place of the target's. */
static void put_source(struct enter *x, enum ns_type type, int fd, char *label)
{
	struct target *t = &x->source[type];

	target_done(t);
	*t = (struct target)TARGET_NONE;
	t->kind = TARGET_NAMESPACES;
	t->label = label;
	target_add(t, type, fd);
	x->join.from[type] = t;
}

static int resolve_socket(struct enter *x, struct err *e)
{
	int number = x->o->net_socket.fd;
	int fd;

	if (x->target.kind != TARGET_PROCESS || x->target.pidfd < 0)
		return err_say(e, -EINVAL, "--net-socket needs a target that is a process");
	fd = sockns_of_other(x->target.pidfd, number);
	if (fd < 0)
		return err_set(e, fd, "cannot open the network namespace of descriptor %d of %s",
			       number, x->target.label);
	put_source(x, NS_NET, fd, xasprintf("descriptor %d of %s", number, x->target.label));
	return 0;
}

/* The owner of the wanted user namespace, or of any other that is wanted. */
static int resolve_parent(struct enter *x, struct err *e)
{
	int type = NS_USER, ns, fd;

	for (int t = 0; !x->join.from[type] && t < NS_NTYPES; t++)
		if (x->join.from[t])
			type = t;
	if (!x->join.from[type])
		return err_say(e, -EINVAL,
			       "--user-parent needs another namespace, whose owner it is");
	ns = target_ns(x->join.from[type], (enum ns_type)type, e);
	if (ns < 0)
		return ns;
	fd = nsfs_userns(ns);
	if (fd < 0)
		return err_set(e, fd, "cannot open the owner of the %s namespace of %s",
			       ns_types[type].name, x->join.from[type]->label);
	put_source(x, NS_USER, fd, xasprintf("the owner of %s", x->join.from[type]->label));
	return 0;
}

static int resolve_all(struct enter *x, struct err *e)
{
	int r;

	if (!x->o->target.text && !x->o->sources.wanted && !x->o->compat) {
		err_say(e, -EINVAL, "no target");
		err_hint(e, "name one with -t, for example the pid of a process in it");
		return -EINVAL;
	}
	r = proc_open();
	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	x->resolver.proc = x->join.proc = r;
	r = resolve_sources(x, e);
	if (r == 0)
		r = resolve_target(x, e);
	if (r == 0 && x->o->net_socket.set)
		r = resolve_socket(x, e);
	return r == 0 && x->o->user_parent ? resolve_parent(x, e) : r;
}

/* With --like=best-effort what cannot be taken over is left as it is. */
static int forgive(const struct enter *x, int r, struct err *e)
{
	if (r == 0 || x->o->like != LIKE_BEST_EFFORT)
		return r;
	err_done(e);
	return 0;
}

/* As util-linux, nsenter runs what binfmt_misc can run. */
static int guard_init(struct enter *x, struct err *e)
{
	int r = exec_guard_init(&x->guard, x->resolver.proc);

	x->guard.misc = x->o->compat;
	return r < 0 ? err_set(e, r, "cannot look at /proc/self/exe") : 0;
}

/* Everything that is looked up on this side, before anything changes. */
static int open_all(struct enter *x, struct err *e)
{
	int r = resolve_all(x, e);

	if (r == 0)
		r = join_open(&x->join, e);
	if (r == 0 && x->join.plan.types & 1U << NS_PID)
		r = set_check_enterable(x->join.from[NS_PID], e);
	if (r == 0 && x->o->like)
		r = enter_like_read(&x->like, x->o, &x->target, e);
	if (r == 0)
		r = forgive(x, enter_dirs_open(&x->dirs, x->o, &x->target, e), e);
	if (r == 0)
		r = forgive(x, enter_cgroups_open(&x->cgroups, x->o, &x->target, e), e);
	if (r == 0 && x->o->host_tools)
		r = host_tools_open(&x->tools, e);
	if (r == 0)
		r = guard_init(x, e);
	return r < 0 ? r : forgive(x, enter_env_make(&x->env, x->o, &x->target, e), e);
}

/*
 * From here on the target can see this process: nothing of it may be read, and messages must
 * not be looked up in the target's message catalogs.
 */
static int join_target(void *data, struct err *e)
{
	struct enter *x = data;
	int r = x->o->like ? enter_like_before(&x->like, x->o, x->resolver.proc, e) : 0;

	if (r < 0)
		return r;
	if (x->join.plan.types & CROSSING)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setlocale(LC_ALL, "C");
	return join_act(&x->join, e);
}

/* The name by which the network namespace was called, if its files of /etc are wanted. */
static const char *netns_name(const struct enter *x)
{
	const struct enter_opts *o = x->o;
	const struct ref *ref = o->sources.ref[NS_NET].text ? &o->sources.ref[NS_NET] : &o->target;
	bool wanted = !o->no_etc && !o->compat && x->join.plan.types & 1U << NS_NET;

	if (!wanted || x->join.plan.types & 1U << NS_MNT || !ref->text)
		return NULL;
	return ref->kind == REF_NETNS ? ref->name : NULL;
}

/* Without a mount namespace to join the tools are the caller's anyhow. */
static bool uses_host_tools(const struct enter *x)
{
	return x->o->host_tools && x->join.plan.types & 1U << NS_MNT;
}

/* Where a root is left as it is, the working directory must not be one outside of it. */
static int change_dirs(const struct enter *x, struct err *e)
{
	int r = enter_dirs_change(&x->dirs, e);

	return r < 0 && chdir("/") == 0 ? forgive(x, r, e) : r;
}

static int prepare(void *data, struct err *e)
{
	struct enter *x = data;
	const char *name = netns_name(x);
	int r = forgive(x, enter_cgroups_join(&x->cgroups, e), e);

	if (r == 0 && uses_host_tools(x))
		r = host_tools_enter(&x->tools, e);
	if (r == 0 && name)
		r = netetc_apply(NETETC_DIR, name, e);
	if (r == 0)
		r = change_dirs(x, e);
	if (r == 0)
		r = enter_creds_look_up(x->o, &x->target, &x->run.creds, &x->groups, e);
	return r == 0 && x->o->like ? enter_like_after(&x->like, x->o, &x->run.creds, e) : r;
}

static void explain(struct enter *x, int status, struct err *e)
{
	if (status == RUN_NOT_FOUND && x->join.plan.types & 1U << NS_MNT)
		err_hint(e, "commands are looked for in the mount namespace of the target; "
			    "--host-tools brings the caller's");
}

/* Who is put into another's world must not be able to type into the caller's terminal. */
static bool wants_pty(const struct enter *x)
{
	const struct enter_opts *o = x->o;

	if (o->pty)
		return true;
	return !o->no_pty && !o->compat && !o->detach && !o->no_fork &&
	       x->join.plan.types & CROSSING && relay_has_terminal();
}

/* Among the caller's own files no trap is laid. */
static bool files_are_anothers(const struct enter *x)
{
	return x->join.plan.types & 1U << NS_MNT || x->o->root;
}

static int run_in(struct enter *x, char **argv, struct err *e)
{
	int status;

	enter_creds_choose(x->o, x->join.plan.types, &x->run.creds);
	x->run.argv = argv;
	x->run.env = x->env.vars.v;
	x->run.detach = x->run.new_session = x->o->detach;
	x->run.fork = x->o->detach || (x->join.plan.types & 1U << NS_PID && !x->o->no_fork);
	x->run.close_fds = !x->o->compat;
	x->run.login_shell = x->o->compat;
	x->run.guard = files_are_anothers(x) ? &x->guard : NULL;
	x->run.keep_fds = x->o->keep_fds.v;
	x->run.nkeep_fds = x->o->keep_fds.n;
	x->run.new_keyring = x->join.plan.types && !x->o->compat;
	x->run.enter = join_target;
	x->run.prepare = prepare;
	x->run.data = x;
	status = wants_pty(x) ? relay_command(&x->run, x->o->pty, e) : run_command(&x->run, e);
	explain(x, status, e);
	return status;
}

int enter_run(const struct enter_opts *o, char **argv, struct err *e)
{
	struct enter x;
	int r;

	enter_init(&x, o);
	if (o->like) {
		x.implied = *o;
		enter_like_imply(&x.implied);
		x.o = &x.implied;
	}
	r = open_all(&x, e);
	if (r == 0)
		r = run_in(&x, argv, e);
	enter_done(&x);
	return r;
}

void enter_opts_done(void *opts)
{
	struct enter_opts *o = opts;

	vec_done(&o->keep_fds);
}
