/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphs laid out as rows: each row becomes a word, with as many dots in front as it is deep. */
#include "../../../common/ns/forest.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"
#include "../cputime.h"
#include "../graphs.h"

#include <string.h>

#define MANY 20000

struct world {
	struct graph g;
	uint32_t user, child, grandchild, pid, inner, net, uts;
};

/* Two levels of user namespaces below the first, of which the middle one owns two others. */
static void world_new(struct world *w)
{
	struct graph *g = &w->g;

	*w = (struct world){ 0 };
	w->user = graph_add_ns(g, NS_USER, 400);
	w->grandchild = graph_add_ns(g, NS_USER, 402);
	w->child = below(g, NS_USER, 401, w->user);
	g->ns.v[w->grandchild].parent = g->ns.v[w->grandchild].owner = w->child;
	w->pid = owned(g, NS_PID, 300, w->user);
	w->inner = below(g, NS_PID, 301, w->pid);
	g->ns.v[w->inner].owner = w->grandchild;
	w->net = owned(g, NS_NET, 900, w->child);
	w->uts = owned(g, NS_UTS, 100, GRAPH_NONE);
}

static bool *all(const struct graph *g)
{
	bool *chosen = xcalloc(g->ns.n, sizeof(*chosen));

	memset(chosen, true, g->ns.n);
	return chosen;
}

static uint32_t depth_of(const struct forest *f, uint32_t row)
{
	uint32_t depth = 0;

	for (; f->rows.v[row].parent != GRAPH_NONE; depth++) {
		assert_true(f->rows.v[row].parent < row); /* an earlier one */
		row = f->rows.v[row].parent;
	}
	return depth;
}

/* The rows of W as WANT says, "400 .401 .p12"; to be freed. */
static char *rows(const struct graph *g, struct forest_want want)
{
	auto_free bool *chosen = want.chosen ? NULL : all(g);
	struct forest f = { 0 };
	struct str s = { 0 };

	if (!want.chosen)
		want.chosen = chosen;
	forest_build(g, &want, &f);
	for (uint32_t i = 0; i < f.rows.n; i++) {
		const struct forest_row *row = &f.rows.v[i];

		str_add(&s, i ? " " : "");
		for (uint32_t d = depth_of(&f, i); d > 0; d--)
			str_addc(&s, '.');
		if (row->proc == GRAPH_NONE)
			str_addf(&s, "%lu", g->ns.v[row->ns].ino);
		else
			str_addf(&s, "p%d", g->procs.v[row->proc].pid);
	}
	forest_done(&f);
	return str_take(&s);
}

static void assert_rows(const struct graph *g, struct forest_want want, const char *expected)
{
	auto_free char *got = rows(g, want);

	assert_string_equal(got ? got : "", expected);
}

static void test_flat(void **state)
{
	struct world w;

	(void)state;
	world_new(&w);
	graph_finish(&w.g);
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_FLAT },
		    "100 900 300 301 400 401 402");
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_FLAT, .by_inode = true },
		    "100 300 301 400 401 402 900");
	graph_done(&w.g);
}

/* What is owned by nobody known stands at the top; of siblings the types stand together. */
static void test_by_owner(void **state)
{
	struct world w;

	(void)state;
	world_new(&w);
	graph_finish(&w.g);
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_OWNER },
		    "100 400 .300 .401 ..900 ..402 ...301");
	graph_done(&w.g);
}

/* A tree stands where the lowest inode in it would. */
static void test_by_owner_in_order_of_inode(void **state)
{
	struct graph g = { 0 };
	uint32_t user = graph_add_ns(&g, NS_USER, 400);

	(void)state;
	owned(&g, NS_NET, 900, below(&g, NS_USER, 401, user));
	owned(&g, NS_UTS, 100, below(&g, NS_USER, 402, user));
	graph_finish(&g);
	assert_rows(&g, (struct forest_want){ .kind = FOREST_OWNER }, "400 .401 ..900 .402 ..100");
	assert_rows(&g, (struct forest_want){ .kind = FOREST_OWNER, .by_inode = true },
		    "400 .402 ..100 .401 ..900");
	graph_done(&g);
}

static void test_by_parent(void **state)
{
	struct world w;

	(void)state;
	world_new(&w);
	graph_finish(&w.g);
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_PARENT },
		    "100 900 300 .301 400 .401 ..402");
	graph_done(&w.g);
}

