/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "../base/child.h"
#include "../base/errpipe.h"
#include "../base/fd.h"
#include "../sys/fds.h"
#include "../sys/keyring.h"
#include "exec.h"
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

static int compare_fds(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* Marking is enough, the exec closes: what this process still needs stays open until then. */
static int close_others(const struct run *run, struct err *e)
{
	unsigned first = STDERR_FILENO + 1;
	auto_free int *keep = xcalloc(run->nkeep_fds, sizeof(int));
	int r;

	if (run->nkeep_fds)
		memcpy(keep, run->keep_fds, run->nkeep_fds * sizeof(int));
	qsort(keep, run->nkeep_fds, sizeof(int), compare_fds);
	for (size_t i = 0; i < run->nkeep_fds; i++) {
		r = fd_keep(keep[i]);
		if (r < 0)
			return err_set(e, r, "cannot keep descriptor %d open", keep[i]);
		if ((unsigned)keep[i] < first)
			continue;
		if ((unsigned)keep[i] > first)
			fds_set_cloexec(first, (unsigned)keep[i] - 1);
		first = (unsigned)keep[i] + 1;
	}
	r = fds_set_cloexec(first, ~0U);
	return r < 0 ? err_set(e, r, "cannot close the other descriptors") : 0;
}

/* A key that the caller's session holds must not be the command's. Old and filtered kernels
 * that have no keyrings have no keys to give away either. */
static int leave_keyring(struct err *e)
{
	int r = keyring_join_new();

	if (r < 0 && r != -ENOSYS && r != -EPERM)
		return err_set(e, r, "cannot make a session keyring");
	return 0;
}

/* Becomes the command in all but its program. */
static int become(const struct run *run, struct err *e)
{
	int r = run->prepare ? run->prepare(run->data, e) : 0;

	if (r == 0 && run->new_session && setsid() < 0 && errno != EPERM)
		r = err_set(e, -errno, "cannot make a session");
	if (r == 0 && run->new_keyring)
		r = leave_keyring(e);
	if (r == 0)
		r = creds_apply(&run->creds, e);
	if (r == 0 && run->close_fds)
		r = close_others(run, e);
	return r;
}

/*
 * If the parent is killed so is the command. That is asked for after the credentials have
 * changed, for such a change undoes it; a parent that died before shows by its end of the pipe
 * (its pid would not: in another pid namespace it is always 0).
 */
static int tie_to_parent(int pipe_fd, struct err *e)
{
	struct pollfd end = { .fd = pipe_fd };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot tie the command to its parent");
	if (poll(&end, 1, 0) == 1 && end.revents & POLLERR)
		kill(getpid(), SIGKILL);
	return 0;
}

static int run_exec(const struct run *run, struct err *e)
{
	return exec_command(run->argv, run->env, run->login_shell, e);
}

static _Noreturn void child_main(const struct run *run, const struct held_signals *held,
				 int pipe_fd)
{
	struct err e = { 0 };
	int status = RUN_FAILED;
	int r = become(run, &e);

	if (r == 0 && !run->detach)
		r = tie_to_parent(pipe_fd, &e);
	if (r == 0) {
		signals_release(held);
		status = run_exec(run, &e);
	}
	errpipe_write(pipe_fd, status, &e);
	quick_exit_child(status);
}

/* What the child could not do is told here as if it had happened here. */
static int child_failure(int pipe_fd, int status, struct err *e)
{
	int told;
	int r = errpipe_read(pipe_fd, &told, e);

	if (r < 0)
		return err_set(e, r, "cannot read what the child has to say");
	if (r == 0)
		return status;
	return told == RUN_FAILED ? e->code : told;
}

static int run_child(const struct run *run, const struct held_signals *held, struct err *e)
{
	int ends[2];
	pid_t child;
	int status = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int from_child = ends[0];
	auto_close int to_parent = ends[1];

	child = fork();
	if (child < 0)
		return err_set(e, -errno, "cannot fork");
	if (child == 0) {
		cleanup_fd(&from_child);
		child_main(run, held, to_parent);
	}
	cleanup_fd(&to_parent);
	if (!run->detach)
		status = supervise(child, e);
	return status < 0 ? status : child_failure(from_child, status, e);
}

int run_command(const struct run *run, struct err *e)
{
	struct held_signals held;
	int r = run->enter ? run->enter(run->data, e) : 0;

	if (r < 0)
		return r;
	if (!run->fork) {
		r = become(run, e);
		return r < 0 ? r : run_exec(run, e);
	}
	signals_hold(&held);
	r = run_child(run, &held, e);
	signals_release(&held);
	return r;
}
