/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_command() seen from outside: each case runs it in a process of its own, "the tool". */
#include "../cmocka.h"

#include "../../../common/base/child.h"
#include "../../../common/base/fd.h"
#include "../../../common/ns/run.h"
#include "../../../common/ns/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct tool {
	pid_t pid;
	int out; /* what the command and the tool write on their standard output */
};

static _Noreturn void tool_main(const struct run *run)
{
	auto_err struct err e = { 0 };
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* a test that fails leaves nothing behind */
	status = run_command(run, &e);
	if (e.text)
		dprintf(STDOUT_FILENO, "%s|%s|%d", e.text, e.hint ? e.hint : "", status);
	if (status < 0)
		quick_exit_child(RUN_FAILED);
	supervise_leave(status);
}

static struct tool tool_start(const struct run *run)
{
	struct tool t;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	t.out = ends[0];
	t.pid = fork();
	assert_true(t.pid >= 0);
	if (t.pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		tool_main(run);
	}
	close(ends[1]);
	return t;
}

/* Waits until the command has written TEXT, and nothing else so far. */
static void tool_expect(const struct tool *t, const char *text)
{
	char buf[64];
	ssize_t n = read(t->out, buf, sizeof(buf) - 1);

	assert_true(n >= 0);
	buf[n] = '\0';
	assert_string_equal(buf, text);
}

static int tool_wait(struct tool *t, struct str *out)
{
	int w;

	assert_int_equal(fd_read_all(t->out, 1 << 16, out), 0);
	assert_int_equal(waitpid(t->pid, &w, 0), t->pid);
	cleanup_fd(&t->out);
	assert_false(WIFSIGNALED(w) && WCOREDUMP(w));
	return WIFSIGNALED(w) ? SUPERVISE_SIGNAL + WTERMSIG(w) : WEXITSTATUS(w);
}

/* Runs it to its end: the status, and in OUT (unless NULL) what was written. */
static int outcome(const struct run *run, struct str *out)
{
	auto_str struct str text = { 0 };
	struct tool t = tool_start(run);
	int status = tool_wait(&t, &text);

	if (out)
		*out = (struct str){ take_ptr(&text.s), text.len, text.cap };
	return status;
}

#define SH(script) ((char *[]){ "sh", "-c", (char *)(script), NULL })

static void test_statuses(void **state)
{
	(void)state;
	for (int status = 0; status < 256; status++) {
		auto_free char *script = xasprintf("exit %d", status);

		assert_int_equal(outcome(&(struct run){ .argv = SH(script), .fork = true }, NULL),
				 status);
	}
	assert_int_equal(outcome(&(struct run){ .argv = SH("exit 7") }, NULL), 7);
}

static void test_dies_of_the_commands_signal(void **state)
{
	static const int signals[] = { SIGTERM, SIGKILL, SIGSEGV, SIGQUIT, SIGUSR1, SIGALRM };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		auto_free char *script = xasprintf("kill -%d $$", signals[i]);

		assert_int_equal(outcome(&(struct run){ .argv = SH(script), .fork = true }, NULL),
				 SUPERVISE_SIGNAL + signals[i]);
	}
}

static void check_failure(struct run run, char *command, int status, const char *text)
{
	char *argv[] = { command, NULL };

	run.argv = argv;
	for (int i = 0; i < 2; i++) {
		auto_str struct str out = { 0 };

		run.fork = i == 1;
		assert_int_equal(outcome(&run, &out), status);
		assert_string_equal(str_text(&out), text);
	}
}

static void test_cannot_execute(void **state)
{
	char script[] = "/tmp/nstool-run-XXXXXX";
	int fd = mkstemp(script);

	(void)state;
	assert_true(fd >= 0);
	dprintf(fd, "#!/no/such/interpreter\n");
	fchmod(fd, 0755);
	close(fd);
	auto_free char *text =
		xasprintf("cannot run '%s': No such file or directory|'%s' is there, "
			  "but the interpreter or loader that it names is not|127",
			  script, script);

	check_failure((struct run){ 0 }, script, RUN_NOT_FOUND, text);
	unlink(script);
	check_failure((struct run){ 0 }, "no-such-command", RUN_NOT_FOUND,
		      "cannot run 'no-such-command': No such file or directory||127");
	check_failure((struct run){ 0 }, "/etc/passwd/x", RUN_NOT_FOUND,
		      "cannot run '/etc/passwd/x': Not a directory||127");
	check_failure((struct run){ 0 }, "/etc", RUN_NOT_RUNNABLE,
		      "cannot run '/etc': Permission denied|'/etc' is a directory|126");
}

