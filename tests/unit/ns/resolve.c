/* SPDX-License-Identifier: GPL-3.0-or-later */
/* References to processes and namespaces resolved on this machine. */
#include "resolving.h"

#include "../../../common/sys/nsfs.h"
#include "../../../common/sys/pidfd.h"
#include "../../lib/deny.h"

#include <inttypes.h>
#include <sys/mount.h>
#include <sys/socket.h>

static void test_processes(void **state)
{
	auto_target struct target t = TARGET_NONE;

	(void)state;
	assert_int_equal(resolve_text(xasprintf("%d", child), &t, NULL), 0);
	assert_int_equal(t.pid, child);
	assert_int_equal(t.kind, TARGET_PROCESS);
	assert_int_equal(fd_inode(target_ns(&t, NS_UTS, NULL)), inode_of(child, "uts"));
	assert_true(refuses(xstrdup("2147483647"), -ESRCH, "there is no process 2147483647"));
	assert_true(refuses(xstrdup("tid:2147483647"), -ESRCH, "there is no thread 2147483647"));
}

static void test_labels_are_safe_to_show(void **state)
{
	auto_target struct target t = TARGET_NONE;
	auto_free char *path = xasprintf("%s/ref\033[2J", f.dir);

	(void)state;
	fixture_link(&f, "ref\033[2J", "/proc/self/ns/net");
	resolve_text(xstrdup(path), &t, NULL);
	assert_non_null(strstr(t.label, "/ref\\x1b[2J"));
}

static uint64_t birth_of(pid_t pid)
{
	auto_close int pidfd = pidfd_of(pid);
	struct proc_stat st = { 0 };
	uint64_t ino;

	if (pidfd >= 0 && pidfd_inode(pidfd, &ino) == 0)
		return ino;
	proc_stat_read(proc, pid, &st);
	return st.starttime;
}

/* DATA is a rule for deny(), or empty. Returns which check failed. */
static int knows_births(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_err struct err e = { 0 };
	uint64_t birth;

	if (*(const char *)data && deny(data) < 0)
		return 1;
	birth = birth_of(child);
	if (!birth || resolve_text(xasprintf("pid:%d:%" PRIu64, child, birth), &t, NULL) < 0)
		return 2;
	target_done(&t);
	if (resolve_text(xasprintf("pid:%d:%" PRIu64, child, birth + 1), &t, &e) != -ESTALE)
		return 3;
	return strstr(e.text, "is stale: process") && strstr(e.hint, "the pid now is 'pid:") ? 0
											     : 4;
}

static void test_a_pid_may_tell_its_birth(void **state)
{
	(void)state;
	assert_int_equal(child_run(knows_births, (void *)""), 0);
	assert_int_equal(child_run(knows_births, (void *)"pidfd_open=ENOSYS"), 0);
}

/* Namespaces that the process joins later are not those of its caller. */
static int self_stays(void *data)
{
	auto_target struct target t = TARGET_NONE;
	ino_t uts = inode_of(getpid(), "uts");

	(void)data;
	if (resolve_text(xstrdup("self"), &t, NULL) < 0 || t.types != NS_ALL)
		return 1;
	if (unshare(CLONE_NEWUTS) < 0)
		return 2;
	return fd_inode(target_ns(&t, NS_UTS, NULL)) == uts ? 0 : 3;
}

static void test_self_is_what_the_caller_gave(void **state)
{
	(void)state;
	need_root();
	assert_int_equal(child_run(self_stays, NULL), 0);
}

static int is_parent(void *data)
{
	auto_target struct target t = TARGET_NONE;

	if (resolve_text(xstrdup("parent"), &t, NULL) < 0)
		return 1;
	return t.pid == *(pid_t *)data ? 0 : 2;
}

/* Stands for the shell that calls nstool. */
static int call_is_parent(void *data)
{
	return child_run(is_parent, data);
}

static void test_parent_is_the_callers(void **state)
{
	pid_t self = getpid();

	(void)state;
	assert_int_equal(child_run(call_is_parent, &self), 0);
}

/* Runs FN as pid 1 of a pid namespace with a /proc of its own. */
static int as_init(void *fn)
{
	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		return 100;
	proc = proc_open();
	return ((int (*)(void))fn)();
}

static int in_pid_namespace(void *fn)
{
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0 ||
	    mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return 101;
	return child_run(as_init, fn);
}

