/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read once, however many rows show it. */
#include "../../../common/ns/facts.h"

#include "../fixture.h"

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

static void test_command_is_read_once(void **state)
{
	auto_graph struct graph g = { .ns = { 0 } };
	auto_facts struct facts facts;
	auto_str struct str text = { 0 };

	(void)state;
	fixture_file(&f, "7/cmdline", "a\0b", 4);
	facts_init(&facts, &g, f.fd);
	assert_true(facts_command(&facts, 7, &text));
	fixture_text(&f, "7/cmdline", "other");
	assert_true(facts_command(&facts, 7, &text));
	assert_string_equal(str_text(&text), "a ba b");
	assert_false(facts_command(&facts, 8, &text));
	fixture_text(&f, "8/cmdline", "late");
	assert_false(facts_command(&facts, 8, &text));
	assert_string_equal(str_text(&text), "a ba b");
}

/* Processes of which the source says that their cgroups are the same share one look at them. */
static void test_containers_by_cgroups(void **state)
{
	auto_graph struct graph g = { .ns = { 0 } };
	auto_facts struct facts facts;
	auto_str struct str text = { 0 };

	(void)state;
	for (pid_t pid = 7; pid <= 9; pid++)
		graph_add_proc(&g, pid);
	g.procs.v[0].cgroups = g.procs.v[1].cgroups = 0xffff888100000000;
	graph_finish(&g);
	fixture_text(&f, "7/cgroup", "0::/lxc.payload.web\n");
	fixture_text(&f, "8/cgroup", "0::/lxc.payload.db\n");
	fixture_text(&f, "9/cgroup", "0::/lxc.payload.db\n");
	facts_init(&facts, &g, f.fd);
	assert_true(facts_container(&facts, 7, &text));
	assert_true(facts_container(&facts, 8, &text));
	assert_string_equal(str_text(&text), "lxc:weblxc:web");
	str_clear(&text);
	assert_true(facts_container(&facts, 9, &text));
	assert_string_equal(str_text(&text), "lxc:db");
}

static void test_uid_of_the_source(void **state)
{
	auto_graph struct graph g = { .ns = { 0 } };
	auto_facts struct facts facts;
	uid_t uid = 0;

	(void)state;
	graph_add_proc(&g, 7);
	graph_add_proc(&g, 8);
	g.procs.v[0].uid = 4711;
	g.procs.v[0].has_uid = true;
	graph_finish(&g);
	fixture_dir(&f, "8");
	facts_init(&facts, &g, f.fd);
	assert_true(facts_uid(&facts, 7, &uid));
	assert_int_equal(uid, 4711);
	assert_true(facts_uid(&facts, 8, &uid));
	assert_int_equal(uid, getuid());
	assert_false(facts_uid(&facts, 9, &uid));
}

/* BPF shows processes that /proc does not let us read. */
static void test_path_leads_through_who_can_be_read(void **state)
{
	auto_graph struct graph g = { .ns = { 0 } };
	auto_facts struct facts facts;
	auto_str struct str text = { 0 };
	uint32_t net = graph_add_ns(&g, NS_NET, 4026532000);

	(void)state;
	for (pid_t pid = 7; pid <= 9; pid++) {
		uint32_t proc = graph_add_proc(&g, pid);

		g.procs.v[proc].ns[NS_NET] = net;
	}
	graph_finish(&g);
	facts_init(&facts, &g, f.fd);
	assert_true(facts_path(&facts, net, &text));
	assert_string_equal(str_text(&text), "/proc/7/ns/net");
	str_clear(&text);
	fixture_link(&f, "8/ns/net", "net:[4026532000]");
	assert_true(facts_path(&facts, net, &text));
	assert_string_equal(str_text(&text), "/proc/8/ns/net");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_command_is_read_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_containers_by_cgroups, setup, teardown),
		cmocka_unit_test_setup_teardown(test_uid_of_the_source, setup, teardown),
		cmocka_unit_test_setup_teardown(test_path_leads_through_who_can_be_read, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