static int refuse(void *data, struct err *e)
{
	(void)data;
	err_say(e, -EDOM, "no");
	err_hint(e, "one\ntwo");
	return -EDOM;
}

static void test_hooks_that_fail(void **state)
{
	auto_free char *text = xasprintf("no|one\ntwo|%d", -EDOM);

	(void)state;
	check_failure((struct run){ .enter = refuse }, "true", RUN_FAILED, text);
	check_failure((struct run){ .prepare = refuse }, "true", RUN_FAILED, text);
}

static void test_children_reaped_unseen(void **state)
{
	struct sigaction old, ignore = { .sa_handler = SIG_IGN };
	auto_str struct str out = { 0 };
	int gate[2];

	(void)state;
	assert_int_equal(pipe(gate), 0);
	auto_free char *script = xasprintf("read x <&%d; exit 3", gate[0]);

	/* The tool inherits it. It must not end before this process sees its children again. */
	sigaction(SIGCHLD, &ignore, &old);
	struct tool t = tool_start(&(struct run){ .argv = SH(script), .fork = true });
	sigaction(SIGCHLD, &old, NULL);
	assert_int_equal(write(gate[1], "\n", 1), 1);
	assert_int_equal(tool_wait(&t, &out), 3);
	close(gate[0]);
	close(gate[1]);
}

static void test_forwards_signals(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGUSR2, SIGCHLD, SIGWINCH };
	static const char *const names[] = { "TERM", "HUP", "INT", "USR2", "CHLD", "WINCH" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		auto_str struct str out = { 0 };
		/* without children, whose end is a SIGCHLD too */
		auto_free char *script = xasprintf(
			"trap 'echo got; exit 9' %s; echo ready; while :; do :; done", names[i]);
		struct tool t = tool_start(&(struct run){ .argv = SH(script), .fork = true });

		tool_expect(&t, "ready\n");
		kill(t.pid, signals[i]);
		assert_int_equal(tool_wait(&t, &out), 9);
		assert_string_equal(str_text(&out), "got\n");
	}
}

static void test_stops_and_continues(void **state)
{
	auto_str struct str out = { 0 };
	struct tool t = tool_start(
		&(struct run){ .argv = SH("kill -STOP $$; echo on; exit 4"), .fork = true });
	int w;

	(void)state;
	assert_int_equal(waitpid(t.pid, &w, WUNTRACED), t.pid);
	assert_true(WIFSTOPPED(w));
	assert_int_equal(WSTOPSIG(w), SIGSTOP);
	kill(t.pid, SIGCONT);
	assert_int_equal(tool_wait(&t, &out), 4);
	assert_string_equal(str_text(&out), "on\n");
}

/* The command holds the write end of the pipe: its end is the command's end. */
static bool ends_before_its_time(const struct tool *t)
{
	struct pollfd p = { .fd = t->out, .events = POLLIN };

	return poll(&p, 1, 120000) == 1 && p.revents & POLLHUP;
}

static void test_dies_with_the_tool(void **state)
{
	auto_str struct str out = { 0 };
	struct tool t =
		tool_start(&(struct run){ .argv = SH("echo up; exec sleep 600"), .fork = true });

	(void)state;
	tool_expect(&t, "up\n");
	kill(t.pid, SIGKILL);
	assert_true(ends_before_its_time(&t));
	assert_int_equal(tool_wait(&t, &out), SUPERVISE_SIGNAL + SIGKILL);
}

/* Even when the credentials, whose change undoes the tie, are changed on the way. */
static void test_dies_with_the_tool_as_another_user(void **state)
{
	struct run run = { .argv = SH("echo up; exec sleep 600"), .fork = true };
	auto_str struct str out = { 0 };

	(void)state;
	if (getuid() != 0)
		skip();
	run.creds = (struct creds){ .set_uid = true, .uid = 4321, .set_gid = true, .gid = 4321 };
	struct tool t = tool_start(&run);

	tool_expect(&t, "up\n");
	kill(t.pid, SIGKILL);
	assert_true(ends_before_its_time(&t));
	assert_int_equal(tool_wait(&t, &out), SUPERVISE_SIGNAL + SIGKILL);
}

