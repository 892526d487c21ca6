/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/nsfile.h"

#include "../../../common/base/fd.h"
#include "../../../common/sys/nsfs.h"
#include "../cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory of the test's own with one of each kind of file. */
struct place {
	char *path;
	int dir;
};

static int setup(void **state)
{
	static struct place p;
	const char *tmp = getenv("TMPDIR");

	p.path = xasprintf("%s/nsfile.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(p.path))
		return -1;
	p.dir = open(p.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p.dir < 0 || mkfifoat(p.dir, "fifo", 0600) < 0 ||
	    symlinkat("/proc/self/ns/net", p.dir, "link") < 0 ||
	    symlinkat("loop", p.dir, "loop") < 0)
		return -1;
	*state = &p;
	return close(openat(p.dir, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

static int teardown(void **state)
{
	static const char *const names[] = { "fifo", "link", "loop", "file" };
	struct place *p = *state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlinkat(p->dir, names[i], 0);
	rmdir(p->path);
	free(p->path);
	return close(p->dir);
}

static void test_opens_what_a_link_leads_to(void **state)
{
	const struct place *p = *state;
	auto_close int fd = nsfile_open(p->dir, "link");
	auto_close int again = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_int_equal(nsfs_type(fd), CLONE_NEWNET);
	assert_int_equal(fd_inode(fd), fd_inode(again));
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

/* A FIFO without a writer would block an open(2) for reading. */
static void test_opens_nothing_else(void **state)
{
	const struct place *p = *state;

	assert_int_equal(nsfile_open(p->dir, "fifo"), -EINVAL);
	assert_int_equal(nsfile_open(p->dir, "file"), -EINVAL);
	assert_int_equal(nsfile_open(p->dir, "."), -EINVAL);
	assert_int_equal(nsfile_open(p->dir, "/dev/tty"), -EINVAL);
	assert_int_equal(nsfile_open(p->dir, "missing"), -ENOENT);
	assert_int_equal(nsfile_open(p->dir, "file/x"), -ENOTDIR);
	assert_int_equal(nsfile_open(p->dir, "loop"), -ELOOP);
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
