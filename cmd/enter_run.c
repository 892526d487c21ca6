/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From options to a struct run: whom to join, as whom to run, what to do around it. */
#include "enter.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/ns/exec_guard.h"
#include "../common/ns/fresh.h"
#include "../common/ns/hosttools.h"
#include "../common/ns/label.h"
#include "../common/ns/netetc.h"
#include "../common/ns/relay.h"
#include "../common/ns/run.h"
#include "../common/ns/set_resolve.h"
#include "enter_cgroup.h"
#include "enter_creds.h"
#include "enter_dirs.h"
#include "enter_env.h"
#include "enter_like.h"
#include "enter_whom.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Who joins these can be seen from inside. */
#define CROSSING (1U << NS_MNT | 1U << NS_USER | 1U << NS_PID)

/* One entering from beginning to end. */
struct enter {
	const struct enter_opts *o;
	struct enter_opts implied; /* what o is with --like */
	struct enter_whom whom;
	struct enter_dirs dirs;
	struct enter_env env;
	struct enter_cgroups cgroups;
	struct label label;
	struct host_tools tools;
	struct exec_guard guard;
	struct enter_like_parts like;
	struct run run;
	struct enter_ids ids;
	struct arch_arg arch;
	struct relay_log log;
};

static void enter_init(struct enter *x, const struct enter_opts *o)
{
	*x = (struct enter){ .o = o, .dirs = ENTER_DIRS_NONE, .log.fd = -EBADF };
	enter_whom_init(&x->whom);
	host_tools_init(&x->tools);
}

static void enter_done(struct enter *x)
{
	cleanup_fd(&x->log.fd);
	free(x->ids.groups);
	host_tools_done(&x->tools);
	label_done(&x->label);
	enter_cgroups_done(&x->cgroups);
	enter_env_done(&x->env);
	enter_dirs_done(&x->dirs);
	enter_whom_done(&x->whom);
}

static int forgive(const struct enter *x, int r, struct err *e)
{
	return enter_like_forgive(x->o, r, e);
}

/* With --like, and for nsenter, a label that no process of this kernel has is none to take over. */
static int open_label(struct enter *x, struct err *e)
{
	const struct enter_opts *o = x->o;
	int r;

	if (o->context && o->follow_context)
		return err_say(e, -EINVAL, "-Z and --context are two labels: only one can be had");
	if (o->context)
		return label_choose(&x->label, x->whom.resolver.proc, o->context, e);
	if (!o->follow_context && !o->like)
		return 0;
	if (!x->whom.target.pid)
		return err_say(e, -EINVAL, "a label has only a target that is a process");
	r = label_read(&x->label, &x->whom.target, e);
	if (r != -EOPNOTSUPP || (o->follow_context && !o->compat))
		return r;
	err_done(e);
	return 0;
}

static int guard_init(struct enter *x, struct err *e)
{
	int r = exec_guard_init(&x->guard, x->whom.resolver.proc);

	x->guard.speaker = x->o->compat ? "nsenter" : "nstool: enter";
	x->guard.compat = x->o->compat;
	return r < 0 ? err_set(e, r, "cannot look at /proc/self/exe") : 0;
}

/* What cannot be had together, before anything is looked at. */
static int check_options(const struct enter_opts *o, struct err *e)
{
	const char *without = o->detach ? "detach" : o->no_fork ? "no-fork" : "no-pty";

	if (o->host_tools && o->root)
		return err_say(e, -EINVAL,
			       "--host-tools makes a root of its own: no -r goes with it");
	if (o->wd && o->wdns)
		return err_say(e, -EINVAL,
			       "-w and -W are two working directories: only one can be had");
	if ((o->pty || o->pty_log) && (o->detach || o->no_fork || o->no_pty))
		return err_say(e, -EINVAL,
			       "%s needs somebody who passes on what is typed and shown, "
			       "with --%s there is nobody",
			       o->pty ? "--pty" : "--pty-log", without);
	return 0;
}

