/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay.h"

#include "../base/child.h"
#include "../base/errpipe.h"
#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/pty.h"
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define DRAIN_MS 500 /* how long output may still come after the command's end */

/* The side inside: becomes the session's leader and the command's parent. */
struct monitor {
	const struct run *run;
	bool all;
	int to_relay; /* a socket: the master goes there */
	int failure;  /* a pipe: what could not be done */
	int tty;      /* one of the descriptors that became the slave */
};

/* The side outside. */
struct relay {
	int master;
	int in, out;  /* the caller's; -EBADF: none */
	int log;      /* -EBADF: none, or none any more */
	int log_code; /* why it is none any more */
	int signals;
	pid_t monitor;
	struct termios saved;
	bool raw, eof;
	char typed[1024]; /* what the command has not yet taken */
	size_t ntyped;
};

bool relay_has_terminal(void)
{
	return isatty(STDIN_FILENO) || isatty(STDOUT_FILENO) || isatty(STDERR_FILENO);
}

/* The target's own devpts gives the terminal a name there; without one the caller's serves. */
static int monitor_terminal(struct monitor *m, struct err *e)
{
	auto_close int master = -EBADF, slave = -EBADF;
	int r = pty_open(&master, &slave);

	if (r < 0) {
		err_set(e, r, "cannot open a terminal in /dev/ptmx");
		err_hint(e, "--no-pty runs the command on the caller's terminal");
		return r;
	}
	r = pty_take(slave);
	if (r == 0)
		r = fd_send(m->to_relay, master);
	if (r < 0)
		return err_set(e, r, "cannot take a terminal");
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (m->all || isatty(fd)) {
			dup2(slave, fd);
			m->tty = fd;
		}
	return 0;
}

/* The tie comes after joining: a change of the user namespace undoes it. */
static int monitor_enter(void *data, struct err *e)
{
	struct monitor *m = data;
	struct pollfd end = { .fd = m->failure };
	int r = m->run->enter ? m->run->enter(m->run->data, e) : 0;

	if (r < 0)
		return r;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (poll(&end, 1, 0) == 1 && end.revents & POLLERR)
		quick_exit_child(RUN_FAILED);
	return monitor_terminal(m, e);
}

static int monitor_prepare(void *data, struct err *e)
{
	struct monitor *m = data;
	int r = pty_lead(m->tty);

	if (r < 0)
		return err_set(e, r, "cannot bring the command to the foreground");
	return m->run->prepare ? m->run->prepare(m->run->data, e) : 0;
}

static int monitor_born(void *data, pid_t child, struct err *e)
{
	const struct monitor *m = data;

	return m->run->born(m->run->data, child, e);
}

static void monitor_runs(void *data)
{
	const struct monitor *m = data;

	m->run->runs(m->run->data);
}

static int monitor_command(void *data)
{
	const struct monitor *m = data;

	return m->run->main(m->run->data);
}

static int monitor_stay(void *data)
{
	const struct monitor *m = data;

	return m->run->stay(m->run->data);
}

static _Noreturn void monitor_main(struct monitor *m, const struct held_signals *held)
{
	struct err e = { 0 };
	struct run run = *m->run;
	int status;

	run.fork = true;
	run.enter = monitor_enter;
	run.prepare = monitor_prepare;
	run.born = run.born ? monitor_born : NULL;
	run.runs = run.runs ? monitor_runs : NULL;
	run.main = run.main ? monitor_command : NULL;
	run.stay = run.stay ? monitor_stay : NULL;
	run.data = m;
	signals_release(held); /* for the command; run_command() holds its own */
	status = run_command(&run, &e);
	if (e.text)
		errpipe_write(m->failure, status < 0 ? RUN_FAILED : status, &e);
	supervise_leave(status < 0 ? RUN_FAILED : status);
}

static void set_raw(struct relay *r)
{
	if (r->raw || r->in < 0 || !isatty(r->in) || !tty_is_foreground(r->in))
		return;
	r->raw = tty_set_raw(r->in, &r->saved) == 0;
}

static void unset_raw(struct relay *r)
{
	if (r->raw)
		tty_restore(r->in, &r->saved);
	r->raw = false;
}

static void copy_size(const struct relay *r)
{
	if (r->in >= 0 && tty_copy_size(r->in, r->master) == 0)
		return;
	if (r->out >= 0)
		tty_copy_size(r->out, r->master);
}

static void stop_like_monitor(struct relay *r)
{
	unset_raw(r);
	kill(getpid(), SIGSTOP);
	set_raw(r);
	copy_size(r);
}

/* Returns 1 with *STATUS once the monitor has ended, else 0. */
static int look_after(struct relay *r, int *status)
{
	pid_t pid;
	int w;

	while ((pid = waitpid(r->monitor, &w, WNOHANG | WUNTRACED)) == r->monitor) {
		if (WIFSTOPPED(w)) {
			stop_like_monitor(r);
			continue;
		}
		*status = WIFSIGNALED(w) ? SUPERVISE_SIGNAL + WTERMSIG(w) : WEXITSTATUS(w);
		return 1;
	}
	return pid < 0 ? -errno : 0;
}

static int take_signals(struct relay *r, int *status)
{
	static const struct timespec now = { 0 };
	sigset_t all;
	siginfo_t si;
	int done = 0;

	sigfillset(&all);
	while (!done && sigtimedwait(&all, &si, &now) > 0) {
		if (si.si_signo == SIGCHLD)
			done = look_after(r, status);
		else if (si.si_signo == SIGWINCH)
			copy_size(r);
		else
			supervise_forward(r->monitor, &si);
	}
	return done;
}