static int has_no_parent(void)
{
	return refuses(xstrdup("parent"), -ESRCH, "the parent of process 1 is not visible") ? 0 : 1;
}

static void test_parent_may_be_out_of_sight(void **state)
{
	(void)state;
	need_root();
	assert_int_equal(child_run(in_pid_namespace, (void *)has_no_parent), 0);
}

/* Where pid 2 is anybody. */
static int does_not_believe_pid_2(void)
{
	auto_target struct target t = TARGET_NONE;
	pid_t second = child_start(CLONE_NEWUTS | CLONE_NEWNET);

	if (second != 2 || resolve_text(xstrdup("host"), &t, NULL) < 0)
		return 1;
	if (t.ns[NS_PID] >= 0 || fd_inode(t.ns[NS_UTS]) == inode_of(2, "uts"))
		return 2;
	return fd_inode(t.ns[NS_NET]) == inode_of(2, "net") ? 3 : 0;
}

static void test_host_is_not_what_pid_2_says(void **state)
{
	(void)state;
	need_root();
	assert_int_equal(child_run(in_pid_namespace, (void *)does_not_believe_pid_2), 0);
}

static bool has_inodes(const struct target *t, const ino_t *want)
{
	for (int type = 0; type < NS_NTYPES; type++)
		if (t->ns[type] >= 0 && fd_inode(t->ns[type]) != want[type])
			return false;
	return true;
}

/* Also from inside other namespaces. DATA: a user id to become. */
static int sees_the_host(void *data)
{
	auto_target struct target t = TARGET_NONE;
	uid_t uid = *(uid_t *)data;
	ino_t initial[NS_NTYPES];

	for (int type = 0; type < NS_NTYPES; type++)
		initial[type] = inode_of(2, ns_types[type].name);
	if (unshare(CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWNS) < 0)
		return 1;
	if (uid && setuid(uid) < 0)
		return 2;
	if (resolve_text(xstrdup("host"), &t, NULL) < 0 || t.kind != TARGET_NAMESPACES)
		return 3;
	if (!has_inodes(&t, initial))
		return 4;
	/* Others' processes are closed to an ordinary user: what is not its own stays unknown. */
	return t.types == (uid ? NS_ALL & ~(1U << NS_NET | 1U << NS_UTS | 1U << NS_MNT) : NS_ALL)
		       ? 0
		       : 5;
}

static void test_host_is_where_the_kernel_is(void **state)
{
	/* who has no other process, as nobody may have, and as another run of this test has */
	uid_t root = 0, stranger = 2018915346 + (uid_t)getpid();

	(void)state;
	need_root();
	if (!inode_of(2, "net"))
		skip(); /* inside a container there is no host to see */
	assert_int_equal(child_run(sees_the_host, &root), 0);
	assert_int_equal(child_run(sees_the_host, &stranger), 0);
}

static void test_inodes(void **state)
{
	ino_t net = inode_of(child, "net"), uts = inode_of(child, "uts");
	auto_free char *sentence = xasprintf("%ju is a uts namespace, not a net namespace", uts);

	(void)state;
	need_root();
	assert_true(names(xasprintf("net:[%ju]", net), NS_NET, net));
	assert_true(names(xasprintf("net:%ju", net), NS_NET, net));
	assert_true(names(xasprintf("%ju", net), NS_NET, net));
	assert_true(names(xasprintf("%ju", uts), NS_UTS, uts));
	assert_true(names(xasprintf("%ju", inode_of(getpid(), "user")), NS_USER,
			  inode_of(getpid(), "user")));
	assert_true(refuses(xasprintf("net:[%ju]", uts), -EINVAL, sentence));
	assert_true(refuses(xstrdup("net:[4294967295]"), -ENOENT,
			    "there is no namespace with inode 4294967295"));
}

/* The caller's snapshot may be without it. */
static void test_looks_beyond_a_snapshot(void **state)
{
	auto_target struct target t = TARGET_NONE;
	struct graph empty = { 0 };
	auto_resolver struct resolver r = { .proc = proc, .graph = &empty };
	auto_free char *text = xasprintf("net:[%ju]", inode_of(child, "net"));

	(void)state;
	need_root();
	assert_int_equal(resolve(&r, text, &t, NULL), 0);
	assert_int_equal(fd_inode(t.ns[NS_NET]), inode_of(child, "net"));
}

