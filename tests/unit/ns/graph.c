/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphs built by hand: what graph_finish() makes of them. */
#include "../cmocka.h"
#include "../graphs.h"

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(held_name(HELD_PROC), "proc");
	assert_string_equal(held_name(HELD_PENDING), "pending");
	assert_string_equal(held_name(HELD_SOCKET), "socket");
	assert_string_equal(held_name((enum held)(1U << (HELD_NKINDS - 1))), "owner");
}

static void test_a_namespace_is_added_once(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t net = graph_add_ns(&g, NS_NET, NET0), uts = graph_add_ns(&g, NS_UTS, 4026531838);

	(void)state;
	assert_int_not_equal(net, uts);
	assert_int_equal(graph_add_ns(&g, NS_NET, NET0), net);
	assert_int_equal(g.ns.n, 2);
	assert_int_equal(graph_find_ns(&g, NET0), net);
	assert_int_equal(graph_find_ns(&g, 17), GRAPH_NONE);
	assert_int_equal(g.ns.v[net].owner, GRAPH_NONE);
	assert_int_equal(g.ns.v[net].parent, GRAPH_NONE);
	assert_int_equal(g.ns.v[net].first_proc, GRAPH_NONE);
}

static void test_nothing_at_all(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	graph_finish(&g);
	assert_int_equal(graph_find_ns(&g, 1), GRAPH_NONE);
	assert_int_equal(graph_find_proc(&g, 1), GRAPH_NONE);
}

static void test_members(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t net = graph_add_ns(&g, NS_NET, 101), uts = graph_add_ns(&g, NS_UTS, 102);
	uint32_t empty = graph_add_ns(&g, NS_NET, 103);

	(void)state;
	in(&g, 30, 1, net, uts);
	in(&g, 7, 4, net, GRAPH_NONE);
	in(&g, 900, 2, uts, GRAPH_NONE);
	graph_finish(&g);
	assert_int_equal(g.ns.v[net].nprocs, 2);
	assert_int_equal(g.ns.v[net].nthreads, 5);
	assert_int_equal(g.ns.v[net].held, HELD_PROC);
	assert_int_equal(g.procs.v[g.ns.v[net].first_proc].pid, 7);
	assert_int_equal(g.procs.v[g.members[g.ns.v[net].first_member]].pid, 7);
	assert_int_equal(g.procs.v[g.members[g.ns.v[net].first_member + 1]].pid, 30);
	assert_int_equal(g.ns.v[uts].nprocs, 2);
	assert_int_equal(g.procs.v[g.members[g.ns.v[uts].first_member]].pid, 30);
	assert_int_equal(g.procs.v[g.members[g.ns.v[uts].first_member + 1]].pid, 900);
	assert_int_equal(g.ns.v[empty].nprocs, 0);
	assert_int_equal(g.ns.v[empty].first_proc, GRAPH_NONE);
	assert_int_equal(g.ns.v[empty].held, 0);
	assert_int_equal(g.procs.v[graph_find_proc(&g, 900)].pid, 900);
	assert_int_equal(graph_find_proc(&g, 8), GRAPH_NONE);
}

static void test_holders_stand_by_namespace(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t mnt = graph_add_ns(&g, NS_MNT, 101), net = graph_add_ns(&g, NS_NET, 102);
	uint32_t none = graph_add_ns(&g, NS_NET, 103);

	(void)state;
	graph_add_holder(&g, (struct holder){ .ns = net, .kind = HELD_FD, .pid = 9, .fd = 3 });
	graph_add_holder(&g, (struct holder){ .ns = mnt, .kind = HELD_FD, .pid = 8, .fd = 4 });
	graph_add_holder(&g, (struct holder){ .ns = net,
					      .kind = HELD_MOUNT,
					      .mnt_ns = mnt,
					      .path = xstrdup("/run/netns/blue") });
	graph_add_holder(&g, (struct holder){ .ns = net, .kind = HELD_FD, .pid = 2, .fd = 5 });
	graph_finish(&g);
	assert_int_equal(g.ns.v[mnt].nholders, 1);
	assert_int_equal(g.holders.v[g.ns.v[mnt].first_holder].fd, 4);
	assert_int_equal(g.ns.v[net].nholders, 3);
	assert_int_equal(g.ns.v[net].held, HELD_FD | HELD_MOUNT);
	/* mounts, then by process, whatever the order in which they were found */
	assert_string_equal(g.holders.v[g.ns.v[net].first_holder].path, "/run/netns/blue");
	assert_int_equal(g.holders.v[g.ns.v[net].first_holder + 1].fd, 5);
	assert_int_equal(g.holders.v[g.ns.v[net].first_holder + 2].fd, 3);
	assert_int_equal(g.ns.v[none].nholders, 0);
}

