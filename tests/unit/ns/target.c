/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holding processes. What must hold for every kernel is tried in each way that target.c has: by
 * the pidfd alone, by the pidfd with /proc, and by the directory of the process.
 */
#include "../../../common/ns/target.h"

#include "../../../common/base/fd.h"
#include "../../../common/base/str.h"
#include "../../../common/sys/pidfd.h"
#include "../../../common/sys/procfs.h"
#include "../../lib/deny.h"
#include "../child.h"
#include "../thread.h"

#include <fcntl.h>
#include <sys/mount.h>

static const struct way {
	const char *rules[NS_NTYPES + 3]; /* for deny(), ended by NULL */
	bool by_pidfd;
} ways[] = {
	{ { NULL }, true },
	{ { "ioctl:0xff01=ENOTTY", "ioctl:0xff02=EINVAL", "ioctl:0xff03=ENOSYS",
	    "ioctl:0xff04=EPERM", "ioctl:0xff05=ENOTTY", "ioctl:0xff07=ENOTTY",
	    "ioctl:0xff09=ENOTTY", "ioctl:0xff0a=ENOTTY" },
	  true },
	{ { "pidfd_open=ENOSYS" }, false },
	{ { "pidfd_open=EPERM" }, false },
};

/* Steps of a scenario in a child: the exit status is the line of the first that fails. */
#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return __LINE__ % 255 + !(__LINE__ % 255);                                 \
	} while (0)

static void deny_all(const struct way *way)
{
	for (const char *const *rule = way->rules; *rule; rule++)
		if (deny(*rule) < 0)
			_exit(254);
}

/* Runs the scenario in each way, as root or not at all where ROOT is needed. */
static void run_each_way(int (*scenario)(void *way))
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		int status = child_run(scenario, (void *)&ways[i]);

		if (status != 0)
			fail_msg("way %zu fails in line %d (mod 255)", i, status);
	}
}

static void need_root(void)
{
	if (geteuid() != 0)
		skip(); /* namespaces of other types than user need root */
}

static ino_t inode_of(pid_t pid, const char *link)
{
	auto_free char *path = xasprintf("/proc/%d/ns/%s", pid, link);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd_inode(fd);
}

static int sees_all_namespaces(void *data)
{
	const struct way *way = data;
	auto_target struct target t = TARGET_NONE;
	auto_close int proc = proc_open();
	pid_t child = child_start(CLONE_NEWUTS | CLONE_NEWIPC);

	deny_all(way);
	EXPECT(target_hold(&t, proc, child, false, NULL) == 0);
	EXPECT((t.pidfd >= 0) == way->by_pidfd && (t.dir >= 0) == !way->by_pidfd);
	EXPECT(t.kind == TARGET_PROCESS && t.pid == child && t.tid == 0 && t.types == NS_ALL);
	for (int type = 0; type < NS_NTYPES; type++) {
		int fd = target_ns(&t, (enum ns_type)type, NULL);

		EXPECT(fd >= 0 && fd_inode(fd) == inode_of(child, ns_types[type].name));
		EXPECT(fcntl(fd, F_GETFD) == FD_CLOEXEC);
		EXPECT(target_ns(&t, (enum ns_type)type, NULL) == fd);
	}
	EXPECT(fd_inode(t.ns[NS_UTS]) != inode_of(getpid(), "uts"));
	child_end(child);
	return 0;
}

static void test_sees_all_namespaces(void **state)
{
	(void)state;
	need_root();
	run_each_way(sees_all_namespaces);
}

