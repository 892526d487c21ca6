/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "init.h"

#include "../base/child.h"
#include "../base/fd.h"
#include "keeper.h"
#include "run.h"
#include "supervise.h"

#include <errno.h>
#include <sys/wait.h>

static void tell(int news, int word)
{
	fd_write_all(news, &word, sizeof(word));
}

/* What is left to do when the command has ended. */
struct end {
	int news;
	int (*stay)(void *data);
	void *data;
};

static _Noreturn void leave(const struct end *end, int status)
{
	tell(end->news, status);
	if (end->stay)
		quick_exit_child(end->stay(end->data));
	quick_exit_child(status < SUPERVISE_SIGNAL ? status : 128 + status - SUPERVISE_SIGNAL);
}

static void bury(pid_t command, const struct end *end)
{
	pid_t pid;
	int w;

	while ((pid = waitpid(-1, &w, WNOHANG | WUNTRACED)) > 0) {
		if (pid != command)
			continue;
		if (WIFSTOPPED(w))
			tell(end->news, NEWS_STOPPED);
		else
			leave(end,
			      WIFSIGNALED(w) ? SUPERVISE_SIGNAL + WTERMSIG(w) : WEXITSTATUS(w));
	}
	if (pid < 0 && errno != EINTR)
		leave(end, RUN_FAILED); /* who cannot wait must not stay for ever */
}

void init_main(pid_t command, int news, int (*stay)(void *data), void *data)
{
	const struct end end = { news, stay, data };
	sigset_t all;

	sigfillset(&all);
	if (stay) /* kept for then */
		sigdelset(&all, KEEPER_SIGNAL);
	for (;;) {
		siginfo_t si;

		if (sigwaitinfo(&all, &si) < 0)
			continue;
		if (si.si_signo == SIGCHLD)
			bury(command, &end);
		else
			supervise_forward(command, &si);
	}
}