/* Passes on what the command has written. Returns false when there will be no more. */
static bool pass_output(struct relay *r)
{
	char bytes[4096];
	ssize_t n = read(r->master, bytes, sizeof(bytes));

	if (n > 0 && r->out >= 0)
		fd_write_all(r->out, bytes, (size_t)n);
	if (n > 0 && r->log >= 0)
		r->log_code = fd_write_all(r->log, bytes, (size_t)n);
	if (r->log_code < 0)
		r->log = -EBADF;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* The end of an input that is no terminal is what Ctrl-D is on one. */
static void take_input(struct relay *r)
{
	ssize_t n = read(r->in, r->typed, sizeof(r->typed));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		r->eof = true;
		r->typed[0] = 'D' & 0x1f;
		n = isatty(r->in) ? 0 : 1;
	}
	r->ntyped = (size_t)n;
}

static void pass_input(struct relay *r)
{
	ssize_t n = write(r->master, r->typed, r->ntyped);

	if (n <= 0)
		return;
	r->ntyped -= (size_t)n;
	/* With memmove(3) each start of the program would bind __memmove_chk(), a page more. */
	for (size_t i = 0; i < r->ntyped; i++)
		r->typed[i] = r->typed[n + i];
}

static bool wants_input(const struct relay *r)
{
	return r->in >= 0 && !r->eof && !r->ntyped && (!isatty(r->in) || tty_is_foreground(r->in));
}

static void drain(struct relay *r)
{
	struct pollfd p = { .fd = r->master, .events = POLLIN };

	while (poll(&p, 1, DRAIN_MS) > 0 && pass_output(r))
		;
}

static int relay_loop(struct relay *r)
{
	bool open = true;
	int status = 0;

	for (;;) {
		struct pollfd p[] = {
			{ .fd = r->signals, .events = POLLIN },
			{ .fd = open ? r->master : -1,
			  .events = (short)(POLLIN | (r->ntyped ? POLLOUT : 0)) },
			{ .fd = wants_input(r) ? r->in : -1, .events = POLLIN },
		};
		int done;

		set_raw(r);
		if (poll(p, ARRAY_LEN(p), -1) < 0)
			continue;
		if (p[1].revents & (POLLIN | POLLHUP | POLLERR))
			open = pass_output(r);
		if (p[2].revents)
			take_input(r);
		if (r->ntyped && open)
			pass_input(r);
		done = p[0].revents ? take_signals(r, &status) : 0;
		if (done)
			return done < 0 ? done : status;
	}
}

/* The caller's side of what the command has on its terminal. */
static void choose_ends(struct relay *r, bool all)
{
	r->in = all || isatty(STDIN_FILENO) ? STDIN_FILENO : -EBADF;
	r->out = STDOUT_FILENO;
	if (!all && !isatty(STDOUT_FILENO))
		r->out = isatty(STDERR_FILENO) ? STDERR_FILENO : STDIN_FILENO;
}

static int relay_main(pid_t monitor, int from_monitor, bool all, int log, int *log_code)
{
	auto_close int master = fd_receive(from_monitor);
	struct relay r = { .master = master, .monitor = monitor, .log = log };
	sigset_t set;
	int status;

	sigfillset(&set);
	r.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	choose_ends(&r, all);
	if (master >= 0) {
		fcntl(master, F_SETFL, O_NONBLOCK);
		copy_size(&r);
	}
	if (master < 0) { /* the monitor could not, and is ending */
		r.in = -EBADF;
		r.eof = true;
	}
	status = relay_loop(&r);
	if (master >= 0)
		drain(&r);
	unset_raw(&r);
	cleanup_fd(&r.signals);
	*log_code = r.log_code;
	return status;
}

static void tell_of_log(const struct relay_log *log, int code, struct err *e)
{
	auto_free char *q = quoted(log->name);

	err_set(e, code, "cannot write to %s, where the rest is missing", q);
}

static int with_monitor(struct monitor *m, const struct held_signals *held, int from_monitor,
			int failure, const struct relay_log *log, struct err *e)
{
	int told, status, r, log_code = 0;
	pid_t pid = fork();

	if (pid < 0)
		return err_set(e, -errno, "cannot fork");
	if (pid == 0) {
		close(from_monitor);
		close(failure);
		if (log)
			close(log->fd);
		monitor_main(m, held);
	}
	cleanup_fd(&m->to_relay);
	cleanup_fd(&m->failure);
	status = relay_main(pid, from_monitor, m->all, log ? log->fd : -EBADF, &log_code);
	if (status < 0)
		return err_set(e, status, "cannot wait for the command");
	r = errpipe_read(failure, &told, e);
	if (r < 0)
		return err_set(e, r, "cannot read what the child has to say");
	if (r == 0) {
		if (log && log_code < 0)
			tell_of_log(log, log_code, e);
		return status;
	}
	return told == RUN_FAILED ? e->code : told;
}

int relay_command(const struct run *run, bool all, const struct relay_log *log, struct err *e)
{
	struct monitor m = { .run = run, .all = all };
	struct held_signals held;
	int sockets[2], pipes[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return err_set(e, -errno, "cannot make a socket");
	auto_close int from_monitor = sockets[0];
	m.to_relay = sockets[1];
	if (pipe2(pipes, O_CLOEXEC) < 0) {
		cleanup_fd(&m.to_relay);
		return err_set(e, -errno, "cannot make a pipe");
	}
	auto_close int failure = pipes[0];
	m.failure = pipes[1];
	signals_hold(&held);
	r = with_monitor(&m, &held, from_monitor, failure, log, e);
	signals_release(&held);
	cleanup_fd(&m.to_relay);
	cleanup_fd(&m.failure);
	return r;
}
