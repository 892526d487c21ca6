/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unshare-ns: a command in new namespaces; and the same under util-linux's name and rules. */
#include "../common/base/str.h"
#include "../common/ns/keepset.h"
#include "unshare_opts.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define O struct unshare_opts

/* What both have, with the meaning that util-linux gives it. */
#define SHARED_OPTIONS                                                                             \
	LONG_MAYBE('m', "mount", &arg_file, O, ns[NS_MNT], "new mount namespace, kept at FILE"),   \
		LONG_MAYBE('u', "uts", &arg_file, O, ns[NS_UTS], "new UTS namespace (host name)"), \
		LONG_MAYBE('i', "ipc", &arg_file, O, ns[NS_IPC], "new IPC namespace"),             \
		LONG_MAYBE('n', "net", &arg_file, O, ns[NS_NET], "new network namespace"),         \
		LONG_MAYBE('p', "pid", &arg_file, O, ns[NS_PID], "new pid namespace"),             \
		LONG_MAYBE('U', "user", &arg_file, O, ns[NS_USER], "new user namespace"),          \
		LONG_MAYBE('C', "cgroup", &arg_file, O, ns[NS_CGROUP], "new cgroup namespace"),    \
		LONG_MAYBE('T', "time", &arg_file, O, ns[NS_TIME], "new time namespace"),          \
		FLAG('f', "fork", O, fork, "run the command as a child"),                          \
		MAYBE(0, "kill-child", &arg_signal, O, kill_child,                                 \
		      "if we die, send the child SIG (SIGKILL); implies -f"),                      \
		FLAG(0, "forward-signals", O, forward_signals, FORWARD_HELP),                      \
		VALUE('R', "root", &arg_dir, O, root, "run with this root directory"),             \
		VALUE('w', "wd", &arg_dir, O, wd, "run in this working directory"),                \
		VALUE('S', "setuid", &arg_user, O, setuid, "run with this user id"),               \
		VALUE('G', "setgid", &arg_group, O, setgid,                                        \
		      "run with this group id and no supplementary groups"),                       \
		SETUP_OPTIONS(O),                                                                  \
		FLAG(0, "keep-caps", O, keep_caps, "keep the user namespace's capabilities"),      \
		FLAG(0, "clear-env", O, clear_env, "run with an empty environment"),               \
		VALUE(0, "whitelist-env", &arg_names, O, keep_env,                                 \
		      "run with these variables only; repeatable")

#define FORWARD_HELP "implies --fork; signals are always forwarded"
static const struct opt own_opts[] = {
	FLAG('a', "all", O, all, "every type that this kernel has"),
	SHARED_OPTIONS,
	FLAG(0, "init", O, init, "a small init as first process of the pid namespace"),
	FLAG(0, "no-init", O, no_init, "the command itself is the first process"),
	OWN_SETUP_OPTIONS(O),
	VALUE('l', "name", &arg_set, O, name, "bind them as this set, see bind-ns; implies --fork"),
	VALUE(0, "cgroup-join", &arg_dir, O, cgroup, "join the cgroup with this directory"),
	VALUE(0, "rlimit", &arg_limit, O, limits, "set a resource limit; repeatable"),
	VALUE(0, "cap-drop", &arg_caps, O, cap_drop, "take these capabilities away, or all"),
	FLAG(0, "no-new-privs", O, no_new_privs, "no privilege from set-user-ID programs"),
	FLAG(0, "die-with-parent", O, die_with_parent, "end when our parent dies"),
	FLAG(0, "detach", O, detach, "leave the command running, in a session of its own"),
	VALUE(0, "ready-fd", &arg_fd_given, O, ready, "write one byte there when all is set up"),
	VALUE(0, "info-fd", &arg_fd_given, O, info, "write pid and namespaces there, as JSON"),
	VALUE(0, "pid-file", &arg_file, O, pid_file, "write the pid there; implies --fork"),
};
#undef FORWARD_HELP

#define FORWARD_HELP "forward SIGINT and SIGTERM; implies --fork"
static const struct opt compat_opts[] = {
	SHARED_OPTIONS,
	VALUE('l', "load-interp", &arg_string, O, interp, "register with binfmt_misc"),
};

static const struct operand command_operand[] = { { &arg_command, OPERAND_COMMAND } };

/* Every type that this kernel has; without /proc to ask, every type there is. */
static unsigned all_types(void)
{
	unsigned types = 0;

	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		auto_free char *link = xasprintf("/proc/self/ns/%s", ns_types[t].name);

		types |= access(link, F_OK) == 0 ? 1U << t : 0;
	}
	return types ? types : NS_ALL;
}

static void map_own_ids(struct setup *s, const struct setup_facts *f)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		if (s->maps[k].ranges.n == 0)
			idmap_add_single(&s->maps[k], f->ids.own[k], f->ids.own[k]);
}

static int wish_root(const struct unshare_opts *o, struct setup *s, struct err *e)
{
	if (o->pivot && o->root)
		return err_say(e, -EINVAL, "--root and --pivot exclude each other");
	if (o->pivot)
		s->root = o->pivot;
	s->pivot = o->pivot;
	return 0;
}