/* The tool dies in between: the child must notice although nothing will signal it any more. */
static int outlive_parent(void *data, struct err *e)
{
	(void)data;
	(void)e;
	kill(getppid(), SIGKILL);
	while (getppid() == *(pid_t *)data)
		usleep(1000);
	return 0;
}

static void test_parent_gone_before_the_tie(void **state)
{
	static pid_t tool_pid;
	auto_str struct str out = { 0 };
	int ends[2], w;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		tool_pid = getpid();
		dup2(ends[1], STDOUT_FILENO);
		tool_main(&(struct run){ .argv = SH("echo alive"),
					 .fork = true,
					 .prepare = outlive_parent,
					 .data = &tool_pid });
	}
	close(ends[1]);
	assert_int_equal(waitpid(pid, &w, 0), pid);
	assert_int_equal(fd_read_all(ends[0], 100, &out), 0);
	assert_string_equal(str_text(&out), "");
	close(ends[0]);
}

static void test_detach(void **state)
{
	int gate[2];
	auto_str struct str out = { 0 };

	(void)state;
	assert_int_equal(pipe(gate), 0);
	auto_free char *script = xasprintf("echo started; read x <&%d; echo done", gate[0]);
	struct run run = { .argv = SH(script), .fork = true, .detach = true, .new_session = true };
	struct tool t = tool_start(&run);
	int w;

	assert_int_equal(waitpid(t.pid, &w, 0), t.pid);
	assert_int_equal(w, 0);
	tool_expect(&t, "started\n");
	assert_int_equal(write(gate[1], "\n", 1), 1);
	assert_int_equal(fd_read_all(t.out, 100, &out), 0);
	assert_string_equal(str_text(&out), "done\n");
	close(t.out);
	close(gate[0]);
	close(gate[1]);
}

static void test_detach_tells_what_failed(void **state)
{
	char *argv[] = { "no-such-command", NULL };

	(void)state;
	assert_int_equal(outcome(&(struct run){ .argv = argv, .fork = true, .detach = true }, NULL),
			 127);
}

static void test_closes_descriptors(void **state)
{
	int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 40);
	int closed = fcntl(STDIN_FILENO, F_DUPFD, 50);
	struct run run = {
		.argv = SH("for fd in 40 50; do test -e /proc/self/fd/$fd && echo $fd; done"),
		.close_fds = true,
		.keep_fds = (int[]){ 40, 1 },
		.nkeep_fds = 2,
	};

	(void)state;
	assert_int_equal(kept, 40);
	assert_int_equal(closed, 50);
	for (int i = 0; i < 2; i++) {
		auto_str struct str out = { 0 };

		run.fork = i == 1;
		assert_int_equal(outcome(&run, &out), 1);
		assert_string_equal(str_text(&out), "40\n");
	}
	close(kept);
	close(closed);
}

static void test_environment_and_shell(void **state)
{
	auto_str struct str out = { 0 };
	char *env[] = { "A=1", "PATH=/no:/bin:/usr/bin", NULL };
	char *argv[] = { "env", NULL };

	(void)state;
	assert_int_equal(outcome(&(struct run){ .argv = argv, .env = env }, &out), 0);
	assert_string_equal(str_text(&out), "A=1\nPATH=/no:/bin:/usr/bin\n");
	assert_int_equal(
		outcome(&(struct run){ .env = (char *[]){ "SHELL=/bin/true", NULL } }, NULL), 0);
	assert_int_equal(
		outcome(&(struct run){ .env = (char *[]){ "SHELL=/bin/false", NULL } }, NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_dies_of_the_commands_signal),
		cmocka_unit_test(test_cannot_execute),
		cmocka_unit_test(test_hooks_that_fail),
		cmocka_unit_test(test_children_reaped_unseen),
		cmocka_unit_test(test_forwards_signals),
		cmocka_unit_test(test_stops_and_continues),
		cmocka_unit_test(test_dies_with_the_tool),
		cmocka_unit_test(test_dies_with_the_tool_as_another_user),
		cmocka_unit_test(test_parent_gone_before_the_tie),
		cmocka_unit_test(test_detach),
		cmocka_unit_test(test_detach_tells_what_failed),
		cmocka_unit_test(test_closes_descriptors),
		cmocka_unit_test(test_environment_and_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
