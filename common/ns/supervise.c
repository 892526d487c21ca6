/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "supervise.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void signals_hold(struct held_signals *held)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &held->mask);
	sigaction(SIGCHLD, &dfl, &held->on_child);
}

void signals_release(const struct held_signals *held)
{
	sigaction(SIGCHLD, &held->on_child, NULL);
	sigprocmask(SIG_SETMASK, &held->mask, NULL);
}

/* A key pressed on the terminal reaches the whole foreground process group at once. */
static bool came_from_terminal(const siginfo_t *si)
{
	switch (si->si_signo) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH:
		return si->si_code == SI_KERNEL;
	}
	return false;
}

static void forward(pid_t child, const siginfo_t *si)
{
	if (came_from_terminal(si) && getpgid(child) == getpgrp())
		return;
	if (si->si_code == SI_QUEUE)
		sigqueue(child, si->si_signo, si->si_value);
	else
		kill(child, si->si_signo);
}

/*
 * Takes notice of what CHILD did. Returns 1 with *STATUS once it has ended, else 0. When it
 * stopped so do we; what continues us is a SIGCONT, held like any other signal and then forwarded.
 */
static int look_after(pid_t child, int *status)
{
	pid_t pid;
	int w;

	while ((pid = waitpid(child, &w, WNOHANG | WUNTRACED)) == child) {
		if (WIFSTOPPED(w)) {
			kill(getpid(), SIGSTOP);
			continue;
		}
		*status = WIFSIGNALED(w) ? SUPERVISE_SIGNAL + WTERMSIG(w) : WEXITSTATUS(w);
		return 1;
	}
	return pid < 0 ? -errno : 0;
}

int supervise(pid_t child, struct err *e)
{
	sigset_t all;
	int status = 0;

	sigfillset(&all);
	for (;;) {
		siginfo_t si;
		int r = 0;

		if (sigwaitinfo(&all, &si) < 0) {
			if (errno == EINTR)
				continue;
			return err_set(e, -errno, "cannot wait for signals");
		}
		if (si.si_signo == SIGCHLD)
			r = look_after(child, &status);
		if (r < 0)
			return err_set(e, r, "cannot wait for the command");
		if (r > 0)
			return status;
		if (si.si_signo != SIGCHLD || si.si_code <= 0)
			forward(child, &si);
	}
}

static void die_of(int sig)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	struct rlimit none = { 0, 0 };
	sigset_t set;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
	sigaction(sig, &dfl, NULL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), sig);
}

void supervise_leave(int status)
{
	if (status < SUPERVISE_SIGNAL)
		exit(status);
	die_of(status - SUPERVISE_SIGNAL);
	exit(128 + status - SUPERVISE_SIGNAL); /* the first process of a pid namespace survives */
}
