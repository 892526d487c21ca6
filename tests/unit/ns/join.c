/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel refuses to a process that is made like that, and what is told about it. */
#include "../../../common/ns/join.h"

#include "../../../common/base/fd.h"
#include "../../../common/ns/joinwhy.h"
#include "../../../common/sys/procfs.h"
#include "../child.h"
#include "../thread.h"

#include <fcntl.h>

/* Joins the namespace of process PID. Returns 0, or -errno with the refusal in E. */
static int join_one(pid_t pid, enum ns_type type, struct err *e)
{
	auto_close int proc = proc_open();
	auto_target struct target t = TARGET_NONE;
	auto_join struct join j;
	int r;

	t.label = xstrdup("it");
	join_init(&j, proc);
	j.from[type] = &t;
	r = target_hold(&t, proc, pid, false, e);
	if (r == 0)
		r = join_open(&j, e);
	return r == 0 ? join_act(&j, e) : r;
}

static void refused(pid_t pid, enum ns_type type, const char *text, const char *hint)
{
	auto_err struct err e = { 0 };

	assert_true(join_one(pid, type, &e) < 0);
	assert_string_equal(e.text, text);
	assert_string_equal(e.hint, hint);
}

/* Where the machine lets nobody make them there is nothing to see. */
static pid_t start_or_skip(int flags)
{
	pid_t probe = fork();
	int status;

	if (probe == 0)
		_exit(unshare(flags) < 0);
	waitpid(probe, &status, 0);
	if (status)
		skip();
	return child_start(flags);
}

static void test_threads(void **state)
{
	pid_t pid = start_or_skip(CLONE_NEWUSER);
	struct thread thread;

	(void)state;
	thread_start(&thread, 0);
	refused(pid, NS_USER, "cannot join the user namespace of it: Invalid argument",
		"the caller has 2 threads, and only a process with one can join it");
	thread_end(&thread);
	child_end(pid);
}

static void test_own_user(void **state)
{
	auto_target struct target t = TARGET_NONE;
	auto_close int proc = proc_open();
	auto_close int fd = openat(proc, "self/ns/user", O_RDONLY | O_CLOEXEC);
	auto_err struct err e = { 0 };

	(void)state;
	t.label = xstrdup("it");
	assert_int_equal(setns(fd, CLONE_NEWUSER), -1);
	join_refused(proc, NS_USER, fd, &t, -errno, &e);
	assert_string_equal(e.text, "cannot join the user namespace of it: Invalid argument");
	assert_string_equal(e.hint, "it is the user namespace that the caller is in already");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_own_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
