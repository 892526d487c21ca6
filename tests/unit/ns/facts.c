/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts about hand-built graphs, read from a directory that looks like /proc. */
#include "../../../common/ns/facts.h"

#include "../../../common/sys/procfs.h"
#include "../fixture.h"
#include "../graphs.h"

#define GONE 99

static struct world {
	struct fixture f;
	struct graph g;
	struct facts facts;
	uint32_t mnt, elsewhere, net, user, pid;
} w;

static int setup(void **state)
{
	(void)state;
	w = (struct world){ .f = fixture_new() };
	w.mnt = graph_add_ns(&w.g, NS_MNT, 4026531832);
	w.elsewhere = graph_add_ns(&w.g, NS_MNT, 4026532100);
	w.net = graph_add_ns(&w.g, NS_NET, NET0);
	w.user = graph_add_ns(&w.g, NS_USER, USER0);
	w.pid = graph_add_ns(&w.g, NS_PID, 4026531836);
	fixture_link(&w.f, "self/ns/mnt", "mnt:[4026531832]");
	return 0;
}

/* To be called when the graph is complete. */
static void ready(void)
{
	graph_finish(&w.g);
	facts_init(&w.facts, &w.g, w.f.fd);
}

static int teardown(void **state)
{
	(void)state;
	facts_done(&w.facts);
	graph_done(&w.g);
	fixture_done(&w.f);
	return 0;
}

/* Checks what was said of one fact; EXPECTED NULL: nothing. */
static void assert_said(bool said, struct str *text, const char *expected)
{
	assert_int_equal(said, expected != NULL);
	assert_string_equal(str_text(text), expected ? expected : "");
	str_done(text);
}

#define assert_fact(expected, fn, ...)                                                             \
	do {                                                                                       \
		struct str said_ = { 0 };                                                          \
		bool there_ = fn(&w.facts, __VA_ARGS__, &said_);                                   \
		assert_said(there_, &said_, expected);                                             \
	} while (0)

static void test_command(void **state)
{
	(void)state;
	ready();
	fixture_file(&w.f, "7/cmdline", "sh\0-c\0\033[2J\xff\n", 12);
	fixture_text(&w.f, "8/cmdline", "");
	fixture_text(&w.f, "8/stat", "8 (kworker) x) S 2 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0");
	assert_fact("sh -c \033[2J\xff\n", facts_command, 7); /* unescaped */
	assert_fact("kworker) x", facts_command, 8);
	assert_fact(NULL, facts_command, GONE);
}

static void test_command_is_cut(void **state)
{
	auto_free char *line = xcalloc(1, 9000);
	struct str s = { 0 };

	(void)state;
	ready();
	memset(line, 'a', 8999);
	fixture_text(&w.f, "7/cmdline", line);
	assert_true(facts_command(&w.facts, 7, &s));
	assert_int_equal(s.len, 4096);
	str_done(&s);
}

static void test_user(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	ready();
	fixture_dir(&w.f, "7");
	fixture_dir(&w.f, "8");
	assert_int_equal(fchownat(w.f.fd, "8", 4123456789, 0, 0), 0);
	assert_fact("root", facts_user, 7);
	assert_fact("root", facts_user, 7);
	assert_fact("4123456789", facts_user, 8); /* nobody's name */
	assert_int_equal(w.facts.users.texts.n, 2);
	assert_fact(NULL, facts_user, GONE);
}

static void test_container(void **state)
{
	(void)state;
	ready();
	fixture_text(&w.f, "7/cgroup",
		     "0::/system.slice/docker-"
		     "3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a.scope\n");
	fixture_text(&w.f, "8/cgroup", "0::/\n");
	fixture_text(&w.f, "9/cgroup", "");
	fixture_file(&w.f, "10/cgroup", "0::/\0\xff\n:::\n0", 12);
	assert_fact("docker:3f2a95c01b7e", facts_container, 7);
	assert_fact(NULL, facts_container, 8);
	assert_fact(NULL, facts_container, 9);
	assert_fact(NULL, facts_container, 10);
	assert_fact(NULL, facts_container, GONE);
}

