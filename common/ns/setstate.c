/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setstate.h"

#include "../base/child.h"
#include "../base/fd.h"
#include "../sys/compat.h"
#include "../sys/pidfd.h"

#include <errno.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const set_state_names[] = {
	[SET_ALIVE] = "alive",
	[SET_EMPTY] = "empty",
	[SET_DEAD] = "dead",
	[SET_STALE] = "stale",
};

enum { CAN_FORK, CANNOT_FORK, CANNOT_TELL };

static _Noreturn void try_fork(int ns)
{
	pid_t pid;

	if (setns(ns, CLONE_NEWPID) < 0)
		quick_exit_child(CANNOT_TELL);
	pid = fork();
	if (pid == 0)
		quick_exit_child(0);
	if (pid < 0)
		quick_exit_child(errno == ENOMEM ? CANNOT_FORK : CANNOT_TELL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	quick_exit_child(CAN_FORK);
}

/* What setns(2) and fork(2) answer is the truth on every kernel, to who may do the first. */
static bool fork_fails(int ns)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		try_fork(ns);
	if (child < 0)
		return false;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == CANNOT_FORK;
}

bool pidns_is_dead(int ns)
{
	int init = ioctl(ns, NS_GET_TGID_FROM_PIDNS, 1);
	auto_close int pidfd = init > 0 ? pidfd_of(init) : -EBADF;

	/* One that nobody buries is there, and is dead. */
	return pidfd >= 0 ? !pidfd_alive(pidfd) : fork_fails(ns);
}

static bool is_member(const struct nsset *set, const struct graph *g, const struct proc *p,
		      unsigned types)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		const struct ns *ns = p->ns[t] == GRAPH_NONE ? NULL : &g->ns.v[p->ns[t]];

		/* What is gone, and has nothing but an inode, may be another's by now. */
		if (set->missing & 1U << t && !set->info.ns[t].id)
			continue;
		if (types & 1U << t && ns && setinfo_has(&set->info, t, ns->ino, ns->id))
			return true;
	}
	return false;
}

static bool is_own(const struct nsset *set, pid_t pid)
{
	return (set->init >= 0 && pid == set->info.init.pid) ||
	       (set->info.holder.pid && !set->held && pid == set->info.holder.pid);
}

void set_members(const struct nsset *set, const struct graph *g, unsigned types,
		 struct set_pids *ret)
{
	for (size_t i = 0; i < g->procs.n; i++) {
		const struct proc *p = &g->procs.v[i];

		if (is_member(set, g, p, types) && !is_own(set, p->pid))
			vec_push(&ret->pids, p->pid);
	}
}

void set_pids_done(struct set_pids *p)
{
	vec_done(&p->pids);
}

enum set_state set_state(const struct nsset *set, size_t nmembers)
{
	if (set->missing)
		return SET_STALE;
	if (set->ns[NS_PID] >= 0 && pidns_is_dead(set->ns[NS_PID]))
		return SET_DEAD;
	return nmembers ? SET_ALIVE : SET_EMPTY;
}