/* What is not chosen leaves no gap: its children hang below the next one above that is. */
static void test_narrowed(void **state)
{
	struct world w;
	auto_free bool *chosen = NULL;

	(void)state;
	world_new(&w);
	graph_finish(&w.g);
	chosen = all(&w.g);
	chosen[w.child] = chosen[w.grandchild] = chosen[w.uts] = false;
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_OWNER, .chosen = chosen },
		    "400 .900 .300 .301");
	chosen[w.user] = false;
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_OWNER, .chosen = chosen },
		    "900 300 301");
	memset(chosen, false, w.g.ns.n);
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_OWNER, .chosen = chosen }, "");
	graph_done(&w.g);
}

static void test_processes_below_namespaces(void **state)
{
	struct world w;

	(void)state;
	world_new(&w);
	in(&w.g, 7, 1, w.net, w.pid);
	in(&w.g, 5, 1, w.net, GRAPH_NONE);
	in(&w.g, 6, 1, w.child, GRAPH_NONE);
	graph_finish(&w.g);
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_FLAT, .procs = true },
		    "100 900 .p5 .p7 300 .p7 301 400 401 .p6 402");
	/* a namespace's processes stand behind the namespaces below it */
	assert_rows(&w.g, (struct forest_want){ .kind = FOREST_OWNER, .procs = true },
		    "100 400 .300 ..p7 .401 ..900 ...p5 ...p7 ..402 ...301 ..p6");
	graph_done(&w.g);
}

/* Ancestors are shown for context: who is in them is another question. */
static void test_processes_of_some_namespaces(void **state)
{
	struct world w;
	auto_free bool *peopled = NULL;

	(void)state;
	world_new(&w);
	in(&w.g, 7, 1, w.net, w.user);
	graph_finish(&w.g);
	peopled = xcalloc(w.g.ns.n, sizeof(*peopled));
	peopled[w.net] = true;
	assert_rows(&w.g,
		    (struct forest_want){ .kind = FOREST_OWNER, .procs = true, .peopled = peopled },
		    "100 400 .300 .401 ..900 ...p7 ..402 ...301");
	graph_done(&w.g);
}

/* Processes 1…N of one namespace, with these parents. */
static void assert_processes(size_t n, const pid_t *parents, const char *expected)
{
	auto_graph struct graph g = { 0 };
	uint32_t net = graph_add_ns(&g, NS_NET, 900), other = graph_add_ns(&g, NS_NET, 899);

	for (size_t i = 0; i < n; i++)
		in(&g, (pid_t)i + 1, 1, parents[i] < 0 ? other : net, GRAPH_NONE);
	graph_finish(&g);
	assert_rows(&g, (struct forest_want){ .kind = FOREST_PROCESS, .ppids = parents }, expected);
}

static void test_by_process(void **state)
{
	(void)state;
	assert_processes(5, (const pid_t[]){ 0, 1, 2, 1, 2 }, "899 900 .p1 ..p2 ...p3 ...p5 ..p4");
	/* the parent came later, or has gone, or was never seen */
	assert_processes(3, (const pid_t[]){ 3, 99, 0 }, "899 900 .p2 .p3 ..p1");
}

/* 2 is in another namespace: 3, its child, is a process without parent here. */
static void test_a_parent_elsewhere_is_none(void **state)
{
	(void)state;
	assert_processes(4, (const pid_t[]){ 0, -1, 2, 3 }, "899 .p2 900 .p1 .p3 ..p4");
}

/* A parent may not be known in this type at all: a zombie has lost its namespaces. */
static void test_a_parent_without_namespaces_is_none(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t net = graph_add_ns(&g, NS_NET, 900), user = graph_add_ns(&g, NS_USER, 400);

	(void)state;
	in(&g, 1, 1, user, GRAPH_NONE);
	in(&g, 2, 1, net, user);
	graph_finish(&g);
	assert_rows(
		&g,
		(struct forest_want){ .kind = FOREST_PROCESS, .ppids = (const pid_t[]){ 0, 1 } },
		"900 .p2 400 .p1 ..p2");
}

