/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening bound namespaces below a directory where a stranger has laid out names. */
#include "../../../common/sys/nsfile.h"

#include "../../lib/deny.h"
#include "../child.h"
#include "../fixture.h"

#include <sys/mount.h>

static struct fixture f;

/* Binds a namespace of this process to PATH, in a mount namespace of the test's own. */
static void bind_at(const char *ns, const char *path)
{
	auto_free char *target = xasprintf("%s/%s", f.dir, path);

	fixture_text(&f, path, "");
	assert_int_equal(mount(ns, target, NULL, MS_BIND, NULL), 0);
}

static int setup(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return 0;
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	f = fixture_new();
	bind_at("/proc/self/ns/net", "run/netns/blue");
	bind_at("/proc/self/ns/uts", "odd \n\\040");
	fixture_text(&f, "file", "");
	fixture_link(&f, "link", "run/netns/blue");
	fixture_link(&f, "dir", "run/netns");
	fixture_link(&f, "away", "/proc/self/ns");
	fixture_link(&f, "run/self", "/proc/self/ns/net");
	assert_int_equal(mkfifoat(f.fd, "fifo", 0600), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		auto_free char *path =
			xasprintf("%s/%s", f.dir, i ? "odd \n\\040" : "run/netns/blue");

		assert_int_equal(umount2(path, MNT_DETACH), 0);
	}
	fixture_done(&f);
	return 0;
}

static ino_t inode(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_ino;
}

/* Each path and the namespace it leads to; NULL: it is refused. */
static const struct {
	const char *path, *ns;
} paths[] = {
	{ "run/netns/blue", "/proc/self/ns/net" },
	{ "/run//netns/blue", "/proc/self/ns/net" },
	{ "/odd \n\\040", "/proc/self/ns/uts" },
	{ "run/netns/red", NULL },
	{ "run/netns/blue/x", NULL },
	{ "file", NULL },
	{ "run", NULL },
	{ "/", NULL },
	{ "", NULL },
	{ "fifo", NULL },
	{ "link", NULL },
	{ "dir/blue", NULL },
	{ "/away/net", NULL },
	{ "run/self", NULL },
};

/* Returns the number of the first path that came out differently, counted from 1, or 0. */
static int try_all(void *data)
{
	(void)data;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		auto_close int fd = nsfile_open_below(f.fd, paths[i].path);

		if (paths[i].ns ? fd_inode(fd) != inode(paths[i].ns) : fd >= 0)
			return (int)i + 1;
		if (fd >= 0 && fcntl(fd, F_GETFD) != FD_CLOEXEC)
			return 200;
	}
	return 0;
}

static void test_what_is_no_namespace_is_not_opened(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(nsfile_open_below(f.fd, "file"), -EINVAL);
	assert_int_equal(nsfile_open_below(f.fd, "fifo"), -EINVAL);
	assert_int_equal(nsfile_open_below(f.fd, "link"), -EINVAL);
}

static void test_paths(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(try_all(NULL), 0);
}

/* The path is looked up as if ROOT were the root directory. */
static void test_dots_do_not_leave_the_root(void **state)
{
	auto_close int root = -EBADF, fd = -EBADF;

	(void)state;
	if (geteuid() != 0)
		skip();
	root = openat(f.fd, "run/netns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = nsfile_open_below(root, "../../../../blue");
	assert_int_equal(fd_inode(fd), inode("/proc/self/ns/net"));
}

/* Mounts and unmounts until it is ended, where nobody else sees it. */
static pid_t start_mounting(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	while (pid == 0)
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
		    mount("/", "/mnt", NULL, MS_BIND, NULL) < 0 || umount2("/mnt", MNT_DETACH) < 0)
			_exit(1);
	return pid;
}

/* The kernel gives up on its cache where something is mounted meanwhile, wherever that is. */
static void test_while_others_mount(void **state)
{
	pid_t mounter;
	int failed = 0;

	(void)state;
	if (geteuid() != 0)
		skip();
	mounter = start_mounting();
	for (int i = 0; i < 20000; i++) {
		auto_close int fd = nsfile_open_below(f.fd, "run/netns/blue");

		failed += fd < 0;
	}
	assert_int_equal(waitpid(mounter, NULL, WNOHANG), 0);
	child_end(mounter);
	assert_int_equal(failed, 0);
}

static int try_without(void *rule)
{
	return deny(rule) < 0 ? 254 : try_all(NULL);
}

/* Before 5.6 there is no openat2(2), and in some containers a filter refuses it. */
static void test_without_openat2(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(child_run(try_without, (char *)"openat2=ENOSYS"), 0);
	assert_int_equal(child_run(try_without, (char *)"openat2=EPERM"), 0);
}

static int dots_without_openat2(void *data)
{
	auto_close int root = openat(f.fd, "run/netns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)data;
	if (deny("openat2=ENOSYS") < 0)
		return 254;
	return nsfile_open_below(root, "../netns/blue") != -EINVAL;
}

/* Mount points have no dots: what stands in for openat2(2) refuses them. */
static void test_dots_without_openat2(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(child_run(dots_without_openat2, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_what_is_no_namespace_is_not_opened),
		cmocka_unit_test(test_dots_do_not_leave_the_root),
		cmocka_unit_test(test_while_others_mount),
		cmocka_unit_test(test_without_openat2),
		cmocka_unit_test(test_dots_without_openat2),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
