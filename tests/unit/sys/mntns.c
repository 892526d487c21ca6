/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mount namespaces without processes: each test makes one that only a descriptor holds. */
#include "../../../common/sys/mntns.h"

#include "../../../common/sys/procfs.h"
#include "../../lib/deny.h"
#include "../child.h"
#include "../fixture.h"

#include <signal.h>
#include <sys/mount.h>

/* A descriptor of a mount namespace with a file system of its own at /proc/sys, in no process. */
static int lone_mntns(void)
{
	auto_close int old = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int fd;

	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	assert_int_equal(mount("lone", "/proc/sys", "tmpfs", 0, NULL), 0);
	fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(setns(old, CLONE_NEWNS), 0);
	return fd;
}

/* How many descriptors this process has. */
static size_t count_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool shows_lone(int mountinfo)
{
	auto_str struct str text = { 0 };

	return fd_read_all(mountinfo, SIZE_MAX, &text) == 0 &&
	       strstr(str_text(&text), " /proc/sys rw,") && strstr(str_text(&text), " lone rw");
}

static void test_sees_the_inside(void **state)
{
	auto_close int proc = proc_open(), ns = -EBADF, root = -EBADF, info = -EBADF;
	ino_t before = fd_inode(proc);
	char cwd[64];

	(void)state;
	if (geteuid() != 0)
		skip();
	ns = lone_mntns();
	assert_int_equal(mntns_open(ns, proc, &root, &info), 0);
	assert_true(shows_lone(info));
	assert_true(faccessat(root, "proc/sys/kernel", F_OK, 0) < 0);
	assert_int_equal(fcntl(root, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(info, F_GETFD), FD_CLOEXEC);
	/* and this process is where it was */
	assert_int_equal(access("/proc/sys/kernel", F_OK), 0);
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(before, fd_inode(proc));
}

static bool has_children(void)
{
	return waitpid(-1, NULL, __WALL) != -1 || errno != ECHILD;
}

/* Some programs start others with SIGCHLD ignored: children are reaped unasked then. */
static int with_sigchld_ignored(void *data)
{
	int root = -EBADF, info = -EBADF, proc = proc_open();

	signal(SIGCHLD, SIG_IGN);
	if (mntns_open(*(int *)data, proc, &root, &info) < 0)
		return 1;
	return !shows_lone(info) || has_children();
}

static void test_with_sigchld_ignored(void **state)
{
	auto_close int ns = -EBADF;

	(void)state;
	if (geteuid() != 0)
		skip();
	ns = lone_mntns();
	assert_int_equal(child_run(with_sigchld_ignored, &ns), 0);
}

static int refused(void *data)
{
	int root = -EBADF, info = -EBADF, proc = proc_open();

	if (deny("setns=EPERM") < 0)
		return 254;
	return mntns_open(*(int *)data, proc, &root, &info) != -EPERM || root != -EBADF;
}

static void test_refusal_is_told(void **state)
{
	auto_close int ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(child_run(refused, &ns), 0);
}

/* Whatever is missing, no descriptor stays behind, nor a child. */
static void test_failures_leave_nothing(void **state)
{
	auto_close int net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_close int mnt = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int root = -EBADF, info = -EBADF, r;
	struct fixture f = fixture_new();
	auto_close int proc = proc_open();
	size_t before = count_fds();

	(void)state;
	r = mntns_open(net, proc, &root, &info);
	assert_int_equal(r, -EINVAL);
	r = mntns_open(mnt, f.fd, &root, &info); /* there is no self/mountinfo */
	assert_int_equal(r, geteuid() ? -EPERM : -ENOENT);
	assert_int_equal(root, -EBADF);
	assert_int_equal(info, -EBADF);
	assert_int_equal(count_fds(), before);
	assert_false(has_children());
	fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sees_the_inside),
		cmocka_unit_test(test_with_sigchld_ignored),
		cmocka_unit_test(test_refusal_is_told),
		cmocka_unit_test(test_failures_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
