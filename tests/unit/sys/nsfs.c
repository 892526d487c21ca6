/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/nsfs.h"

#include "../../../common/base/fd.h"
#include "../../lib/deny.h"
#include "../child.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static int own(const char *name)
{
	auto_free char *path = xasprintf("/proc/self/ns/%s", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void test_tells_a_namespace_from_a_file(void **state)
{
	auto_close int net = own("net"), file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	auto_close int path = open("/proc/self/ns/net", O_PATH | O_CLOEXEC);
	auto_close int link = open("/proc/self/ns/net", O_PATH | O_NOFOLLOW | O_CLOEXEC);

	(void)state;
	assert_true(nsfs_is(net));
	assert_true(nsfs_is(path));
	assert_false(nsfs_is(link));
	assert_false(nsfs_is(file));
	assert_false(nsfs_is(-1));
}

static void test_types(void **state)
{
	auto_close int net = own("net"), user = own("user");
	auto_close int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(nsfs_type(net), CLONE_NEWNET);
	assert_int_equal(nsfs_type(user), CLONE_NEWUSER);
	assert_int_equal(nsfs_type(file), -ENOTTY);
}

/* In a user namespace of its own a process sees up to that one, and its creator as it maps him. */
static int below_the_top(void *data)
{
	auto_close int net = -EBADF, user = -EBADF, owner = -EBADF;
	uid_t creator = 12345;

	(void)data;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return 254;
	net = own("net");
	user = own("user");
	owner = nsfs_userns(net);
	if (owner < 0 || fd_inode(owner) != fd_inode(user) || fcntl(owner, F_GETFD) != FD_CLOEXEC)
		return 1;
	if (nsfs_userns(user) != -EPERM || nsfs_parent(user) != -EPERM)
		return 2;
	if (nsfs_owner_uid(user, &creator) < 0 || creator != 65534) /* not mapped */
		return 3;
	return 0;
}

static void test_owner_and_creator(void **state)
{
	(void)state;
	assert_int_equal(child_run(below_the_top, NULL), 0);
}

/* The parent of the namespace that this process's next child will be init of. */
static int parent_of_pid(void *data)
{
	auto_close int here = own("pid"), below = -EBADF, parent = -EBADF;
	pid_t init;

	(void)data;
	if (unshare(CLONE_NEWPID) < 0)
		return 254;
	init = child_start(0);
	below = own("pid_for_children");
	parent = nsfs_parent(below);
	child_end(init);
	return fd_inode(parent) != fd_inode(here) || fcntl(parent, F_GETFD) != FD_CLOEXEC;
}

static void test_parents(void **state)
{
	auto_close int net = own("net");

	(void)state;
	assert_int_equal(nsfs_parent(net), -EINVAL);
	if (geteuid() != 0)
		skip();
	assert_int_equal(child_run(parent_of_pid, NULL), 0);
}

static void test_ids_open_again(void **state)
{
	auto_close int net = own("net"), again = -EBADF;
	uint64_t id = 0;

	(void)state;
	if (nsfs_id(net, &id) < 0)
		skip(); /* before Linux 6.18 */
	assert_true(id > 0);
	again = nsfs_open_handle(id, CLONE_NEWNET, (uint32_t)fd_inode(net));
	if (again == -EBADF)
		skip(); /* before Linux 6.18: only mount namespaces have ids */
	assert_int_equal(fd_inode(again), fd_inode(net));
	assert_int_equal(fcntl(again, F_GETFD), FD_CLOEXEC);
	assert_int_equal(nsfs_open_handle(id + 99999999, CLONE_NEWNET, (uint32_t)fd_inode(net)),
			 -ESTALE);
	assert_int_equal(nsfs_open_handle(id, CLONE_NEWUTS, (uint32_t)fd_inode(net)), -ESTALE);
}

/* Without NS_GET_ID mount namespaces still have theirs, from Linux 6.11 on. */
static int ids_refused(void *data)
{
	auto_close int net = own("net"), mnt = own("mnt");
	uint64_t id = 0, before = 0;
	bool has_own = ioctl(mnt, NS_GET_MNTNS_ID, &before) == 0;

	(void)data;
	if (deny("ioctl:0x8008b70d=ENOTTY") < 0)
		return 254;
	if (nsfs_id(net, &id) == 0 || id != 0)
		return 1;
	return (nsfs_id(mnt, &id) == 0) != has_own || id != before;
}

static void test_without_ids(void **state)
{
	(void)state;
	assert_int_equal(child_run(ids_refused, NULL), 0);
}

static int list_refused(void *data)
{
	uint64_t ids[4];

	(void)data;
	return deny("listns=ENOSYS") < 0 ? 254 : nsfs_list(0, ids, 4) != -ENOSYS;
}

static void test_without_listns(void **state)
{
	(void)state;
	assert_int_equal(child_run(list_refused, NULL), 0);
}

/* Goes from this process's mount namespace STEP by step. Returns 1 if it comes by inode WANTED. */
static int walk(int (*step)(int), ino_t wanted)
{
	auto_close int at = own("mnt");
	ino_t start = fd_inode(at);
	int found = 0;

	for (;;) {
		int next = step(at);

		if (next < 0)
			return next == -ENOENT ? found : next;
		close(at);
		at = next;
		assert_int_not_equal(fd_inode(at), start);
		assert_int_equal(fcntl(at, F_GETFD), FD_CLOEXEC);
		found |= fd_inode(at) == wanted;
	}
}

static void test_mount_namespaces_are_walked(void **state)
{
	auto_free char *path = NULL;
	struct stat st;
	pid_t child;
	int up, down;

	(void)state;
	if (geteuid() != 0)
		skip();
	child = child_start(CLONE_NEWNS);
	path = xasprintf("/proc/%d/ns/mnt", child);
	assert_int_equal(stat(path, &st), 0);
	up = walk(nsfs_mnt_next, st.st_ino);
	down = walk(nsfs_mnt_prev, st.st_ino);
	child_end(child);
	if (up == -ENOTTY)
		skip(); /* before Linux 6.12 */
	assert_int_equal(up + down, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tells_a_namespace_from_a_file),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_owner_and_creator),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_ids_open_again),
		cmocka_unit_test(test_without_ids),
		cmocka_unit_test(test_without_listns),
		cmocka_unit_test(test_mount_namespaces_are_walked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
