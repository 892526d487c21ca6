/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causes of refusals: the pure part from facts as data, the probing part from a made /proc. */
#include "../../../common/ns/why.h"

#include "../../../common/base/fd.h"

#include "../cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIT(t) (1U << (t))

/* Each case is the free caller with some of its facts overridden. */
#pragma GCC diagnostic ignored "-Woverride-init"

/* A caller whom nothing hinders: each case below spoils one fact of it. */
#define FREE_CALLER                                                                                \
	.has_admin = true, .uid_mapped = true, .gid_mapped = true, .threads = 1,                   \
	.userns_clone = -1, .apparmor = -1, .limit = { 90, 90, 90, 90, 90, 90, 90, 90 },           \
	.user_ns = 4026531837, .pid_levels = 1

static const struct {
	struct why w;
	const char *has; /* in the hints; NULL: there must be none */
	const char *lacks;
} cases[] = {
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_NET) }, NULL, NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_NET),
	    .has_admin = false },
	  "CAP_SYS_ADMIN",
	  "chroot" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_USER),
	    .has_admin = false, .in_chroot = true, .seccomp = 2 },
	  "pivot_root",
	  "seccomp" },
	{ { FREE_CALLER, .call = WHY_SETNS, .code = -EPERM, .types = BIT(NS_USER),
	    .in_chroot = true },
	  "pivot_root",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_USER),
	    .uid_mapped = false },
	  "user id has no mapping",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_USER),
	    .gid_mapped = false },
	  "group id has no mapping",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_USER),
	    .has_admin = false, .userns_clone = 0 },
	  "sysctl -w kernel.unprivileged_userns_clone=1",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_USER),
	    .has_admin = false, .userns_clone = 1, .seccomp = 2 },
	  "Seccomp: 2",
	  "unprivileged_userns_clone" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EACCES, .types = BIT(NS_USER),
	    .has_admin = false, .apparmor = 1 },
	  "profile is 'unconfined'",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UID_MAP, .code = -EPERM, .types = BIT(NS_USER), .apparmor = 2,
	    .label = (char *)"unprivileged_userns (\x1b)" },
	  "is 2 and the caller's AppArmor profile is 'unprivileged_userns (\\x1b)'",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EPERM, .types = BIT(NS_NET), .apparmor = 0 },
	  NULL,
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSYS, .types = BIT(NS_NET), .seccomp = 2 },
	  "Seccomp: 2",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSPC, .types = BIT(NS_NET) | BIT(NS_USER),
	    .limit = { 90, 90, 90, 0, 90, 90, 90, 90 } },
	  "user.max_net_namespaces is 0 in user:[4026531837]",
	  "nest at most" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSPC, .types = BIT(NS_NET) },
	  "user.max_net_namespaces is 90 in user:[4026531837]",
	  "nest at most" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSPC, .types = BIT(NS_USER),
	    .limit = { [NS_USER] = INT_MAX } },
	  "nest at most 32 deep",
	  "2147483647" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSPC, .types = BIT(NS_USER),
	    .limit = { [NS_USER] = INT_MAX } },
	  "a user namespace above this one has reached its own",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EUSERS, .types = BIT(NS_USER) },
	  "nest at most 32 deep",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSPC, .types = BIT(NS_PID),
	    .pid_levels = 33 },
	  "pid namespaces nest at most 32 deep",
	  "max_pid" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOSPC, .types = BIT(NS_PID),
	    .pid_levels = 32 },
	  "user.max_pid_namespaces",
	  "nest" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EINVAL, .types = BIT(NS_TIME) | BIT(NS_NET),
	    .lacking = BIT(NS_TIME) },
	  "this kernel has no time namespaces",
	  "net" },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EINVAL, .types = BIT(NS_USER),
	    .threads = 3 },
	  "has 3 threads",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EINVAL, .types = BIT(NS_PID),
	    .children_elsewhere = true },
	  "for its children already",
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -EINVAL, .types = BIT(NS_NET),
	    .children_elsewhere = true },
	  NULL,
	  NULL },
	{ { FREE_CALLER, .call = WHY_UNSHARE, .code = -ENOMEM, .types = BIT(NS_NET) },
	  "memory.max of the caller's cgroup",
	  "has died" },
	{ { FREE_CALLER, .call = WHY_FORK, .code = -ENOMEM, .types = BIT(NS_PID) },
	  "first process of the pid namespace has died",
	  NULL },
	{ { FREE_CALLER, .call = WHY_MOUNT_PROC, .code = -EPERM,
	    .covered = (char *)"/proc/kcore, /proc/keys" },
	  "('/proc/kcore, /proc/keys')",
	  NULL },
	{ { FREE_CALLER, .call = WHY_MOUNT_PROC, .code = -EPERM, .covered = (char *)"/proc/\n" },
	  "/proc/\\x0a",
	  NULL },
	{ { FREE_CALLER, .call = WHY_MOUNT_PROC, .code = -EPERM }, "-p", NULL },
	{ { FREE_CALLER, .call = WHY_MOUNT, .code = -EPERM, .has_admin = false },
	  "CAP_SYS_ADMIN",
	  NULL },
	{ { FREE_CALLER, .call = WHY_SETGROUPS, .code = -EPERM, .setgroups_denied = true },
	  "setgroups is denied",
	  NULL },
	{ { FREE_CALLER, .call = WHY_SETGROUPS, .code = -EPERM, .gid_mapped = false },
	  "no group is mapped",
	  NULL },
	{ { FREE_CALLER, .call = WHY_GID_MAP, .code = -EPERM }, "--setgroups=deny", NULL },
	{ { FREE_CALLER, .call = WHY_GID_MAP, .code = -EPERM, .setgroups_denied = true },
	  "/etc/subgid",
	  "--setgroups" },
	{ { FREE_CALLER, .call = WHY_UID_MAP, .code = -EINVAL }, "overlap", NULL },
};

