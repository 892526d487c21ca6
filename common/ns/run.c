/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "../base/child.h"
#include "../base/errpipe.h"
#include "../base/fd.h"
#include "../sys/fds.h"
#include "../sys/keyring.h"
#include "../sys/procfs.h"
#include "exec.h"
#include "init.h"
#include "supervise.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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

/* What parent and child share; each closes the other's ends. */
struct bonds {
	int failure[2]; /* a pipe: what the child could not do */
	int gate[2];	/* a socket pair: the child waits here until born() is through */
	int news[2];	/* a pipe: what an init tells */
};

#define PARENTS 0
#define CHILDS	1

static void bonds_close(struct bonds *b, int end)
{
	cleanup_fd(&b->failure[end]);
	cleanup_fd(&b->gate[end]);
	cleanup_fd(&b->news[end]);
}

static void bonds_done(struct bonds *b)
{
	bonds_close(b, PARENTS);
	bonds_close(b, CHILDS);
}

static int bonds_make(struct bonds *b, const struct run *run, struct err *e)
{
	if (pipe2(b->failure, O_CLOEXEC) < 0 || (run->init && pipe2(b->news, O_CLOEXEC) < 0))
		return err_set(e, -errno, "cannot make a pipe");
	if (run->born && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, b->gate) < 0)
		return err_set(e, -errno, "cannot make a socket");
	return 0;
}

