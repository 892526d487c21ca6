/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What listmount(2) and statmount(2) say is what mountinfo says. */
#include "../../../common/sys/statmount.h"

#include "../../../common/base/fd.h"
#include "../../../common/sys/compat.h"
#include "../../../common/sys/mountinfo.h"
#include "../../../common/sys/nsfs.h"
#include "../../../common/sys/procfs.h"
#include "../../lib/deny.h"
#include "../child.h"
#include "../fixture.h"

#include <sys/mount.h>

/* A line as text, without the source, which mountinfo escapes in ways of its own. */
static void add(const struct mount_line *l, void *data)
{
	str_addf(data, "%u %u %llx '%s' on '%s' %s %llx %u %u\n", l->id, l->parent,
		 (unsigned long long)l->dev, l->root, l->target, l->fstype,
		 (unsigned long long)l->attr, l->peers, l->master);
}

static uint64_t own_id(void)
{
	auto_close int fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	uint64_t id = 0;

	return nsfs_id(fd, &id) == 0 ? id : 0;
}

static bool read_mountinfo(int proc, struct str *ret)
{
	auto_str struct str text = { 0 };

	str_done(ret);
	return proc_read(proc, "self/mountinfo", &text) >= 0 &&
	       mountinfo_each(text.s, text.len, add, ret, NULL) >= 0;
}

/*
 * A mount namespace with odd mounts. Also there a mount goes while others remove the file that it
 * is on, elsewhere: what counts is told between two readings that are the same.
 */
static int agree(void *data)
{
	auto_str struct str told = { 0 }, before = { 0 }, after = { 0 };
	auto_close int proc = proc_open();
	char dir[] = "/tmp/statmount.XXXXXX\0\n \\x";

	(void)data;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("odd", "/tmp", "tmpfs", MS_NOSUID | MS_NOEXEC | MS_NOATIME, NULL) < 0 ||
	    mount("", "/tmp", NULL, MS_SHARED, NULL) < 0 || !mkdtemp(dir))
		return 2;
	dir[strlen(dir)] = '-';
	if (mkdir(dir, 0700) < 0 || mount("/tmp", dir, NULL, MS_BIND, NULL) < 0)
		return 3;
	do {
		if (!read_mountinfo(proc, &before))
			return 4;
		str_done(&told);
		if (mounts_each(own_id(), 0, add, &told) < 0)
			return 5;
		if (!read_mountinfo(proc, &after))
			return 6;
	} while (!str_is(str_text(&before), str_text(&after)));
	if (!strstr(str_text(&told), "-\n \\x' tmpfs"))
		return 7;
	return !str_is(str_text(&told), str_text(&after));
}

static void test_agrees_with_mountinfo(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(child_run(agree, NULL), 0);
}

static void count(const struct mount_line *line, void *data)
{
	(void)line;
	++*(size_t *)data;
}

/* More than come in one batch; and of these the ones of one kind of file system. */
static int many(void *data)
{
	size_t n = 0;

	(void)data;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return 2;
	for (int i = 0; i < 1100; i++)
		if (mount("many", "/tmp", "tmpfs", 0, NULL) < 0)
			return 3;
	if (mounts_each(own_id(), 0, count, &n) < 0 || n <= 1100)
		return 4;
	n = 0;
	if (mounts_each(own_id(), NSFS_MAGIC, count, &n) < 0 || n != 0)
		return 5;
	if (mount("/proc/self/ns/net", "/proc/self/comm", NULL, MS_BIND, NULL) < 0)
		return 6;
	return mounts_each(own_id(), NSFS_MAGIC, count, &n) < 0 || n != 1;
}

static void test_more_than_a_batch(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(child_run(many, NULL), 0);
}

static int refused(void *data)
{
	size_t n = 0;

	if (deny(data) < 0)
		return 254;
	return mounts_each(own_id(), 0, count, &n) != -ENOSYS || n;
}

static void test_kernels_without_it(void **state)
{
	(void)state;
	assert_int_equal(child_run(refused, "listmount=ENOSYS"), 0);
	assert_int_equal(child_run(refused, "statmount=ENOSYS"), 0);
}

static void test_no_such_namespace(void **state)
{
	size_t n = 0;

	(void)state;
	assert_true(mounts_each(1, 0, count, &n) < 0);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_mountinfo),
		cmocka_unit_test(test_more_than_a_batch),
		cmocka_unit_test(test_kernels_without_it),
		cmocka_unit_test(test_no_such_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
