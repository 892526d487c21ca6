/* SPDX-License-Identifier: GPL-3.0-or-later */
/* References to files and descriptors resolved on this machine. */
#include "resolving.h"

#include "../../../common/sys/pidfd.h"

#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

static void test_files(void **state)
{
	(void)state;
	assert_true(names(xasprintf("/proc/%d/ns/uts", child), NS_UTS, inode_of(child, "uts")));
	assert_true(refuses(xstrdup("/dev/null"), -EINVAL, "'/dev/null' is not a namespace"));
	assert_true(refuses(xstrdup("/dev/ptmx"), -EINVAL, "'/dev/ptmx' is not a namespace"));
	assert_true(refuses(xstrdup("./"), -EINVAL, "'./' is not a namespace"));
	assert_true(refuses(xstrdup("/no/such"), -ENOENT,
			    "cannot open '/no/such': No such file or directory"));
}

static void test_netns_names_stay_names(void **state)
{
	(void)state;
	assert_true(refuses(xstrdup("netns:../../proc/self/ns/net"), -EINVAL,
			    "'../../proc/self/ns/net' cannot be the name"));
	assert_true(refuses(xstrdup("netns:no such name, surely"), -ENOENT,
			    "there is no network namespace named"));
}

/* fd:N; FD stays the caller's and open. */
static bool fd_names(int fd, enum ns_type type, ino_t ino)
{
	return names(xasprintf("fd:%d", fd), type, ino) && fcntl(fd, F_GETFD) >= 0;
}

static void test_descriptors_of_namespaces(void **state)
{
	auto_close int whole = open_ns(child, "uts");
	auto_free char *path = xasprintf("/proc/%d/ns/uts", child);
	auto_close int pointer = open(path, O_PATH | O_CLOEXEC);
	ino_t uts = inode_of(child, "uts");

	(void)state;
	assert_true(fd_names(whole, NS_UTS, uts));
	assert_true(fd_names(pointer, NS_UTS, uts));
}

static void test_descriptors_of_processes(void **state)
{
	auto_target struct target t = TARGET_NONE;
	auto_close int pidfd = pidfd_of(child);
	pid_t brief = child_start(0);
	auto_close int ended = pidfd_of(brief);

	(void)state;
	assert_int_equal(resolve_text(xasprintf("fd:%d", pidfd), &t, NULL), 0);
	assert_int_equal(t.kind, TARGET_PROCESS);
	assert_int_equal(t.pid, child);
	assert_int_not_equal(t.pidfd, pidfd);
	assert_int_equal(fcntl(t.pidfd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fd_inode(target_ns(&t, NS_UTS, NULL)), inode_of(child, "uts"));
	child_end(brief);
	assert_true(refuses(xasprintf("fd:%d", ended), -ESRCH, "the process of fd:"));
}

static int open_tun(void)
{
	struct ifreq request = { .ifr_flags = IFF_TUN };
	auto_free char *path = xasprintf("%s/tun", f.dir);
	int fd;

	if (mknod(path, S_IFCHR | 0600, makedev(10, 200)) < 0)
		return -EBADF;
	fd = open(path, O_RDWR | O_CLOEXEC);
	unlink(path);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0)
		cleanup_fd(&fd);
	return fd;
}

/* Made in the child's network namespace, looked at from outside. */
static int sees_through_sockets(void *data)
{
	auto_close int old = open_ns(getpid(), "net");
	auto_close int net = open_ns(child, "net");
	auto_close int sock = -EBADF;
	auto_close int tun = -EBADF;
	ino_t ino = inode_of(child, "net");

	(void)data;
	if (setns(net, CLONE_NEWNET) < 0)
		return 1;
	sock = socket(AF_UNIX, SOCK_STREAM, 0);
	tun = open_tun();
	if (setns(old, CLONE_NEWNET) < 0)
		return 2;
	if (!fd_names(sock, NS_NET, ino))
		return 3;
	return tun < 0 || fd_names(tun, NS_NET, ino) ? 0 : 4;
}

static void test_descriptors_of_sockets(void **state)
{
	(void)state;
	need_root();
	assert_int_equal(child_run(sees_through_sockets, NULL), 0);
}

static void test_other_descriptors(void **state)
{
	auto_close int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(refuses(xasprintf("fd:%d", null), -EINVAL, "descriptor "));
	assert_true(refuses(xstrdup("fd:1000000"), -EBADF, "descriptor 1000000 is not open"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_netns_names_stay_names),
		cmocka_unit_test(test_descriptors_of_namespaces),
		cmocka_unit_test(test_descriptors_of_processes),
		cmocka_unit_test(test_descriptors_of_sockets),
		cmocka_unit_test(test_other_descriptors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
