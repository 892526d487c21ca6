/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/sockns.h"

#include "../../../common/base/fd.h"
#include "../../../common/sys/pidfd.h"
#include "../../lib/deny.h"
#include "../child.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

static ino_t own_net(void)
{
	auto_close int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd_inode(fd);
}

/* Leaves for a network namespace of its own while FN makes a descriptor there; tells its inode. */
static int made_elsewhere(int (*fn)(void), ino_t *ret)
{
	auto_close int old = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int fd;

	assert_int_equal(unshare(CLONE_NEWNET), 0);
	*ret = own_net();
	fd = fn();
	assert_int_equal(setns(old, CLONE_NEWNET), 0);
	return fd;
}

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int open_tap(void)
{
	struct ifreq request = { .ifr_name = "nstool%d", .ifr_flags = IFF_TAP | IFF_NO_PI };
	auto_close int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	return fd >= 0 && ioctl(fd, TUNSETIFF, &request) == 0 ? take_fd(&fd) : -1;
}

static void test_of_a_socket(void **state)
{
	auto_close int fd = -EBADF, ns = -EBADF;
	ino_t ino;

	(void)state;
	if (geteuid() != 0)
		skip();
	fd = made_elsewhere(open_socket, &ino);
	ns = sockns_of(fd);
	assert_int_equal(fd_inode(ns), ino);
	assert_int_not_equal(ino, own_net());
	assert_int_equal(fcntl(ns, F_GETFD), FD_CLOEXEC);
}

/* Its device stays in the namespace where it was made. */
static void test_of_a_tap_device(void **state)
{
	auto_close int fd = -EBADF, ns = -EBADF;
	ino_t ino;

	(void)state;
	if (geteuid() != 0)
		skip();
	fd = made_elsewhere(open_tap, &ino);
	if (fd < 0)
		skip(); /* no /dev/net/tun */
	ns = sockns_of(fd);
	assert_int_equal(fd_inode(ns), ino);
}

static void test_of_something_else(void **state)
{
	auto_close int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	auto_close int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(sockns_of(null), -ENOTTY);
	assert_int_equal(sockns_of(file), -ENOTTY);
	assert_int_equal(sockns_of(-1), -EBADF);
}

/* An ordinary user may not take the namespace of a socket, not even of his own. */
static int without_rights(void *data)
{
	int fd = open_socket();

	(void)data;
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		return 254;
	return sockns_of(fd) != -EPERM;
}

static void test_refusal_is_told(void **state)
{
	(void)state;
	assert_int_equal(child_run(without_rights, NULL), 0);
}

static void test_of_another_process(void **state)
{
	auto_close int here = open_socket(), null = open("/dev/null", O_RDWR | O_CLOEXEC);
	auto_close int pidfd = -EBADF, ns = -EBADF;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = child_start(CLONE_NEWNET); /* it has our descriptors */
	pidfd = pidfd_of(pid);
	ns = sockns_of_other(pidfd, here);
	assert_int_equal(fd_inode(ns), own_net());
	assert_int_equal(sockns_of_other(pidfd, null), -ENOTTY);
	assert_int_equal(sockns_of_other(pidfd, 9999), -EBADF);
	child_end(pid);
	assert_int_equal(sockns_of_other(pidfd, here), -ESRCH);
}

static int getfd_refused(void *data)
{
	auto_close int pidfd = pidfd_of(getppid()), fd = open_socket();

	if (deny(data) < 0)
		return 254;
	return sockns_of_other(pidfd, fd) == -EPERM ? 1 : 2;
}

static void test_refused_by_a_filter(void **state)
{
	(void)state;
	assert_int_equal(child_run(getfd_refused, (char *)"pidfd_getfd=EPERM"), 1);
	assert_int_equal(child_run(getfd_refused, (char *)"pidfd_getfd=ENOSYS"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_a_socket),
		cmocka_unit_test(test_of_a_tap_device),
		cmocka_unit_test(test_of_something_else),
		cmocka_unit_test(test_refusal_is_told),
		cmocka_unit_test(test_of_another_process),
		cmocka_unit_test(test_refused_by_a_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