/* The kernel aligns the numbers; a line is one range. */
static void test_maps(void **state)
{
	(void)state;
	in(&w.g, 7, 1, w.user, GRAPH_NONE);
	in(&w.g, 8, 1, w.user, w.net);
	ready();
	fixture_text(&w.f, "7/uid_map",
		     "         0       1000          1\n         1     100000      65536\n");
	fixture_text(&w.f, "7/gid_map", "");
	assert_fact("0 1000 1\n1 100000 65536", facts_map, w.user, "uid_map");
	assert_fact(NULL, facts_map, w.user, "gid_map"); /* not written yet */
	assert_fact(NULL, facts_map, w.pid, "uid_map");	 /* no process to ask */
	fixture_remove(&w.f, "7/uid_map");
	assert_fact(NULL, facts_map, w.user, "uid_map"); /* gone meanwhile */
}

static void hold(uint32_t ns, enum held kind, pid_t pid, pid_t tid, int fd)
{
	graph_add_holder(
		&w.g, (struct holder){ .ns = ns, .kind = kind, .pid = pid, .tid = tid, .fd = fd });
}

static void hold_mount(uint32_t ns, uint32_t where, const char *path)
{
	graph_add_holder(&w.g, (struct holder){ .ns = ns,
						.kind = HELD_MOUNT,
						.mnt_ns = where,
						.path = xstrdup(path) });
}

static void test_path_of_a_member(void **state)
{
	(void)state;
	hold(w.net, HELD_FD, 3, 0, 5);
	in(&w.g, 12, 1, w.net, GRAPH_NONE);
	ready();
	assert_fact("/proc/12/ns/net", facts_path, w.net);
	assert_fact(NULL, facts_path, w.pid);
}

static void test_paths_of_holders(void **state)
{
	uint32_t thread = graph_add_ns(&w.g, NS_UTS, 1), pending = graph_add_ns(&w.g, NS_PID, 2);
	uint32_t fd = graph_add_ns(&w.g, NS_NET, 3), socket = graph_add_ns(&w.g, NS_NET, 4);
	uint32_t private = graph_add_ns(&w.g, NS_NET, 5), mount = graph_add_ns(&w.g, NS_NET, 6);

	(void)state;
	hold(thread, HELD_THREAD, 12, 14, 0);
	hold(pending, HELD_PENDING, 12, 0, 0);
	hold(fd, HELD_FD, 12, 0, 5);
	hold(private, HELD_FD, 12, 14, 6);
	hold(socket, HELD_SOCKET, 12, 0, 7);
	hold_mount(mount, w.elsewhere, "/there");
	hold_mount(mount, w.mnt, "/run/netns/a b");
	ready();
	assert_fact("/proc/12/task/14/ns/uts", facts_path, thread);
	assert_fact("/proc/12/ns/pid_for_children", facts_path, pending);
	assert_fact("/proc/12/fd/5", facts_path, fd);
	assert_fact("/proc/12/task/14/fd/6", facts_path, private);
	assert_fact(NULL, facts_path, socket);
	assert_fact("/run/netns/a b", facts_path, mount);
}

static void test_mounts_and_names(void **state)
{
	(void)state;
	hold_mount(w.net, w.mnt, "/run/netns/blue");
	hold_mount(w.net, w.elsewhere, "/run/netns/red");
	hold_mount(w.net, w.mnt, "/x\n\033[2J\xff");
	hold_mount(w.net, w.mnt, "/run/netns/gr\xc3\xbcn");
	hold_mount(w.pid, w.mnt, "/run/netns/not-net");
	hold(w.user, HELD_FD, 12, 0, 5);
	ready();
	assert_fact("/run/netns/blue\n/run/netns/gr\xc3\xbcn\n/x\\x0a\\x1b[2J\\xff", facts_mounts,
		    w.net);
	assert_fact("blue\ngr\xc3\xbcn", facts_names, w.net);
	assert_fact("/run/netns/not-net", facts_mounts, w.pid);
	assert_fact(NULL, facts_names, w.pid);
	assert_fact(NULL, facts_mounts, w.user);
	assert_fact(NULL, facts_names, w.user);
}