/* The caller's own file, for the caller's eyes. */
static int open_log(struct enter *x, struct err *e)
{
	auto_free char *q = NULL;

	if (!x->o->pty_log)
		return 0;
	if (!x->o->pty && !relay_has_terminal()) {
		err_say(e, -ENOTTY, "there is no terminal whose output --pty-log could write");
		err_hint(e, "--pty gives the command one");
		return -ENOTTY;
	}
	q = quoted(x->o->pty_log);
	x->log.name = x->o->pty_log;
	x->log.fd = open(x->log.name, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0600);
	return x->log.fd < 0 ? err_set(e, -errno, "cannot open %s", q) : 0;
}

/* Everything that is looked up on this side, before anything changes. */
static int open_all(struct enter *x, struct err *e)
{
	int r;

	r = check_options(x->o, e);
	if (r == 0)
		r = enter_whom_resolve(&x->whom, x->o, e);
	if (r == 0)
		r = join_open(&x->whom.join, e);
	if (r == 0 && x->whom.join.plan.types & 1U << NS_PID)
		r = set_check_enterable(x->whom.join.from[NS_PID], e);
	if (r == 0 && x->o->like)
		r = enter_like_read(&x->like, &x->whom.target, e);
	if (r == 0)
		r = forgive(x, enter_dirs_open(&x->dirs, x->o, &x->whom.target, e), e);
	if (r == 0)
		r = forgive(x, enter_cgroups_open(&x->cgroups, x->o, &x->whom.target, e), e);
	if (r == 0)
		r = forgive(x, open_label(x, e), e);
	if (r == 0)
		r = forgive(x, enter_arch_read(&x->arch, x->o, &x->whom.target, e), e);
	if (r == 0 && x->o->host_tools)
		r = host_tools_open(&x->tools, e);
	if (r == 0)
		r = open_log(x, e);
	if (r == 0)
		r = guard_init(x, e);
	return r < 0 ? r : forgive(x, enter_env_make(&x->env, x->o, &x->whom.target, e), e);
}

/*
 * From here on the target can see this process: nothing of it may be read, and messages must
 * not be looked up in the target's message catalogs.
 */
static int join_target(void *data, struct err *e)
{
	struct enter *x = data;
	int r = x->o->like ? enter_like_before(&x->like, x->o, x->whom.resolver.proc, e) : 0;

	if (r < 0)
		return r;
	if (x->whom.join.plan.types & CROSSING)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setlocale(LC_ALL, "C");
	return join_act(&x->whom.join, e);
}

/* The name by which the network namespace was called, if its files of /etc are wanted. */
static const char *netns_name(const struct enter *x)
{
	const struct enter_opts *o = x->o;
	const struct ref *ref = o->sources.ref[NS_NET].text ? &o->sources.ref[NS_NET] : &o->target;
	bool wanted =
		!o->no_etc && !o->compat && !o->root && x->whom.join.plan.types & 1U << NS_NET;

	if (!wanted || x->whom.join.plan.types & 1U << NS_MNT || !ref->text)
		return NULL;
	return ref->kind == REF_NETNS ? ref->name : NULL;
}

/* Without a mount namespace to join the tools are the caller's anyhow. */
static bool uses_host_tools(const struct enter *x)
{
	return x->o->host_tools && x->whom.join.plan.types & 1U << NS_MNT;
}

/* Where a root is left as it is, the working directory must not be one outside of it. */
static int change_dirs(const struct enter *x, struct err *e)
{
	int r = enter_dirs_change(&x->dirs, e);

	return r < 0 && chdir("/") == 0 ? forgive(x, r, e) : r;
}

/* The target's own working directory is one of its mounts, of which the tools are put into a copy. */
static int bring_tools(struct enter *x, struct err *e)
{
	int r = 0;

	if (!uses_host_tools(x))
		return 0;
	if (x->o->wd && !*x->o->wd)
		r = enter_dirs_name_wd(&x->dirs, x->whom.resolver.proc, e);
	return r < 0 ? r : host_tools_enter(&x->tools, e);
}