static void test_threads_count_where_they_are(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t home = graph_add_ns(&g, NS_NET, 101), away = graph_add_ns(&g, NS_NET, 102);

	(void)state;
	in(&g, 7, 3, home, GRAPH_NONE);
	for (pid_t tid = 8; tid <= 9; tid++)
		graph_add_holder(
			&g,
			(struct holder){ .ns = away, .kind = HELD_THREAD, .pid = 7, .tid = tid });
	/* of a process that has vanished */
	graph_add_holder(&g,
			 (struct holder){ .ns = away, .kind = HELD_THREAD, .pid = 77, .tid = 78 });
	graph_finish(&g);
	assert_int_equal(g.ns.v[home].nthreads, 1);
	assert_int_equal(g.ns.v[home].nprocs, 1);
	assert_int_equal(g.ns.v[away].nthreads, 2);
	assert_int_equal(g.ns.v[away].nprocs, 0);
	assert_int_equal(g.ns.v[away].held, HELD_THREAD);
}

/* A leader that has exited is in no network namespace any more, but its thread is. */
static void test_thread_of_a_dead_leader(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, USER0), net = graph_add_ns(&g, NS_NET, 101);

	(void)state;
	in(&g, 7, 2, user, GRAPH_NONE);
	graph_add_holder(&g, (struct holder){ .ns = net, .kind = HELD_THREAD, .pid = 7, .tid = 8 });
	graph_finish(&g);
	assert_int_equal(g.ns.v[net].nthreads, 1);
	assert_int_equal(g.ns.v[user].nthreads, 2);
}

static void test_owners_and_parents_are_held(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, USER0);
	uint32_t child = below(&g, NS_USER, 101, user);
	uint32_t net = owned(&g, NS_NET, 102, child), pid = owned(&g, NS_PID, 103, user);
	uint32_t inner = below(&g, NS_PID, 104, pid);
	uint32_t above = below(&g, NS_USER, 105, user), leaf = below(&g, NS_USER, 106, above);

	(void)state;
	graph_finish(&g);
	assert_int_equal(g.ns.v[above].held, HELD_CHILD);
	assert_int_equal(g.ns.v[leaf].held, 0);
	assert_int_equal(g.ns.v[user].held, HELD_CHILD | HELD_OWNER);
	assert_int_equal(g.ns.v[child].held, HELD_OWNER);
	assert_int_equal(g.ns.v[pid].held, HELD_CHILD);
	assert_int_equal(g.ns.v[inner].held, 0);
	assert_int_equal(g.ns.v[net].held, 0);
	assert_int_equal(graph_level(&g, user), 0);
	assert_int_equal(graph_level(&g, child), 1);
	assert_int_equal(graph_level(&g, inner), 1);
	assert_int_equal(graph_level(&g, net), 0);
}

/* User namespaces nest 32 levels. */
static void test_levels(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t ns = graph_add_ns(&g, NS_USER, 1000);

	(void)state;
	for (uint32_t i = 1; i <= 32; i++)
		ns = below(&g, NS_USER, 1000 + i, ns);
	graph_finish(&g);
	assert_int_equal(graph_level(&g, ns), 32);
}

static bool is_initial(const struct graph *g, ino_t ino)
{
	return g->ns.v[graph_find_ns(g, ino)].initial;
}