static int wish_init(const struct unshare_opts *o, struct setup *s, struct err *e)
{
	if (o->init && o->no_init)
		return err_say(e, -EINVAL, "--init and --no-init exclude each other");
	if (o->init)
		s->init = INIT_YES;
	if (o->no_init)
		s->init = INIT_NO;
	return 0;
}

int unshare_wish_own(const struct unshare_opts *o, const struct setup_facts *f, struct setup *s,
		     struct err *e)
{
	int r = unshare_wish(o, f, SUBID_ALL, s, e);

	if (r == 0)
		r = wish_root(o, s, e);
	if (r == 0)
		r = wish_init(o, s, e);
	if (o->all) {
		s->types |= all_types();
		map_own_ids(s, f);
	}
	s->no_proc = o->no_proc;
	s->bind_proc = o->bind_proc;
	s->no_lo = o->no_lo;
	s->links = o->links.v;
	s->nlinks = o->links.n;
	s->hostname = o->hostname;
	s->domainname = o->domainname;
	s->mounts = o->mounts.v;
	s->nmounts = o->mounts.n;
	s->limits = o->limits.v;
	s->nlimits = o->limits.n;
	s->cgroup = o->cgroup;
	s->die_with_parent = o->die_with_parent ? SIGKILL : 0;
	s->detach = o->detach;
	s->ready = o->ready.set;
	s->ready_fd = o->ready.fd;
	s->info = o->info.set;
	s->info_fd = o->info.fd;
	s->pid_file = o->pid_file;
	return r;
}

static int run_own(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct unshare_opts *o = opts;
	auto_call(setup_done) struct setup s = { .argv = argv };
	auto_free char **env = unshare_env(o);
	struct keepset k = { .wish = { .name = o->name } };
	struct setup_facts f = { 0 };
	const char *note = NULL;
	int r;

	(void)ctx;
	(void)argc;
	s.env = env;
	setup_probe(&f);
	if (o->limits.n)
		setup_probe_limits(&f);
	r = o->name ? set_name_check(o->name, e) : 0;
	if (r == 0)
		r = unshare_wish_own(o, &f, &s, e);
	if (r < 0)
		return r;
	setup_defaults(&s, &f, &note);
	if (!s.types) {
		err_say(e, -EINVAL, "no namespace is asked for");
		err_hint(e, "-m -u -i -n -p -U -C -T, or -a for all of them");
		return -EINVAL;
	}
	if (o->name)
		keepset_add(&k, &s, false);
	if (note)
		fprintf(stderr, "nstool: unshare-ns: note: %s\n", note);
	return setup_command(&s, &f, e);
}

/*
 * A file that a namespace is bound over must not stay if the command cannot be run, which only a
 * parent can see to. A pid namespace is not to be had so: --fork must have been asked for.
 */
static bool needs_parent(const struct setup *s)
{
	bool needs = false;

	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		needs |= s->persist[t] != NULL;
	return needs && !s->fork && !(s->types & (1U << NS_PID));
}

static int run_compat(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct unshare_opts *o = opts;
	auto_call(setup_done) struct setup s = { .argv = argv };
	auto_free char **env = unshare_env(o);
	struct setup_facts f = { 0 };
	int r;

	(void)ctx;
	(void)argc;
	s.env = env;
	s.hold_keys = !o->forward_signals;
	setup_probe(&f);
	r = unshare_wish(o, &f, SUBID_FIRST, &s, e);
	if (r < 0)
		return r;
	s.creds.keep_caps &= (s.types & (1U << NS_USER)) != 0; /* else it means nothing */
	signal(SIGCHLD, SIG_DFL); /* ignored, it would be so for the command too */
	if (needs_parent(&s)) {
		s.fork = true;
		s.hold_keys = false;
	}
	return setup_command(&s, &f, e);
}

static const char *const own_aliases[] = { "unsharens", "ns_exec", NULL };

const struct applet applet_unshare_ns = {
	.name = "unshare-ns",
	.aliases = own_aliases,
	.summary = "run a command in new namespaces",
	.opts = own_opts,
	.nopts = ARRAY_LEN(own_opts),
	.opts_size = sizeof(struct unshare_opts),
	.opts_done = unshare_opts_done,
	.operands = command_operand,
	.noperands = ARRAY_LEN(command_operand),
	.exit = EXIT_AS_RUNNER,
	.plain = true,
	.where = APPLET_CHILD,
	.run = run_own,
};

const struct applet applet_unshare = {
	.name = "unshare",
	.summary = "run a command in new namespaces, as util-linux does",
	.opts = compat_opts,
	.nopts = ARRAY_LEN(compat_opts),
	.opts_size = sizeof(struct unshare_opts),
	.opts_done = unshare_opts_done,
	.operands = command_operand,
	.noperands = ARRAY_LEN(command_operand),
	.exit = EXIT_AS_UTIL_LINUX,
	.compat = true,
	.plain = true,
	.where = APPLET_CHILD,
	.run = run_compat,
};