static void explains_each_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_err struct err e = { 0 };

		err_set(&e, cases[i].w.code, "case %zu", i);
		why_explain(&cases[i].w, &e);
		if (!cases[i].has != !e.hint ||
		    (e.hint && (!strstr(e.hint, cases[i].has) ||
				(cases[i].lacks && strstr(e.hint, cases[i].lacks)))))
			fail_msg("case %zu: hints: %s", i, e.hint ? e.hint : "none");
	}
}

/* A /proc of files, in a directory of its own. */
struct fixture {
	char dir[64];
	int fd;
};

static void put(const struct fixture *f, const char *path, const char *text)
{
	auto_free char *whole = xstrdup(path);
	auto_close int fd = -EBADF;

	for (char *p = strchr(whole, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdirat(f->fd, whole, 0700);
		*p = '/';
	}
	fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
}

static int fixture_make(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	memcpy(f->dir, "/tmp/why.XXXXXX", sizeof("/tmp/why.XXXXXX"));
	assert_non_null(mkdtemp(f->dir));
	f->fd = open(f->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*state = f;
	return 0;
}

static int remove_below(int dir, const char *name)
{
	static const char *const files[] = {
		"self/status",
		"self/uid_map",
		"self/gid_map",
		"self/setgroups",
		"self/mountinfo",
		"self/attr/current",
		"sys/user/max_net_namespaces",
		"sys/kernel/unprivileged_userns_clone",
		"sys/kernel/apparmor_restrict_unprivileged_userns",
		"self/ns/net",
		"self/ns/user",
	};
	static const char *const dirs[] = { "self/attr", "self/ns",    "self",
					    "sys/user",	 "sys/kernel", "sys" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		unlinkat(dir, files[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		unlinkat(dir, dirs[i], AT_REMOVEDIR);
	return rmdir(name);
}

static int fixture_drop(void **state)
{
	struct fixture *f = *state;
	int r = remove_below(f->fd, f->dir);

	close(f->fd);
	free(f);
	return r;
}

static void reads_facts(void **state)
{
	struct fixture *f = *state;
	auto_why struct why w = { .call = WHY_MOUNT_PROC };

	put(f, "self/status",
	    "Name:\tx\nThreads:\t2\nNSpid:\t77\t5\t1\nCapEff:\t0000000000200000\nSeccomp:\t2\n");
	put(f, "self/uid_map", "");
	put(f, "self/gid_map", "         0          0 4294967295\n");
	put(f, "self/setgroups", "deny\n");
	put(f, "self/mountinfo",
	    "1 2 0:1 / /proc rw - proc proc rw\n"
	    "3 1 0:2 / /proc/kcore rw - tmpfs tmpfs rw\n"
	    "4 1 0:2 / /proc/sys/fs/binfmt_misc rw - autofs a rw\n"
	    "5 1 0:2 / /proc/keys rw - tmpfs tmpfs rw\n");
	put(f, "self/attr/current", "docker-default (enforce)\n");
	put(f, "sys/user/max_net_namespaces", "0\n");
	put(f, "sys/kernel/unprivileged_userns_clone", "0\n");
	put(f, "sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
	put(f, "self/ns/net", "");
	assert_int_equal(symlinkat("user:[4026532001]", f->fd, "self/ns/user"), 0);
	why_probe(&w, f->fd);
	assert_true(w.has_admin);
	assert_int_equal(w.threads, 2);
	assert_int_equal(w.seccomp, 2);
	assert_int_equal(w.pid_levels, 3);
	assert_false(w.uid_mapped);
	assert_true(w.gid_mapped);
	assert_true(w.setgroups_denied);
	assert_string_equal(w.covered, "/proc/kcore, /proc/keys");
	assert_string_equal(w.label, "docker-default (enforce)");
	assert_int_equal(w.limit[NS_NET], 0);
	assert_int_equal(w.limit[NS_UTS], -1);
	assert_int_equal(w.userns_clone, 0);
	assert_int_equal(w.apparmor, 1);
	assert_int_equal(w.lacking, NS_ALL & ~(BIT(NS_NET) | BIT(NS_USER)));
	assert_int_equal(w.user_ns, 4026532001);
}

static void bears_an_empty_proc(void **state)
{
	struct fixture *f = *state;
	auto_why struct why w = { .call = WHY_UNSHARE };

	put(f, "self/status", "CapEff:\t00000000ffdfffff\nSeccomp:");
	why_probe(&w, f->fd);
	assert_false(w.has_admin);
	assert_int_equal(w.seccomp, 0);
	assert_int_equal(w.pid_levels, 0);
	assert_true(w.uid_mapped && w.gid_mapped);
	assert_int_equal(w.limit[NS_NET], -1);
	assert_int_equal(w.userns_clone, -1);
	assert_int_equal(w.lacking, 0);
	assert_null(w.label);
	assert_null(w.covered);
}

static void keeps_the_code(void **state)
{
	struct fixture *f = *state;
	auto_err struct err e = { 0 };

	why_hint(&e, f->fd, WHY_FORK, 0);
	assert_null(e.hint);
	err_set(&e, -ENOMEM, "cannot fork");
	why_hint(&e, f->fd, WHY_FORK, 0);
	assert_int_equal(e.code, -ENOMEM);
	assert_non_null(e.hint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explains_each_cause),
		cmocka_unit_test_setup_teardown(reads_facts, fixture_make, fixture_drop),
		cmocka_unit_test_setup_teardown(bears_an_empty_proc, fixture_make, fixture_drop),
		cmocka_unit_test_setup_teardown(keeps_the_code, fixture_make, fixture_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