/* Below the last one before it whose first process is the parent of its own first. */
static void test_by_first_process(void **state)
{
	const pid_t parents[] = { 0, 1, 2, 5, 1 };
	auto_graph struct graph g = { 0 };
	uint32_t a = graph_add_ns(&g, NS_NET, 901), b = graph_add_ns(&g, NS_NET, 902);
	uint32_t c = graph_add_ns(&g, NS_UTS, 903), d = graph_add_ns(&g, NS_NET, 904);
	uint32_t e = graph_add_ns(&g, NS_NET, 905), f = graph_add_ns(&g, NS_UTS, 906);

	(void)state;
	in(&g, 1, 1, a, f);
	in(&g, 2, 1, b, c);
	in(&g, 3, 1, d, f);
	in(&g, 4, 1, e, GRAPH_NONE);
	in(&g, 5, 1, a, GRAPH_NONE);
	graph_add_ns(&g, NS_NET, 907); /* nobody is in it */
	graph_finish(&g);
	assert_rows(
		&g,
		(struct forest_want){ .kind = FOREST_FIRST, .by_inode = true, .ppids = parents },
		"901 .902 .903 ..904 905 906 907");
}

/* Each process is shown once, whatever its parents are said to be: a circle is cut open. */
static void test_circles_of_parents(void **state)
{
	(void)state;
	assert_processes(1, (const pid_t[]){ 1 }, "899 900 .p1");
	assert_processes(3, (const pid_t[]){ 2, 3, 1 }, "899 900 .p3 ..p2 ...p1");
	/* 4 and 5 lead to the circle without being part of it */
	assert_processes(5, (const pid_t[]){ 2, 3, 1, 1, 4 },
			 "899 900 .p3 ..p2 ...p1 ....p4 .....p5");
}

/* The same processes may be in several namespaces, and are laid out in each. */
static void test_circles_in_two_namespaces(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t net = graph_add_ns(&g, NS_NET, 900), user = graph_add_ns(&g, NS_USER, 400);

	(void)state;
	in(&g, 1, 1, net, user);
	in(&g, 2, 1, net, user);
	graph_finish(&g);
	assert_rows(
		&g,
		(struct forest_want){ .kind = FOREST_PROCESS, .ppids = (const pid_t[]){ 2, 1 } },
		"900 .p2 ..p1 400 .p2 ..p1");
}

/* Time and depth of the rows of N processes in one line of descent. */
static double line_of_descent(uint32_t n, uint32_t *depth)
{
	auto_graph struct graph g = { 0 };
	auto_free pid_t *parents = xcalloc(n, sizeof(*parents));
	uint32_t net = graph_add_ns(&g, NS_NET, 900);
	struct forest f = { 0 };
	bool chosen = true;
	double start, end;

	for (uint32_t i = 0; i < n; i++) {
		in(&g, (pid_t)i + 1, 1, net, GRAPH_NONE);
		parents[i] = (pid_t)i;
	}
	graph_finish(&g);
	start = cpu_seconds();
	forest_build(&g,
		     &(struct forest_want){
			     .kind = FOREST_PROCESS, .chosen = &chosen, .ppids = parents },
		     &f);
	end = cpu_seconds();
	assert_int_equal(f.rows.n, n + 1);
	*depth = 0;
	for (uint32_t i = 0; i < f.rows.n; i++)
		*depth = MAX(*depth, i < 200 ? depth_of(&f, i) : 0);
	forest_done(&f);
	return end - start;
}

/* Anybody can make a line of descent of thousands: what draws it need not be as deep. */
static void test_long_line_of_descent(void **state)
{
	uint32_t depth = 0;
	bool linear = false;

	(void)state;
	for (int i = 0; !linear && i < TRIES; i++) {
		double few = line_of_descent(MANY / 4, &depth);
		double many = line_of_descent(MANY, &depth);

		linear = many < 0.1 || many < 12 * few;
	}
	assert_int_equal(depth, FOREST_DEEPEST);
	assert_true(linear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_by_owner),
		cmocka_unit_test(test_by_owner_in_order_of_inode),
		cmocka_unit_test(test_by_parent),
		cmocka_unit_test(test_narrowed),
		cmocka_unit_test(test_processes_below_namespaces),
		cmocka_unit_test(test_processes_of_some_namespaces),
		cmocka_unit_test(test_by_process),
		cmocka_unit_test(test_a_parent_elsewhere_is_none),
		cmocka_unit_test(test_a_parent_without_namespaces_is_none),
		cmocka_unit_test(test_by_first_process),
		cmocka_unit_test(test_circles_of_parents),
		cmocka_unit_test(test_circles_in_two_namespaces),
		cmocka_unit_test(test_long_line_of_descent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