static int tells_that_it_ended(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_target struct target zombie = TARGET_NONE;
	auto_err struct err e = { 0 };
	auto_close int proc = proc_open();
	pid_t child = child_start(0);
	auto_free char *sentence = xasprintf("process %d has ended", child);
	siginfo_t info;

	deny_all(data);
	EXPECT(target_hold(&t, proc, child, false, NULL) == 0);
	EXPECT(target_check(&t, NULL) == 0);
	kill(child, SIGKILL);
	EXPECT(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
	EXPECT(target_check(&t, &e) == -ESRCH); /* a zombie */
	EXPECT(target_hold(&zombie, proc, child, false, NULL) == -ESRCH);
	EXPECT(str_is(e.text, sentence));
	EXPECT(target_ns(&t, NS_NET, &e) == -ESRCH);
	child_end(child);
	EXPECT(target_check(&t, NULL) == -ESRCH);
	EXPECT(target_ns(&t, NS_NET, &e) == -ESRCH);
	EXPECT(str_is(e.text, sentence));
	return 0;
}

static void test_tells_that_it_ended(void **state)
{
	(void)state;
	run_each_way(tells_that_it_ended);
}

static int write_last_pid(pid_t pid)
{
	auto_close int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	auto_free char *text = xasprintf("%d", pid);

	return fd < 0 ? -1 : fd_write_all(fd, text, strlen(text));
}

/* The same pid, another process: as pid 1 of a pid namespace nobody else forks in between. */
static int never_takes_another_process(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_target struct target again = TARGET_NONE;
	auto_close int proc = -EBADF;
	pid_t first, second;

	EXPECT(mount("proc", "/proc", "proc", 0, NULL) == 0);
	proc = proc_open();
	first = child_start(0);
	deny_all(data);
	EXPECT(target_hold(&t, proc, first, false, NULL) == 0);
	child_end(first);
	EXPECT(write_last_pid(first - 1) == 0);
	second = child_start(CLONE_NEWUTS);
	EXPECT(second == first);
	EXPECT(target_check(&t, NULL) == -ESRCH);
	EXPECT(target_ns(&t, NS_UTS, NULL) == -ESRCH);
	EXPECT(target_hold(&again, proc, second, false, NULL) == 0);
	EXPECT(target_ns(&again, NS_UTS, NULL) >= 0);
	child_end(second);
	return 0;
}

static int in_new_pid_namespace(void *data)
{
	EXPECT(unshare(CLONE_NEWPID | CLONE_NEWNS) == 0);
	EXPECT(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	return child_run(never_takes_another_process, data);
}

static void test_never_takes_another_process(void **state)
{
	(void)state;
	need_root();
	run_each_way(in_new_pid_namespace);
}

/* In a new pid namespace, but with the /proc of the old one: its numbers are those people see. */
static int believes_proc(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_close int proc = proc_open();
	pid_t outside = *(pid_t *)data;

	EXPECT(target_hold(&t, proc, outside, false, NULL) == 0);
	EXPECT(t.pidfd < 0 && t.dir >= 0 && t.pid == outside);
	EXPECT(fd_inode(target_ns(&t, NS_UTS, NULL)) == inode_of(outside, "uts"));
	target_done(&t);
	EXPECT(target_hold(&t, proc, 1, false, NULL) == 0);
	EXPECT(t.pidfd < 0); /* pid 1 here is this process, and not the 1 of /proc */
	return 0;
}

static int with_foreign_proc(void *data)
{
	EXPECT(unshare(CLONE_NEWPID) == 0);
	return child_run(believes_proc, data);
}

static void test_numbers_as_proc_does(void **state)
{
	pid_t child;
	int status;

	(void)state;
	need_root();
	child = child_start(CLONE_NEWUTS);
	status = child_run(with_foreign_proc, &child);
	child_end(child);
	assert_int_equal(status, 0);
}

static int holds_one_thread(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_target struct target leader = TARGET_NONE;
	auto_err struct err e = { 0 };
	auto_close int proc = proc_open();
	auto_close int pidfd = -EBADF;
	auto_free char *sentence = NULL;
	struct thread thread;

	deny_all(data);
	thread_start(&thread, CLONE_NEWUTS);
	EXPECT(thread.tid > 0);
	EXPECT(target_hold(&t, proc, thread.tid, true, NULL) == 0);
	EXPECT(t.pid == getpid() && t.tid == thread.tid);
	pidfd = pidfd_of_thread(thread.tid); /* Linux 6.9 */
	EXPECT((t.pidfd >= 0) == (pidfd >= 0));
	EXPECT(fd_inode(target_ns(&t, NS_UTS, NULL)) == inode_of(thread.tid, "uts"));
	EXPECT(fd_inode(t.ns[NS_UTS]) != inode_of(getpid(), "uts"));

	EXPECT(target_hold(&leader, proc, getpid(), true, NULL) == 0);
	EXPECT(leader.pid == getpid() && leader.tid == 0);

	sentence =
		xasprintf("%d is not a process, but a thread of process %d", thread.tid, getpid());
	target_done(&leader);
	EXPECT(target_hold(&leader, proc, thread.tid, false, &e) == -EINVAL);
	EXPECT(str_is(e.text, sentence) && strstr(e.hint, "'tid:"));

	thread_end(&thread);
	err_done(&e);
	EXPECT(target_ns(&t, NS_NET, &e) == -ESRCH);
	free(sentence);
	sentence = xasprintf("thread %d has ended", thread.tid);
	EXPECT(str_is(e.text, sentence));
	return 0;
}

static void test_holds_one_thread(void **state)
{
	(void)state;
	need_root();
	run_each_way(holds_one_thread);
}

static int says_that_there_is_none(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_err struct err e = { 0 };
	auto_close int proc = proc_open();

	deny_all(data);
	EXPECT(target_hold(&t, proc, 2147483647, false, &e) == -ESRCH);
	EXPECT(str_is(e.text, "there is no process 2147483647"));
	EXPECT(target_hold(&t, proc, 2147483647, true, &e) == -ESRCH);
	EXPECT(str_is(e.text, "there is no thread 2147483647"));
	return 0;
}

static void test_says_that_there_is_none(void **state)
{
	(void)state;
	run_each_way(says_that_there_is_none);
}

static void test_says_what_it_does_not_name(void **state)
{
	auto_target struct target t = TARGET_NONE;
	auto_err struct err e = { 0 };

	(void)state;
	t.label = xstrdup("netns:blue");
	target_add(&t, NS_NET, open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
	assert_true(target_ns(&t, NS_NET, &e) >= 0);
	assert_int_equal(target_ns(&t, NS_PID, &e), -ENOENT);
	assert_string_equal(e.text, "netns:blue names no pid namespace");
	assert_int_equal(target_check(&t, NULL), 0);
}

static int as_nobody(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_err struct err e = { 0 };
	auto_close int proc = proc_open();
	pid_t parent = *(pid_t *)data;

	EXPECT(setgid(65534) == 0 && setuid(65534) == 0);
	t.label = xstrdup("@it");
	EXPECT(target_hold(&t, proc, parent, false, NULL) == 0);
	EXPECT(target_ns(&t, NS_NET, &e) == -EACCES);
	EXPECT(str_is(e.text, "cannot open the net namespace of @it: Permission denied"));
	return 0;
}

static void test_says_that_it_may_not(void **state)
{
	pid_t self = getpid();

	(void)state;
	need_root();
	assert_int_equal(child_run(as_nobody, &self), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sees_all_namespaces),
		cmocka_unit_test(test_tells_that_it_ended),
		cmocka_unit_test(test_never_takes_another_process),
		cmocka_unit_test(test_numbers_as_proc_does),
		cmocka_unit_test(test_holds_one_thread),
		cmocka_unit_test(test_says_that_there_is_none),
		cmocka_unit_test(test_says_what_it_does_not_name),
		cmocka_unit_test(test_says_that_it_may_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
