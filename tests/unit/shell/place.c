/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking a tree that was built by hand. */
#include "../../../cmd/shell/place.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"
#include "../graphs.h"
#include "../tsv.h"

#include <errno.h>

static struct world {
	struct graph g;
	uint32_t user, child, grandchild, pid, inner, net, uts;
} w;

/* 4026531837 is the initial user namespace; 401 and 402 are below it; 100 has no known owner. */
static int setup(void **state)
{
	struct graph *g = &w.g;

	(void)state;
	w = (struct world){ 0 };
	w.user = graph_add_ns(g, NS_USER, USER0);
	w.child = below(g, NS_USER, 401, w.user);
	w.grandchild = below(g, NS_USER, 402, w.child);
	w.pid = owned(g, NS_PID, 300, w.user);
	w.inner = below(g, NS_PID, 301, w.pid);
	g->ns.v[w.inner].owner = w.grandchild;
	w.net = owned(g, NS_NET, 900, w.child);
	w.uts = owned(g, NS_UTS, 100, GRAPH_NONE);
	in(g, 7, 1, w.net, w.child);
	in(g, 8, 1, w.inner, w.grandchild);
	in(g, 12, 1, w.pid, w.user);
	graph_finish(g);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	graph_done(&w.g);
	return 0;
}

/* FROM PATH PLACE */
static char *check_walk(const char *const *fields)
{
	auto_place struct place from = { 0 }, to = { 0 }, top = { 0 };
	auto_err struct err e = { 0 };
	char *got;

	if (place_walk(&w.g, &top, fields[0], &from, &e) < 0)
		return xstrdup(e.text);
	if (place_walk(&w.g, &from, fields[1], &to, &e) < 0)
		got = xasprintf("? %s", e.text);
	else
		got = place_text(&to, to.steps.n);
	if (!str_is(got, fields[2]))
		return got;
	free(got);
	return NULL;
}

static void test_walk(void **state)
{
	(void)state;
	tsv_each("unit/shell/places.tsv", 3, check_walk);
}

static char *children_of(const char *path)
{
	auto_place struct place top = { 0 }, p = { 0 };
	auto_call(steps_done) struct steps steps = { 0 };
	struct str s = { 0 };

	assert_int_equal(place_walk(&w.g, &top, path, &p, NULL), 0);
	place_children(&w.g, &p, &steps);
	for (size_t i = 0; i < steps.v.n; i++) {
		auto_free char *text = step_text(&steps.v.v[i]);

		str_join(&s, " ", text);
	}
	return str_take(&s);
}

static void test_children(void **state)
{
	static const char *const expected[][2] = {
		{ "/", "uts:[100] pid:[300] user:[401] 12" },
		{ "/user:[401]", "net:[900] user:[402] 7" },
		{ "/pid:[300]", "pid:[301] 12" },
		{ "/user:[401]/user:[402]", "pid:[301] 8" },
		{ "/user:[401]/net:[900]", "7" },
		{ "/user:[401]/net:[900]/7", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		auto_free char *got = children_of(expected[i][0]);

		assert_string_equal(got, expected[i][1]);
	}
}

/* From anywhere a namespace has one place, below its owners. */
static void test_canonical(void **state)
{
	auto_place struct place ns = { 0 }, proc = { 0 }, root = { 0 };
	auto_free char *a = NULL, *b = NULL;

	(void)state;
	place_of_ns(&w.g, w.inner, &ns);
	place_of_proc(&w.g, graph_find_proc(&w.g, 8), &proc);
	place_of_ns(&w.g, w.user, &root);
	a = place_text(&ns, ns.steps.n);
	b = place_text(&proc, proc.steps.n);
	assert_string_equal(a, "/user:[401]/user:[402]/pid:[301]");
	assert_string_equal(b, "/user:[401]/user:[402]/8");
	assert_int_equal(root.steps.n, 0);
}

/* What is no longer in the graph is said, and can be left. */
static void test_gone(void **state)
{
	auto_place struct place top = { 0 }, p = { 0 }, up = { 0 };
	auto_err struct err e = { 0 };
	struct graph empty = { 0 };
	struct spot spot;

	(void)state;
	assert_int_equal(place_walk(&w.g, &top, "/user:[401]/net:[900]/7", &p, NULL), 0);
	graph_finish(&empty);
	assert_int_equal(place_look(&empty, &p, &spot, &e), -ENOENT);
	assert_string_equal(e.text, "'7' has gone");
	assert_int_equal(place_walk(&empty, &p, "..", &up, NULL), 0);
	assert_int_equal(place_look(&empty, &up, &spot, &e), -ENOENT);
	assert_string_equal(e.text, "'net:[900]' has gone");
	graph_done(&empty);
}

/* The inode of a namespace that has gone may be given to another: its id tells them apart. */
static void test_inode_used_again(void **state)
{
	auto_place struct place p = { 0 };
	auto_err struct err e = { 0 };
	struct spot spot;

	(void)state;
	w.g.ns.v[w.net].id = 1001;
	place_of_ns(&w.g, w.net, &p);
	assert_int_equal(place_look(&w.g, &p, &spot, &e), 0);
	w.g.ns.v[w.net].id = 1002;
	assert_int_equal(place_look(&w.g, &p, &spot, &e), -ENOENT);
	assert_string_equal(e.text, "'net:[900]' has gone");
	w.g.ns.v[w.net].id = 0;
	assert_int_equal(place_look(&w.g, &p, &spot, &e), 0);
}

/* A set has gone with the last of its namespaces. */
static void test_set_gone(void **state)
{
	auto_place struct place p = { 0 };
	auto_err struct err e = { 0 };
	struct graph empty = { 0 };
	struct spot spot;

	(void)state;
	place_add(&p, (struct step){ .kind = STEP_SET,
				     .name = xstrdup("@web"),
				     .members = { [NS_NET] = 900, [NS_UTS] = 901 } });
	assert_int_equal(place_look(&w.g, &p, &spot, &e), 0);
	assert_int_equal(spot.kind, STEP_SET);
	graph_finish(&empty);
	assert_int_equal(place_look(&empty, &p, &spot, &e), -ENOENT);
	assert_string_equal(e.text, "'@web' has gone");
	graph_done(&empty);
}

static void test_paths(void **state)
{
	(void)state;
	assert_true(place_is_path("/"));
	assert_true(place_is_path(".."));
	assert_true(place_is_path("../12"));
	assert_true(place_is_path("/net:[4]/5/"));
	assert_false(place_is_path(""));
	assert_false(place_is_path("12"));
	assert_false(place_is_path("net:[4]"));
	assert_false(place_is_path("/run/netns/blue"));
	assert_false(place_is_path("./ns/net"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_walk, setup, teardown),
		cmocka_unit_test_setup_teardown(test_children, setup, teardown),
		cmocka_unit_test_setup_teardown(test_canonical, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inode_used_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_gone, setup, teardown),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
