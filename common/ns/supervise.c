/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
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

void supervise_forward(pid_t child, const siginfo_t *si)
{
	if (came_from_terminal(si) && getpgid(child) == getpgrp())
		return;
	/* What Ctrl-Z has stopped is a whole group, if the command leads one. */
	if (si->si_signo == SIGCONT && getpgid(child) == child)
		kill(-child, SIGCONT);
	else if (si->si_code == SI_QUEUE)
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

/*
 * The first process of a pid namespace cannot be stopped, nor die of a signal of its own, so an
 * init tells how its command fares. Sets *TOLD to its status if that has ended.
 */
static void read_news(const struct ward *ward, int *told)
{
	int news;

	while (ward->has_news && read(ward->news, &news, sizeof(news)) == sizeof(news)) {
		if (news == NEWS_STOPPED)
			kill(getpid(), SIGSTOP);
		else
			*told = news;
	}
}

/* News raise SIGIO, which is held like any other signal. */
static void expect_news(const struct ward *ward)
{
	if (!ward->has_news)
		return;
	fcntl(ward->news, F_SETOWN, getpid());
	fcntl(ward->news, F_SETFL, O_ASYNC | O_NONBLOCK);
}

/* The last news, and no SIGIO that would be left to kill us. */
static void end_news(const struct ward *ward, int *told)
{
	static const struct timespec now = { 0 };
	sigset_t set;

	if (!ward->has_news)
		return;
	fcntl(ward->news, F_SETFL, O_NONBLOCK);
	read_news(ward, told);
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigtimedwait(&set, NULL, &now);
}

static bool is_dropped(const struct ward *ward, const siginfo_t *si)
{
	if (si->si_signo == SIGCHLD || (si->si_signo == SIGIO && ward->has_news))
		return si->si_code > 0;
	return ward->hold_keys && (si->si_signo == SIGINT || si->si_signo == SIGTERM);
}

int supervise(const struct ward *ward, struct err *e)
{
	sigset_t all;
	int status = 0, told = -1;

	sigfillset(&all);
	expect_news(ward);
	for (;;) {
		siginfo_t si;
		int r = 0;

		read_news(ward, &told);
		if (ward->stays && told >= 0) {
			end_news(ward, &told);
			return told;
		}
		if (sigwaitinfo(&all, &si) < 0) {
			if (errno == EINTR)
				continue;
			return err_set(e, -errno, "cannot wait for signals");
		}
		if (si.si_signo == SIGCHLD)
			r = look_after(ward->child, &status);
		if (r < 0)
			return err_set(e, r, "cannot wait for the command");
		if (r > 0) {
			end_news(ward, &told);
			return told >= 0 ? told : status;
		}
		if (!is_dropped(ward, &si))
			supervise_forward(ward->child, &si);
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
