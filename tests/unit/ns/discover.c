/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Discovery over directories that look like /proc. Their links of namespaces lead nowhere: what
 * is known of a namespace is its link. Namespaces of the running machine are for tests/list*.bats.
 */
#include "../../../common/ns/discover.h"

#include "../child.h"
#include "../fixture.h"

#include <sys/socket.h>

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	f = fixture_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_done(&f);
	return 0;
}

/* Links DIR/ns/NAME to TYPE:[INO]. */
static void link_as(const char *dir, const char *name, const char *type, unsigned ino)
{
	auto_free char *path = xasprintf("%s/ns/%s", dir, name);
	auto_free char *to = xasprintf("%s:[%u]", type, ino);

	fixture_link(&f, path, to);
}

static void link_ns(const char *dir, const char *type, unsigned ino)
{
	link_as(dir, type, type, ino);
}

/* A process in all eight types of namespace: BASE + 0 … 7. */
static void process(const char *pid, unsigned base)
{
	auto_free char *task = xasprintf("%s/task/%s", pid, pid);

	fixture_dir(&f, task);
	for (unsigned t = 0; t < NS_NTYPES; t++)
		link_ns(pid, ns_types[t].name, base + t);
}

static void scan_with(struct graph *g, unsigned wanted)
{
	auto_err struct err e = { 0 };

	assert_int_equal(discover(g, f.fd, wanted, &e), 0);
	assert_null(e.text);
}

static const struct ns *ns_of(const struct graph *g, unsigned ino)
{
	uint32_t index = graph_find_ns(g, ino);

	assert_int_not_equal(index, GRAPH_NONE);
	return &g->ns.v[index];
}

static const struct holder *holder_of(const struct graph *g, unsigned ino)
{
	const struct ns *ns = ns_of(g, ino);

	assert_int_equal(ns->nholders, 1);
	return &g->holders.v[ns->first_holder];
}

static void test_processes(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	process("12", 1000);
	process("7", 1000);
	process("100", 2000);
	fixture_dir(&f, "self");
	fixture_text(&f, "uptime", "1 1\n");
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.procs.n, 3);
	assert_int_equal(g.ns.n, 16);
	assert_int_equal(g.holders.n, 0);
	assert_int_equal(g.nunreadable + g.nhidden, 0);
	assert_int_equal(ns_of(&g, 1000)->type, NS_MNT);
	assert_int_equal(ns_of(&g, 1007)->type, NS_TIME);
	assert_int_equal(ns_of(&g, 1003)->nprocs, 2);
	assert_int_equal(ns_of(&g, 1003)->nthreads, 2);
	assert_int_equal(ns_of(&g, 1003)->held, HELD_PROC);
	assert_int_equal(g.procs.v[ns_of(&g, 1003)->first_proc].pid, 7);
	assert_int_equal(ns_of(&g, 2003)->nprocs, 1);
	assert_int_equal(ns_of(&g, 2003)->id, 0);
	assert_int_equal(ns_of(&g, 2003)->owner, GRAPH_NONE);
}

static void test_empty(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.ns.n + g.procs.n, 0);
}

static void test_proc_itself_unreadable(void **state)
{
	auto_graph struct graph g = { 0 };
	auto_err struct err e = { 0 };

	(void)state;
	assert_int_equal(discover(&g, -1, SOURCE_ALL, &e), -EBADF);
	assert_string_equal(e.text, "cannot read /proc: Bad file descriptor");
}

/* A zombie has only these left; an old kernel has no cgroup and time namespaces. */
static void test_types_that_are_missing(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	link_ns("7", "user", 1005);
	link_ns("7", "pid", 1004);
	fixture_dir(&f, "8/ns"); /* no types at all */
	fixture_dir(&f, "9");	 /* no namespaces at all */
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.procs.n, 1);
	assert_int_equal(g.ns.n, 2);
	assert_int_equal(g.procs.v[0].ns[NS_NET], GRAPH_NONE);
	assert_int_equal(g.nunreadable, 0);
}

/* What is no link of a namespace, or that of another type, is passed over. */
static void test_garbage(void **state)
{
	static const char *const links[] = { "net:[]",
					     "net:[-1]",
					     "net:[1003",
					     "net:[1003]x",
					     "uts:[1003]",
					     "/net:[1003]",
					     "net:[1003] ",
					     "net:[0x3eb]",
					     "socket:[1003]",
					     "net:1003",
					     "[1003]",
					     "n\033et:[1003]",
					     "net:[18446744073709551616]" };
	auto_graph struct graph g = { 0 };

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(links); i++) {
		auto_free char *net = xasprintf("%u/ns/net", 10 + i);
		auto_free char *fd = xasprintf("%u/fd/3", 10 + i);
		auto_free char *user = xasprintf("%u", 10 + i);

		fixture_link(&f, net, links[i]);
		if (links[i][0] != 'u')
			fixture_link(&f, fd, links[i]);
		link_ns(user, "user", 1005);
	}
	fixture_text(&f, "30/ns/net", "net:[1003]");
	fixture_text(&f, "31/ns", "net:[1003]");
	fixture_text(&f, "32", "net:[1003]");
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.ns.n, 1);
	assert_int_equal(ns_of(&g, 1005)->nprocs, ARRAY_LEN(links));
	assert_int_equal(g.holders.n, 0);
}

