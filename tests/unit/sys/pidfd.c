/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/pidfd.h"

#include "../../../common/base/fd.h"
#include "../../../common/sys/procfs.h"
#include "../../lib/deny.h"
#include "../child.h"
#include "../thread.h"

#include <fcntl.h>
#include <sys/stat.h>

static void test_tells_when_the_process_ends(void **state)
{
	auto_close int proc = proc_open();
	pid_t child = child_start(0), pid = 0;
	auto_close int fd = pidfd_of(child);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_true(pidfd_alive(fd));
	assert_int_equal(pidfd_pid(proc, fd, &pid), 0);
	assert_int_equal(pid, child);
	child_end(child);
	assert_false(pidfd_alive(fd));
	assert_int_equal(pidfd_pid(proc, fd, &pid), -ESRCH);
	assert_int_equal(pidfd_ns(fd, PIDFD_NS_NET), -ESRCH);
	assert_int_equal(pidfd_of(child), -ESRCH);
}

static void test_a_zombie_has_ended(void **state)
{
	pid_t child = child_start(0);
	auto_close int fd = pidfd_of(child);
	siginfo_t info;

	(void)state;
	kill(child, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_false(pidfd_alive(fd));
	child_end(child);
}

static void test_other_descriptors_are_no_pidfds(void **state)
{
	auto_close int proc = proc_open();
	auto_close int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t pid = 0;

	(void)state;
	assert_int_equal(pidfd_pid(proc, null, &pid), -EINVAL);
	assert_int_equal(pidfd_pid(proc, -1, &pid), -ENOENT);
}

static void test_inode_is_that_of_the_process(void **state)
{
	pid_t one = child_start(0), two = child_start(0);
	auto_close int a = pidfd_of(one);
	auto_close int b = pidfd_of(one);
	auto_close int c = pidfd_of(two);
	uint64_t ino[3] = { 0 };
	int r = pidfd_inode(a, &ino[0]);

	(void)state;
	pidfd_inode(b, &ino[1]);
	pidfd_inode(c, &ino[2]);
	child_end(one);
	child_end(two);
	if (r == -ENOTSUP)
		skip(); /* Linux before 6.9 */
	assert_int_equal(ino[0], ino[1]);
	assert_int_not_equal(ino[0], ino[2]);
}

static void test_opens_a_namespace_without_proc(void **state)
{
	auto_close int self = pidfd_of(getpid());
	auto_close int fd = pidfd_ns(self, PIDFD_NS_NET);
	struct stat want, got;

	(void)state;
	if (fd == -ENOTTY || fd == -EINVAL)
		skip(); /* Linux before 6.11 */
	assert_int_equal(stat("/proc/self/ns/net", &want), 0);
	assert_int_equal(fstat(fd, &got), 0);
	assert_int_equal(got.st_ino, want.st_ino);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

static void test_holds_a_thread(void **state)
{
	auto_close int fd = -EBADF;
	struct thread t;
	int as_process;

	(void)state;
	thread_start(&t, 0);
	as_process = pidfd_of(t.tid);
	fd = pidfd_of_thread(t.tid);
	thread_end(&t);
	assert_true(as_process == -EINVAL || as_process == -ENOENT);
	if (fd == -EINVAL)
		skip(); /* Linux before 6.9 */
	assert_true(fd >= 0);
	assert_false(pidfd_alive(fd));
}

/* In a child: a RULE for deny(), and what is called under it. */
struct refusal {
	const char *rule;
	int (*call)(void);
};

static int call_refused(void *data)
{
	const struct refusal *r = data;

	return deny(r->rule) < 0 ? 254 : -r->call();
}

static int open_self(void)
{
	int fd = pidfd_of(getpid());

	return fd < 0 ? fd : 0;
}

static int open_net(void)
{
	auto_close int self = pidfd_of(getpid());
	int fd = pidfd_ns(self, PIDFD_NS_NET);

	return fd < 0 ? fd : 0;
}

/* What the filter answers arrives as it is: the callers' fallbacks rely on it. */
static void test_passes_refusals_on(void **state)
{
	struct refusal missing = { "pidfd_open=ENOSYS", open_self };
	struct refusal old = { "ioctl:0xff04=ENOTTY", open_net };
	struct refusal other = { "ioctl:0xff03=ENOTTY", open_self };

	(void)state;
	assert_int_equal(child_run(call_refused, &missing), ENOSYS);
	assert_int_equal(child_run(call_refused, &old), ENOTTY);
	assert_int_equal(child_run(call_refused, &other), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tells_when_the_process_ends),
		cmocka_unit_test(test_a_zombie_has_ended),
		cmocka_unit_test(test_other_descriptors_are_no_pidfds),
		cmocka_unit_test(test_inode_is_that_of_the_process),
		cmocka_unit_test(test_opens_a_namespace_without_proc),
		cmocka_unit_test(test_holds_a_thread),
		cmocka_unit_test(test_passes_refusals_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