/* What a name brings along can be left behind, what was asked for cannot. */
static int bring_named(const char *name, struct err *e)
{
	int r = fresh_mounts(e);

	if (r == 0)
		r = netetc_apply(NETETC_DIR, name, e);
	if (r == 0)
		r = fresh_sys(e);
	if (r < 0)
		err_hint(e, "--no-etc leaves /etc and /sys as they are");
	return r;
}

/* Copies of the mounts are made last, for what a process stands on is carried over to them. */
static int change_files(struct enter *x, struct err *e)
{
	const char *name = netns_name(x);
	bool sys = x->o->mount_sys && !name, proc = x->o->mount_proc;
	int r = bring_tools(x, e);

	if (r == 0)
		r = change_dirs(x, e);
	if (r == 0 && name)
		r = bring_named(name, e);
	else if (r == 0 && (sys || proc))
		r = fresh_mounts(e);
	if (r == 0 && sys)
		r = fresh_sys(e);
	return r == 0 && proc ? fresh_proc(e) : r;
}

static int prepare(void *data, struct err *e)
{
	struct enter *x = data;
	int r = enter_cgroups_join(&x->cgroups, x->o, e);

	if (r == 0 && x->label.text)
		r = forgive(x, label_take(&x->label, x->whom.resolver.proc, e), e);
	if (r == 0)
		r = change_files(x, e);
	if (r == 0)
		r = enter_arch_take(&x->arch, e);
	if (r == 0)
		r = enter_creds_look_up(x->o, &x->whom.target, &x->run.creds, &x->ids, e);
	return r == 0 && x->o->like ? enter_like_after(&x->like, x->o, &x->ids, &x->run.creds, e)
				    : r;
}

static void explain(struct enter *x, int status, struct err *e)
{
	if (status == RUN_NOT_FOUND && x->o->root && *x->o->root)
		err_hint(e, "commands are looked for below the root directory of -r");
	else if (status == RUN_NOT_FOUND && x->whom.join.plan.types & 1U << NS_MNT)
		err_hint(e, "commands are looked for in the mount namespace of the target; "
			    "--host-tools brings the caller's");
}

/* Who is put into another's world must not be able to type into the caller's terminal. */
static bool wants_pty(const struct enter *x)
{
	const struct enter_opts *o = x->o;

	if (o->pty || o->pty_log)
		return true;
	return !o->no_pty && !o->compat && !o->detach && !o->no_fork &&
	       x->whom.join.plan.types & CROSSING && relay_has_terminal();
}

/* Among the caller's own files no trap is laid. */
static bool files_are_anothers(const struct enter *x)
{
	return x->whom.join.plan.types & 1U << NS_MNT || x->o->root;
}

static int run_on_terminal(struct enter *x, struct err *e)
{
	return relay_command(&x->run, x->o->pty, x->log.fd < 0 ? NULL : &x->log, e);
}

static int run_in(struct enter *x, char **argv, struct err *e)
{
	int status;

	enter_creds_choose(x->o, x->whom.join.plan.types, &x->run.creds);
	x->run.argv = argv;
	x->run.env = x->env.vars.v;
	x->run.detach = x->run.new_session = x->o->detach;
	x->run.tie = x->o->tied ? SIGKILL : 0;
	x->run.fork = x->o->detach || (x->whom.join.plan.types & 1U << NS_PID && !x->o->no_fork);
	x->run.close_fds = !x->o->compat;
	x->run.login_shell = x->o->compat;
	x->run.guard = files_are_anothers(x) ? &x->guard : NULL;
	x->run.keep_fds = x->o->keep_fds.v;
	x->run.nkeep_fds = x->o->keep_fds.n;
	x->run.new_keyring = x->whom.join.plan.types && !x->o->compat;
	x->run.enter = join_target;
	x->run.prepare = prepare;
	x->run.data = x;
	status = wants_pty(x) ? run_on_terminal(x, e) : run_command(&x->run, e);
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
	vec_done(&o->set_env);
	vec_done(&o->targets.more);
}