static bool gate_wait(int fd)
{
	char c;
	ssize_t n;

	do
		n = read(fd, &c, 1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static bool gate_open(int fd)
{
	ssize_t n;

	do
		n = send(fd, "", 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

/*
 * If the parent is killed so is the command. That is asked for again after the credentials have
 * changed, for such a change undoes it; a parent that died before shows by its end of the pipe
 * (its pid would not: in another pid namespace it is always 0).
 */
static int tie_to_parent(int sig, int pipe_fd, struct err *e)
{
	struct pollfd end = { .fd = pipe_fd };

	if (prctl(PR_SET_PDEATHSIG, sig ? sig : SIGKILL, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot tie the command to its parent");
	if (poll(&end, 1, 0) == 1 && end.revents & POLLERR)
		quick_exit_child(
			RUN_FAILED); /* a first process of a pid namespace cannot be killed */
	return 0;
}

/* Without a fork the parent is our own, PARENT from the beginning. */
static int tie_to_caller(int sig, pid_t parent, struct err *e)
{
	if (sig <= 0)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, sig, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot tie the command to its parent");
	return getppid() == parent ? 0 : err_say(e, -ESRCH, "the parent has died");
}

static int run_exec(const struct run *run, struct err *e)
{
	return exec_command(run->argv, run->env, run->login_shell, run->guard, e);
}

/* Goes on as the command-to-be; what forked stays behind as its init. */
static int fork_from_init(const struct run *run, struct bonds *b, struct err *e)
{
	pid_t command = fork();

	if (command < 0)
		return err_set(e, -errno, "cannot fork");
	if (command == 0)
		return 0;
	fds_close_but(
		b->news[CHILDS]); /* who reads a pipe waits for the command, not for its init */
	init_main(command, b->news[CHILDS], run->stay, run->data);
}

/* What becomes it can wait for a file system that never answers, inside: a signal ends that. */
static bool is_command_alone(const struct run *run)
{
	return !run->init && !run->main && !run->born;
}

/* But not SIGTTOU, which is what taking over the terminal from its foreground raises. */
static void let_signals_in(const struct held_signals *held)
{
	sigset_t mask = held->mask;

	sigaddset(&mask, SIGTTOU);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static bool is_tied(const struct run *run)
{
	return !run->detach && run->tie != RUN_UNTIED;
}

static _Noreturn void child_main(const struct run *run, const struct held_signals *held,
				 struct bonds *b)
{
	struct err e = { 0 };
	int status = RUN_FAILED;
	int r = 0;

	bonds_close(b, PARENTS);
	if (is_command_alone(run))
		let_signals_in(held);
	if (is_tied(run))
		r = tie_to_parent(SIGKILL, b->failure[CHILDS], &e);
	if (r == 0)
		r = become(run, &e);
	if (r == 0 && is_tied(run))
		r = tie_to_parent(run->tie, b->failure[CHILDS], &e);
	if (r == 0 && run->born)
		if (!gate_open(b->gate[CHILDS]) || !gate_wait(b->gate[CHILDS])) /* it says why */
			quick_exit_child(run->orphaned ? run->orphaned(run->data) : RUN_FAILED);
	if (r == 0 && run->init)
		r = fork_from_init(run, b, &e);
	if (r == 0 && run->main)
		quick_exit_child(run->main(run->data));
	if (r == 0) {
		signals_release(held);
		status = run_exec(run, &e);
	}
	errpipe_write(b->failure[CHILDS], status, &e);
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
	if (told == RUN_FAILED)
		return e ? e->code : -EIO;
	return told;
}

static int fork_failed(int code, struct err *e)
{
	auto_close int proc = proc_open();

	err_set(e, code, "cannot fork");
	why_hint(e, proc, WHY_FORK, 0);
	return code;
}

/*
 * Meets the child at the gate and sees it through its exec. Returns 0 when the command runs,
 * a status or -errno with E set when it will not; then the child ends.
 */
static int see_off(const struct run *run, pid_t child, struct bonds *b, struct err *e)
{
	bool met = gate_wait(b->gate[PARENTS]);
	int r = met ? run->born(run->data, child, e) : 0;

	if (r < 0)
		return r;
	met = met && gate_open(b->gate[PARENTS]);
	cleanup_fd(&b->gate[PARENTS]);
	r = child_failure(b->failure[PARENTS], 0, e);
	if (r == 0 && !met)
		r = err_say(e, -ECHILD, "the process that was to become the command has died");
	if (r == 0 && run->runs)
		run->runs(run->data);
	return r;
}

static int be_parent(const struct run *run, pid_t child, struct bonds *b, struct err *e)
{
	struct ward ward = {
		.child = child,
		.has_news = run->init,
		.news = b->news[PARENTS],
		.stays = run->stay,
		.hold_keys = run->hold_keys,
	};
	int r = run->born ? see_off(run, child, b, e) : 0;
	int status = 0;

	cleanup_fd(&b->gate[PARENTS]);
	if (r < 0 && run->orphaned) { /* the child ends, or has reason to stay */
		child_failure(b->failure[PARENTS], 0, NULL);
		return r;
	}
	if (!run->detach || r) /* a child that failed is about to end */
		status = supervise(&ward, r ? NULL : e);
	if (r || status < 0)
		return r ? r : status;
	return run->born ? status : child_failure(b->failure[PARENTS], status, e);
}

static int run_child(const struct run *run, const struct held_signals *held, struct err *e)
{
	auto_call(bonds_done) struct bonds b = { { -EBADF, -EBADF },
						 { -EBADF, -EBADF },
						 { -EBADF, -EBADF } };
	int r = bonds_make(&b, run, e);
	pid_t child;

	if (r < 0)
		return r;
	child = fork();
	if (child < 0)
		return fork_failed(-errno, e);
	if (child == 0)
		child_main(run, held, &b);
	bonds_close(&b, CHILDS);
	return be_parent(run, child, &b, e);
}

/* Without a fork: what the parent would have done comes just before the exec. */
static int run_here(const struct run *run, pid_t parent, struct err *e)
{
	int r = become(run, e);

	if (r == 0)
		r = tie_to_caller(run->tie, parent, e);
	if (r == 0 && run->born)
		r = run->born(run->data, getpid(), e);
	if (r < 0)
		return r;
	if (run->runs)
		run->runs(run->data);
	return run_exec(run, e);
}

int run_command(const struct run *run, struct err *e)
{
	struct held_signals held;
	pid_t parent = getppid();
	int r = run->enter ? run->enter(run->data, e) : 0;

	if (r < 0)
		return r;
	if (!run->fork)
		return run_here(run, parent, e);
	signals_hold(&held);
	r = run_child(run, &held, e);
	signals_release(&held);
	return r;
}
