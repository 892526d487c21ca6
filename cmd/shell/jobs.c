/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs.h"

#include "../../common/base/child.h"
#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "../../common/cli/dispatch.h"
#include "../../common/cli/pager.h"
#include "../../common/ns/exec.h"
#include "../../common/ns/supervise.h"
#include "../../common/out/flush.h"
#include "../../common/out/table.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a shell at a terminal does not heed and its children do. */
static const int key_signals[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

static void default_signals(void)
{
	sigset_t none;

	for (size_t i = 0; i < ARRAY_LEN(key_signals); i++)
		signal(key_signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* SIGTTOU must be ignored or blocked by the caller: it may not be in the foreground. */
static void give_terminal(const struct shell *sh, pid_t group)
{
	if (sh->interactive)
		tcsetpgrp(STDIN_FILENO, group);
}

void jobs_init(struct shell *sh)
{
	if (!sh->interactive)
		return;
	while (tcgetpgrp(STDIN_FILENO) != getpgrp())
		kill(0, SIGTTIN); /* started in the background: wait for our turn */
	for (size_t i = 0; i < ARRAY_LEN(key_signals); i++)
		signal(key_signals[i], SIG_IGN);
	sh->caller_group = getpgrp();
	setpgid(0, 0);
	give_terminal(sh, getpgrp());
}

/* Behind a pipe no command sees how wide the terminal is, and that it has colours. */
static void tell_terminal(struct shell *sh)
{
	bool color = shell_wants_color(sh, stdout);
	struct winsize size;
	char columns[16];

	sh->settings.color = color ? WISH_ON : WISH_OFF;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return;
	snprintf(columns, sizeof(columns), "%u", size.ws_col);
	setenv(TABLE_PAGED, columns, 1);
}

/* What `set color` says holds for applets, too, which know only of the environment. */
static void tell_color(const struct shell *sh)
{
	switch (sh->settings.color) {
	case WISH_ON:
		unsetenv("NO_COLOR");
		setenv("CLICOLOR_FORCE", "1", 1);
		break;
	case WISH_OFF:
		setenv("NO_COLOR", "1", 1);
		break;
	case WISH_AUTO:
		break;
	}
}

static _Noreturn void run_ours(struct shell *sh, const struct part *part)
{
	auto_err struct err e = { 0 };
	int status;

	sh->ctx.out = stdout;
	if (part->applet->where == APPLET_ANYWHERE)
		tell_color(sh);
	status = dispatch_applet(&sh->ctx, part->applet, part->argv[0], part->argc, part->argv);
	if (out_flush(stdout, &e) < 0) {
		fprintf(stderr, "%s%s: %s\n", sh->ctx.speaker, part->argv[0], e.text);
		status = status ? status : 1;
	}
	if (status >= SUPERVISE_SIGNAL)
		supervise_leave(status);
	quick_exit_child(status);
}

static _Noreturn void run_part(struct shell *sh, const struct part *part)
{
	auto_err struct err e = { 0 };
	int status;

	if (part->applet)
		run_ours(sh, part);
	if (!part->argv)
		pager_run();
	status = exec_command(part->argv, NULL, false, NULL, &e);
	fprintf(stderr, "%s%s\n", sh->ctx.speaker, e.text);
	quick_exit_child(status);
}

/* What a part reads and writes; next is the end of its own pipe that the part after it reads. */
struct ends {
	int in, out, next;
};

/* In a child: becomes the part. Whoever writes a pipe must not hold the end that is read. */
static _Noreturn void become(struct shell *sh, struct job *job, const struct part *part,
			     struct ends ends)
{
	cleanup_fd(&ends.next);
	if (sh->interactive) {
		setpgid(0, job->group);
		if (!job->group)
			give_terminal(sh, getpid());
	}
	if (ends.in >= 0)
		dup2(ends.in, STDIN_FILENO);
	if (part->paged)
		tell_terminal(sh);
	if (ends.out != STDOUT_FILENO)
		dup2(ends.out, STDOUT_FILENO);
	default_signals();
	sh->interactive = false;
	run_part(sh, part);
}

/* Starts a part. Returns 0 or -errno. */
static int start(struct shell *sh, struct job *job, const struct part *part, struct ends ends)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		become(sh, job, part, ends);
	if (!job->group)
		job->group = pid;
	if (sh->interactive)
		setpgid(pid, job->group); /* both do it: whoever comes first */
	vec_push(&job->pids, pid);
	vec_push(&job->results, 0);
	return 0;
}

static int start_all(struct shell *sh, struct job *job, const struct part *parts, size_t n,
		     int output)
{
	auto_close int in = -EBADF;

	for (size_t i = 0; i < n; i++) {
		bool is_last = i + 1 == n;
		int p[2] = { -EBADF, -EBADF };
		auto_close int out = -EBADF;
		int r;

		if (!is_last && pipe2(p, O_CLOEXEC) < 0)
			return -errno;
		out = p[1];
		r = start(sh, job, &parts[i], (struct ends){ in, is_last ? output : out, p[0] });
		cleanup_fd(&in);
		in = p[0];
		if (r < 0)
			return r;
	}
	return 0;
}

static void note(struct job *job, pid_t pid, int w)
{
	for (size_t i = 0; i < job->pids.n; i++)
		if (job->pids.v[i] == pid) {
			job->results.v[i] =
				WIFSIGNALED(w) ? SUPERVISE_SIGNAL + WTERMSIG(w) : WEXITSTATUS(w);
			job->pids.v[i] = 0;
		}
}

/* Waits until all parts have ended. Returns true, or false if the job was stopped. */
static bool wait_job(struct job *job)
{
	for (size_t i = 0; i < job->pids.n; i++)
		while (job->pids.v[i]) {
			int w;
			pid_t pid = waitpid(job->pids.v[i], &w, WUNTRACED);

			if (pid > 0 && WIFSTOPPED(w))
				return false;
			if (pid > 0)
				note(job, pid, w);
			else if (errno != EINTR)
				job->pids.v[i] = 0;
		}
	return true;
}

static bool is_interrupted(const struct job *job)
{
	for (size_t i = 0; i < job->results.n; i++)
		if (job->results.v[i] == SUPERVISE_SIGNAL + SIGINT)
			return true;
	return false;
}

static int job_status(const struct job *job)
{
	for (size_t i = job->results.n; i > 0; i--) {
		int status = job->results.v[i - 1];

		if (!status || (i < job->results.n && status == SUPERVISE_SIGNAL + SIGPIPE))
			continue;
		return status >= SUPERVISE_SIGNAL ? 128 + status - SUPERVISE_SIGNAL : status;
	}
	return 0;
}

static void free_job(struct job *job)
{
	vec_done(&job->pids);
	vec_done(&job->results);
	free(job->text);
}

/* Says what the user could not see otherwise: a job that died of another signal than Ctrl-C's. */
static void tell_end(const struct shell *sh, int status)
{
	if (!sh->interactive)
		return;
	if (status == 128 + SIGINT)
		fputc('\n', stderr);
	else if (status > 128 && status < 128 + 65)
		fprintf(stderr, "%s\n", strsignal(status - 128));
}

static int finish(struct shell *sh, struct job *job)
{
	bool ended = wait_job(job);
	int status = ended ? job_status(job) : 128 + SIGTSTP;

	give_terminal(sh, getpgrp());
	if (ended) {
		sh->interrupted = sh->interactive && is_interrupted(job);
		tell_end(sh, status);
		free_job(job);
		return status;
	}
	vec_push(&sh->jobs, *job);
	fprintf(stderr, "\n[%zu] stopped  %s  ('fg %zu' continues it)\n", sh->jobs.n, job->text,
		sh->jobs.n);
	return status;
}

int job_run(struct shell *sh, const struct part *parts, size_t n, int output, const char *text)
{
	struct job job = { 0 };
	struct str shown = { 0 };
	int r;

	fflush(sh->ctx.out);
	escape_terminal(&shown, text, strlen(text));
	job.text = str_take(&shown);
	r = start_all(sh, &job, parts, n, output);
	if (r < 0)
		fprintf(stderr, "%scannot start %s: %s\n", sh->ctx.speaker, job.text, strerror(-r));
	if (r < 0 && !job.pids.n) {
		free_job(&job);
		return 125;
	}
	if (r == 0)
		return finish(sh, &job);
	finish(sh, &job);
	return 125;
}

int job_continue(struct shell *sh, size_t index)
{
	struct job job = sh->jobs.v[index];

	sh->jobs.n--;
	for (size_t i = index; i < sh->jobs.n; i++)
		sh->jobs.v[i] = sh->jobs.v[i + 1];
	give_terminal(sh, job.group);
	fprintf(stderr, "%s\n", job.text); /* what is pressed from now on is for the job */
	kill(-job.group, SIGCONT);
	shell_forget(sh);
	return finish(sh, &job);
}

bool jobs_may_leave(struct shell *sh)
{
	if (!sh->interactive || !sh->jobs.n || sh->asked)
		return true;
	for (size_t i = 0; i < sh->jobs.n; i++)
		fprintf(stderr, "[%zu] stopped  %s\n", i + 1, sh->jobs.v[i].text);
	fputs("Leaving ends what is stopped: once more to do so.\n", stderr);
	sh->asked = true;
	return false;
}

void jobs_done(struct shell *sh)
{
	for (size_t i = 0; i < sh->jobs.n; i++) {
		kill(-sh->jobs.v[i].group, SIGHUP);
		kill(-sh->jobs.v[i].group, SIGCONT);
		free_job(&sh->jobs.v[i]);
	}
	vec_done(&sh->jobs);
	if (sh->caller_group)
		give_terminal(sh, sh->caller_group);
}