static void test_holders(void **state)
{
	(void)state;
	hold(w.net, HELD_FD, 12, 0, 5);
	hold(w.net, HELD_FD, 12, 14, 6);
	hold(w.net, HELD_SOCKET, 13, 0, 7);
	hold(w.net, HELD_THREAD, 12, 15, 0);
	hold(w.net, HELD_PENDING, 16, 0, 0);
	hold_mount(w.net, w.mnt, "/run/netns/bl\nue");
	hold_mount(w.net, w.elsewhere, "/x");
	ready();
	assert_fact("12 fd 5\n12 thread 14 fd 6\n12 thread 15\n13 socket 7\n16 pending\n"
		    "mount /run/netns/bl\\x0aue\nmount /x in mnt:[4026532100]",
		    facts_holders, w.net);
	assert_fact(NULL, facts_holders, w.user);
}

/* A mount that others have copied is one line, however many there are. */
static void test_copied_mounts(void **state)
{
	(void)state;
	hold_mount(w.net, w.elsewhere, "/run/netns/blue");
	hold_mount(w.net, w.elsewhere, "/x");
	hold_mount(w.net, w.mnt, "/run/netns/blue");
	hold(w.net, HELD_FD, 12, 0, 5);
	for (ino_t i = 0; i < 300; i++)
		hold_mount(w.net, graph_add_ns(&w.g, NS_MNT, 1000 + i), "/run/netns/blue");
	hold_mount(w.user, w.elsewhere, "/u");
	hold_mount(w.user, graph_add_ns(&w.g, NS_MNT, 1000), "/u");
	ready();
	assert_fact("12 fd 5\nmount /run/netns/blue and in 301 more mount namespaces\n"
		    "mount /x in mnt:[4026532100]",
		    facts_holders, w.net);
	assert_fact("mount /u in mnt:[4026532100] and in 1 more mount namespace", facts_holders,
		    w.user);
}

/* Without a /proc/self nobody knows which mounts are here. */
static void test_nowhere(void **state)
{
	(void)state;
	fixture_remove(&w.f, "self/ns/mnt");
	fixture_link(&w.f, "self/ns/mnt", "garbage");
	hold_mount(w.net, w.mnt, "/run/netns/blue");
	ready();
	assert_fact(NULL, facts_path, w.net);
	assert_fact(NULL, facts_names, w.net);
	assert_fact("mount /run/netns/blue in mnt:[4026531832]", facts_holders, w.net);
}

static void test_parents(void **state)
{
	auto_free pid_t *parents = NULL;

	(void)state;
	in(&w.g, 7, 1, w.net, GRAPH_NONE);
	in(&w.g, 8, 1, w.net, GRAPH_NONE);
	in(&w.g, GONE, 1, w.net, GRAPH_NONE);
	fixture_text(&w.f, "7/stat", "7 (a) S 8 (b) R 3 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0");
	fixture_text(&w.f, "8/stat", "garbage");
	ready();
	parents = facts_parents(&w.facts);
	assert_int_equal(parents[0], 3);
	assert_int_equal(parents[1], 0);
	assert_int_equal(parents[2], 0);
}

/* Asked of the running machine: this process's own network namespace. */
static void test_netnsid(void **state)
{
	auto_close int proc = proc_open(), net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	uint32_t own = graph_add_ns(&w.g, NS_NET, fd_inode(net));
	struct str s = { 0 };

	(void)state;
	in(&w.g, getpid(), 1, own, GRAPH_NONE);
	ready();
	w.facts.proc = proc;
	assert_fact(NULL, facts_netnsid, w.pid);
	assert_true(facts_netnsid(&w.facts, own, &s));
	assert_true(str_is(str_text(&s), "unassigned") ||
		    strspn(str_text(&s), "0123456789") == s.len);
	str_done(&s);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_command),
		TEST(test_command_is_cut),
		TEST(test_user),
		TEST(test_container),
		TEST(test_maps),
		TEST(test_path_of_a_member),
		TEST(test_paths_of_holders),
		TEST(test_mounts_and_names),
		TEST(test_holders),
		TEST(test_copied_mounts),
		TEST(test_nowhere),
		TEST(test_parents),
		TEST(test_netnsid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