static void test_descriptors(void **state)
{
	auto_graph struct graph g = { 0 }, without = { 0 };

	(void)state;
	process("7", 1000);
	fixture_link(&f, "7/fd/0", "/dev/null");
	fixture_link(&f, "7/fd/5", "net:[5003]");
	fixture_link(&f, "7/fd/6", "net:[1003]");
	fixture_link(&f, "7/fd/7", "pipe:[5004]");
	scan_with(&g, SOURCE_ALL & ~SOURCE_SOCKET);
	assert_int_equal(ns_of(&g, 5003)->held, HELD_FD);
	assert_int_equal(ns_of(&g, 5003)->nprocs, 0);
	assert_int_equal(holder_of(&g, 5003)->fd, 5);
	assert_int_equal(holder_of(&g, 5003)->pid, 7);
	assert_int_equal(holder_of(&g, 5003)->tid, 0);
	assert_int_equal(ns_of(&g, 1003)->held, HELD_FD | HELD_PROC);
	assert_int_equal(g.ns.n, 9);
	scan_with(&without, SOURCE_ALL & ~(SOURCE_FD | SOURCE_SOCKET));
	assert_int_equal(without.ns.n, 8);
}

static void test_pending(void **state)
{
	auto_graph struct graph g = { 0 }, without = { 0 };

	(void)state;
	process("7", 1000);
	link_as("7", "pid_for_children", "pid", 5004);
	link_as("7", "time_for_children", "time", 1007);
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.ns.n, 9);
	assert_int_equal(ns_of(&g, 5004)->held, HELD_PENDING);
	assert_int_equal(holder_of(&g, 5004)->pid, 7);
	assert_int_equal(ns_of(&g, 1007)->held, HELD_PROC);
	scan_with(&without, SOURCE_ALL & ~SOURCE_PENDING);
	assert_int_equal(without.ns.n, 8);
}

/* Thread 8 of 7 is elsewhere in one type. 9 is where its leader is, 10 has ended. */
static void threads(void)
{
	process("7", 1000);
	fixture_dir(&f, "7/task/7");
	for (unsigned t = 0; t < NS_NTYPES; t++) {
		link_ns("7/task/8", ns_types[t].name, (t == NS_NET ? 5000 : 1000) + t);
		link_ns("7/task/9", ns_types[t].name, 1000 + t);
	}
	fixture_dir(&f, "7/task/10");
}

static void test_threads(void **state)
{
	auto_graph struct graph g = { 0 }, without = { 0 };

	(void)state;
	threads();
	link_as("7/task/9", "pid_for_children", "pid", 5004);
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(ns_of(&g, 5003)->held, HELD_THREAD);
	assert_int_equal(ns_of(&g, 5003)->nthreads, 1);
	assert_int_equal(ns_of(&g, 1003)->nthreads, 3);
	assert_int_equal(ns_of(&g, 1003)->held, HELD_PROC);
	assert_int_equal(g.holders.n, 2);
	assert_int_equal(holder_of(&g, 5003)->pid, 7);
	assert_int_equal(holder_of(&g, 5003)->tid, 8);
	assert_int_equal(holder_of(&g, 5004)->tid, 9);
	assert_int_equal(g.procs.v[0].nthreads, 4);
	scan_with(&without, SOURCE_ALL & ~SOURCE_THREAD);
	assert_int_equal(without.ns.n, 8);
}

/* Descriptors of threads count where they are not the leader's, of which each thread has a copy. */
static void test_descriptors_of_threads(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	threads();
	fixture_link(&f, "7/fd/5", "net:[6003]");
	fixture_link(&f, "7/task/8/fd/5", "net:[6003]");
	fixture_link(&f, "7/task/8/fd/6", "net:[6004]");
	fixture_link(&f, "7/task/9/fd/5", "net:[6005]");
	scan_with(&g, SOURCE_ALL & ~SOURCE_SOCKET);
	assert_int_equal(holder_of(&g, 6003)->tid, 0);
	assert_int_equal(holder_of(&g, 6004)->tid, 8);
	assert_int_equal(holder_of(&g, 6005)->tid, 9);
}

