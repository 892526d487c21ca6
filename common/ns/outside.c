/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outside.h"

#include "../base/child.h"
#include "../base/errpipe.h"
#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether the parent has sent a number; false: it has gone or given up. */
static bool hear_number(int fd, int *number)
{
	ssize_t n;

	do
		n = read(fd, number, sizeof(*number));
	while (n < 0 && errno == EINTR);
	return n == sizeof(*number);
}

static _Noreturn void outside_main(const struct outside_job *job, int ask, int answer)
{
	void (*settle)(void *data);
	struct err e = { 0 };
	sigset_t all;
	int number, r;

	/* A key on the terminal is for the parent: its end is ours, and then there is work left. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGCHLD, SIG_DFL);
	if (!hear_number(ask, &number))
		quick_exit_child(0);
	settle = job->undo;
	r = job->act(job->data, number, &e);
	errpipe_write(answer, r < 0, &e);
	close(answer);
	if (hear_number(ask, &number))
		settle = job->last;
	if (r == 0 && settle)
		settle(job->data);
	quick_exit_child(0);
}

int outside_start(struct outside *o, const struct outside_job *job, struct err *e)
{
	int ask[2], answer[2];

	if (pipe2(ask, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int hear = ask[0];
	auto_close int say = ask[1];

	if (pipe2(answer, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int told = answer[0];
	auto_close int tell = answer[1];

	o->pid = fork();
	if (o->pid < 0) {
		o->pid = 0;
		return err_set(e, -errno, "cannot fork");
	}
	if (o->pid == 0) {
		cleanup_fd(&say);
		cleanup_fd(&told);
		outside_main(job, hear, tell);
	}
	o->ask = take_fd(&say);
	o->answer = take_fd(&told);
	return 0;
}

/* What nobody hears must not kill us: the helper's death shows in its answer. */
static bool send_number(int fd, int number)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int r;

	sigaction(SIGPIPE, &ignore, &old);
	r = fd_write_all(fd, &number, sizeof(number));
	sigaction(SIGPIPE, &old, NULL);
	return r == 0;
}

/* It always answers, also that all went well: silence means that it has died. */
int outside_ask(struct outside *o, int number, struct err *e)
{
	auto_err struct err answer = { 0 };
	int failed;

	if (!send_number(o->ask, number) || errpipe_read(o->answer, &failed, &answer) <= 0)
		return err_say(e, -ECHILD, "the helper process has died");
	if (!failed)
		return 0;
	if (e) {
		err_done(e);
		*e = answer;
		answer = (struct err){ 0 };
	}
	return e ? e->code : -ECHILD;
}

void outside_end(struct outside *o, bool keep)
{
	int saved = errno;

	if (!o->pid)
		return;
	if (keep)
		send_number(o->ask, 0);
	cleanup_fd(&o->ask);
	cleanup_fd(&o->answer);
	while (waitpid(o->pid, NULL, 0) < 0 && errno == EINTR)
		;
	o->pid = 0;
	errno = saved;
}

void outside_forget(struct outside *o)
{
	if (!o->pid)
		return;
	cleanup_fd(&o->ask);
	cleanup_fd(&o->answer);
	o->pid = 0;
}