/* A network namespace that nothing but a socket of a child keeps alive. */
static pid_t start_socket_holder(ino_t *ino)
{
	int ready[2];
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		int old = open_ns(getpid(), "net");

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		unshare(CLONE_NEWNET);
		*ino = inode_of(getpid(), "net");
		socket(AF_INET, SOCK_DGRAM, 0);
		setns(old, CLONE_NEWNET);
		close(old);
		if (write(ready[1], ino, sizeof(*ino)) == sizeof(*ino))
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], ino, sizeof(*ino)), sizeof(*ino));
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void test_finds_what_only_a_socket_holds(void **state)
{
	ino_t ino = 0;
	pid_t holder;
	bool found;

	(void)state;
	need_root();
	holder = start_socket_holder(&ino);
	found = names(xasprintf("net:[%ju]", ino), NS_NET, ino);
	child_end(holder);
	assert_true(found);
}

static int without_ids(void *data)
{
	(void)data;
	if (deny("ioctl:0x8008b70d=ENOTTY") < 0 || deny("ioctl:0x8008b705=ENOTTY") < 0)
		return 1;
	return refuses(xstrdup("id:4101"), -ENOTSUP, "this kernel gives namespaces no ids") ? 0 : 2;
}

static int without_handles(void *data)
{
	uint64_t id = *(uint64_t *)data;

	if (deny("open_by_handle_at=EBADF") < 0)
		return 1;
	return names(xasprintf("id:%" PRIu64, id), NS_NET, inode_of(child, "net")) ? 0 : 2;
}

static void test_ids(void **state)
{
	auto_close int fd = open_ns(child, "net");
	uint64_t id;

	(void)state;
	need_root();
	assert_int_equal(child_run(without_ids, NULL), 0);
	if (nsfs_id(fd, &id) < 0)
		skip(); /* Linux before 6.18 */
	assert_true(names(xasprintf("id:%" PRIu64, id), NS_NET, inode_of(child, "net")));
	assert_int_equal(child_run(without_handles, &id), 0);
	assert_true(refuses(xstrdup("id:18446744073709551615"), -ENOENT,
			    "there is no namespace with id 18446744073709551615"));
}

static int move_to(const char *group)
{
	auto_free char *path = xasprintf("%s/cgroup.procs", group);
	auto_free char *pid = xasprintf("%d", child);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd_write_all(fd, pid, strlen(pid));
}

/* In a cgroup named as docker would, seen in a mount namespace of this process's own. */
static int finds_by_cgroup(void *data)
{
	auto_target struct target t = TARGET_NONE;
	auto_free char *id = xasprintf("%064x", getpid());
	auto_free char *group = xasprintf("%s/docker-%s.scope", f.dir, id);
	int rc;

	(void)data;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("cgroup2", f.dir, "cgroup2", 0, NULL) < 0 || mkdir(group, 0755) < 0)
		return 1;
	rc = move_to(group);
	if (rc == 0)
		rc = resolve_text(xasprintf("container:%s", id), &t, NULL);
	move_to(f.dir);
	rmdir(group);
	return rc == 0 && t.pid == child ? 0 : 2;
}

static void test_containers(void **state)
{
	(void)state;
	assert_true(refuses(xstrdup("container:no such"), -ENOENT, "no process is in a container"));
	need_root();
	assert_int_equal(child_run(finds_by_cgroup, NULL), 0);
}

static void test_passes_on_what_is_no_reference(void **state)
{
	(void)state;
	assert_true(refuses(xstrdup("slef"), -EINVAL, "'slef' is not a reference"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_labels_are_safe_to_show),
		cmocka_unit_test(test_a_pid_may_tell_its_birth),
		cmocka_unit_test(test_self_is_what_the_caller_gave),
		cmocka_unit_test(test_parent_is_the_callers),
		cmocka_unit_test(test_parent_may_be_out_of_sight),
		cmocka_unit_test(test_host_is_not_what_pid_2_says),
		cmocka_unit_test(test_host_is_where_the_kernel_is),
		cmocka_unit_test(test_inodes),
		cmocka_unit_test(test_looks_beyond_a_snapshot),
		cmocka_unit_test(test_finds_what_only_a_socket_holds),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_containers),
		cmocka_unit_test(test_passes_on_what_is_no_reference),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