/* The numbers of a fixture are not those of this machine's processes: nothing is asked of these. */
static void test_no_process_of_this_machine_is_asked(void **state)
{
	auto_free char *self = xasprintf("%d", getpid());
	auto_free char *fd = NULL, *own = NULL;
	auto_graph struct graph g = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
	process(self, 1000);
	fd = xasprintf("%s/fd/%d", self, ends[0]);
	fixture_link(&f, fd, "socket:[99]");
	own = xasprintf("%s/fd/99", self);
	fixture_link(&f, own, "net:[5003]");
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(ns_of(&g, 5003)->held, HELD_FD);
	assert_int_equal(g.ns.n, 9);
	close(ends[0]);
	close(ends[1]);
}

static void test_mounts(void **state)
{
	static const char table[] =
		"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
		"36 1 0:4 net:[5003] /run/netns/blue rw shared:1 - nsfs nsfs rw\n"
		"37 1 0:4 mnt:[5000] /a\\040b\\012c rw - nsfs nsfs rw\n"
		"38 1 0:5 / /x\\040-\\040nsfs\\040y rw - tmpfs net:[1] rw\n"
		"39 1 0:4 net:[5004]";
	auto_graph struct graph g = { 0 }, without = { 0 };

	(void)state;
	process("7", 1000);
	process("8", 1000);
	process("9", 2000);
	fixture_text(&f, "7/mountinfo", table);
	fixture_text(&f, "8/mountinfo", table); /* the same namespace: read once */
	fixture_text(&f, "9/mountinfo", "garbage - nsfs nsfs\n - nsfs \n");
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.ns.n, 18);
	assert_int_equal(ns_of(&g, 5003)->held, HELD_MOUNT);
	assert_string_equal(holder_of(&g, 5003)->path, "/run/netns/blue");
	assert_int_equal(g.ns.v[holder_of(&g, 5003)->mnt_ns].ino, 1000);
	assert_int_equal(holder_of(&g, 5003)->pid, 0);
	assert_string_equal(holder_of(&g, 5000)->path, "/a b\nc");
	scan_with(&without, SOURCE_ALL & ~SOURCE_MOUNT);
	assert_int_equal(without.ns.n, 16);
}

/* A mount namespace is read through another of its processes when the first has gone. */
static void test_mounts_through_the_next_process(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	for (int pid = 10; pid < 30; pid++) { /* in whatever order they are met */
		auto_free char *name = xasprintf("%d", pid);

		process(name, 1000);
	}
	process("8", 1000);
	fixture_text(&f, "8/mountinfo", "36 1 0:4 net:[5003] /x rw - nsfs nsfs rw\n");
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(ns_of(&g, 5003)->held, HELD_MOUNT);
}

/* Only a thread of 7 is in mount namespace 3000. */
static void test_mounts_of_a_thread(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	process("7", 1000);
	link_ns("7/task/8", "mnt", 3000);
	fixture_text(&f, "7/task/8/mountinfo", "36 1 0:4 net:[5003] /x rw - nsfs nsfs rw\n");
	scan_with(&g, SOURCE_ALL);
	assert_int_equal(g.ns.v[holder_of(&g, 5003)->mnt_ns].ino, 3000);
}

/* As an ordinary user sees others' processes: directories that may not be searched. */
static int scan_as_nobody(void *data)
{
	auto_graph struct graph g = { 0 };

	(void)data;
	if (setresuid(65534, 65534, 65534) < 0 || discover(&g, f.fd, SOURCE_DEFAULT, NULL) < 0)
		return 254;
	if (g.procs.n != 1 || g.procs.v[0].pid != 9)
		return 1;
	if (g.nhidden != 1 || g.nunreadable != 2 || !g.pid1_unreadable)
		return 2;
	return 0;
}

static void test_unreadable(void **state)
{
	static const char *const closed[] = { "1/ns", "7/ns", "8/ns" };

	(void)state;
	if (geteuid() != 0)
		skip();
	process("1", 1000);
	process("7", 1000);
	process("8", 1000);
	process("9", 1000);
	assert_int_equal(fchmodat(f.fd, ".", 0755, 0), 0);
	for (size_t i = 0; i < ARRAY_LEN(closed); i++)
		assert_int_equal(fchmodat(f.fd, closed[i], 0, 0), 0);
	/* the caller's own processes, which the kernel keeps from him */
	assert_int_equal(fchownat(f.fd, "1", 65534, 65534, 0), 0);
	assert_int_equal(fchownat(f.fd, "8", 65534, 65534, 0), 0);
	assert_int_equal(child_run(scan_as_nobody, NULL), 0);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_processes),
		TEST(test_empty),
		TEST(test_proc_itself_unreadable),
		TEST(test_types_that_are_missing),
		TEST(test_garbage),
		TEST(test_descriptors),
		TEST(test_pending),
		TEST(test_threads),
		TEST(test_descriptors_of_threads),
		TEST(test_no_process_of_this_machine_is_asked),
		TEST(test_mounts),
		TEST(test_mounts_through_the_next_process),
		TEST(test_mounts_of_a_thread),
		TEST(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