static void test_initial_by_fixed_inode(void **state)
{
	auto_graph struct graph g = { 0 };

	(void)state;
	graph_add_ns(&g, NS_TIME, 4026531834);
	graph_add_ns(&g, NS_UTS, 4026531838);
	graph_add_ns(&g, NS_UTS, 4026532200);
	graph_finish(&g);
	assert_true(is_initial(&g, 4026531834));
	assert_true(is_initial(&g, 4026531838));
	assert_false(is_initial(&g, 4026532200));
}

/* The oldest of the initial user namespace's: by id, whatever the inode. */
static void test_initial_by_lowest_id(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, USER0);
	uint32_t other = below(&g, NS_USER, 4026532100, user);

	(void)state;
	graph_add_ns(&g, NS_PID, PID0);
	g.ns.v[owned(&g, NS_NET, 4026532001, user)].id = 90;
	g.ns.v[owned(&g, NS_NET, 4026532008, user)].id = 6;
	g.ns.v[owned(&g, NS_NET, 4026531900, other)].id = 5;
	g.ns.v[owned(&g, NS_MNT, 4026532050, user)].id = 7;
	graph_finish(&g);
	assert_true(is_initial(&g, 4026532008));
	assert_false(is_initial(&g, 4026532001));
	assert_false(is_initial(&g, 4026531900));
	assert_true(is_initial(&g, 4026532050));
}

static void test_initial_by_lowest_inode_without_ids(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, USER0);

	(void)state;
	graph_add_ns(&g, NS_PID, PID0);
	owned(&g, NS_NET, 4026532300, user);
	owned(&g, NS_NET, 4026532008, user);
	graph_finish(&g);
	assert_true(is_initial(&g, 4026532008));
	assert_false(is_initial(&g, 4026532300));
}

/* In a container none but the container's own may be seen: nothing is taken for the first. */
static void test_initial_needs_the_initial_user_namespace(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, 4026532100);

	(void)state;
	owned(&g, NS_NET, 4026532300, user);
	owned(&g, NS_NET, 4026532301, GRAPH_NONE);
	graph_finish(&g);
	assert_false(is_initial(&g, 4026532300));
	assert_false(is_initial(&g, 4026532301));
	assert_false(is_initial(&g, 4026532100));
}

/* A container that shares the host's user namespace still sees only its own network. */
static void test_initial_needs_the_initial_pid_namespace(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, USER0);

	(void)state;
	owned(&g, NS_PID, 4026532302, user);
	owned(&g, NS_NET, 4026532300, user);
	graph_finish(&g);
	assert_false(is_initial(&g, 4026532300));
	assert_true(is_initial(&g, USER0));
}

static void test_marks(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, USER0);
	uint32_t child = below(&g, NS_USER, 101, user), other = below(&g, NS_USER, 102, user);
	uint32_t pid = owned(&g, NS_PID, 103, user), inner = below(&g, NS_PID, 104, pid);
	bool alone[5] = { false }, all[5] = { false };

	(void)state;
	g.ns.v[inner].owner = child;
	graph_finish(&g);
	graph_mark(&g, inner, false, alone);
	assert_true(alone[inner]);
	assert_false(alone[pid] || alone[child] || alone[user] || alone[other]);
	graph_mark(&g, inner, true, all);
	assert_true(all[inner] && all[pid] && all[child] && all[user]);
	assert_false(all[other]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_a_namespace_is_added_once),
		cmocka_unit_test(test_nothing_at_all),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_holders_stand_by_namespace),
		cmocka_unit_test(test_threads_count_where_they_are),
		cmocka_unit_test(test_thread_of_a_dead_leader),
		cmocka_unit_test(test_owners_and_parents_are_held),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_initial_by_fixed_inode),
		cmocka_unit_test(test_initial_by_lowest_id),
		cmocka_unit_test(test_initial_by_lowest_inode_without_ids),
		cmocka_unit_test(test_initial_needs_the_initial_user_namespace),
		cmocka_unit_test(test_initial_needs_the_initial_pid_namespace),
		cmocka_unit_test(test_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
