/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening namespaces at paths and descriptors that the user named. */
#include "../../../common/sys/nsfile.h"

#include "../../../common/sys/nsfs.h"
#include "../fixture.h"

#include <sched.h>

/* One of each kind of file. */
static struct fixture f;

static int setup(void **state)
{
	(void)state;
	f = fixture_new();
	fixture_text(&f, "file", "");
	fixture_link(&f, "link", "/proc/self/ns/net");
	fixture_link(&f, "loop", "loop");
	return mkfifoat(f.fd, "fifo", 0600);
}

static int teardown(void **state)
{
	(void)state;
	fixture_done(&f);
	return 0;
}

static void test_opens_what_a_link_leads_to(void **state)
{
	auto_close int fd = nsfile_open(f.fd, "link");
	auto_close int again = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(nsfs_type(fd), CLONE_NEWNET);
	assert_int_equal(fd_inode(fd), fd_inode(again));
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

/* A FIFO without a writer would block an open(2) for reading. */
static void test_opens_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(nsfile_open(f.fd, "fifo"), -EINVAL);
	assert_int_equal(nsfile_open(f.fd, "file"), -EINVAL);
	assert_int_equal(nsfile_open(f.fd, "."), -EINVAL);
	assert_int_equal(nsfile_open(f.fd, "/dev/tty"), -EINVAL);
	assert_int_equal(nsfile_open(f.fd, "missing"), -ENOENT);
	assert_int_equal(nsfile_open(f.fd, "file/x"), -ENOTDIR);
	assert_int_equal(nsfile_open(f.fd, "loop"), -ELOOP);
}

static void test_reopens_a_descriptor_that_only_points(void **state)
{
	auto_close int pointer = open("/proc/self/ns/uts", O_PATH | O_CLOEXEC);
	auto_close int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	auto_close int fd = nsfile_reopen(pointer);

	(void)state;
	assert_int_equal(nsfs_type(pointer), -EBADF);
	assert_int_equal(nsfs_type(fd), CLONE_NEWUTS);
	assert_int_equal(nsfile_reopen(null), -EINVAL);
	assert_int_equal(nsfile_reopen(-1), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens_what_a_link_leads_to),
		cmocka_unit_test(test_opens_nothing_else),
		cmocka_unit_test(test_reopens_a_descriptor_that_only_points),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
