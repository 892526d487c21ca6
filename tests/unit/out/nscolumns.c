/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns and filters over hand-built graphs and a directory that looks like /proc. */
#include "../../../common/out/nscolumns.h"

#include "../../../common/out/table.h"
#include "../fixture.h"
#include "../graphs.h"

#include <ctype.h>
#include <strings.h>

/* The columns of a choice, "NS,TYPE"; to be freed. */
static char *named(const struct nschoice *c)
{
	struct str s = { 0 };

	for (size_t i = 0; i < c->columns.n; i++)
		str_join(&s, ",", nscolumns[c->columns.v[i]].name);
	return str_take(&s);
}

/* Each list with its defaults, and what is chosen or said. */
static const struct {
	const char *list, *defaults, *chosen, *text, *hint;
} choices[] = {
	{ "NS", NULL, "NS", NULL, NULL },
	{ "ns,Type,PID", "UID", "NS,TYPE,PID", NULL, NULL },
	{ "PID,PID", NULL, "PID,PID", NULL, NULL },
	{ "+HELD,ID", "NS,TYPE", "NS,TYPE,HELD,ID", NULL, NULL },
	{ "+HELD", NULL, "HELD", NULL, NULL },
	{ "NPROC", NULL, NULL, "unknown column 'NPROC'", "did you mean NPROCS?" },
	{ "ns,comand", NULL, NULL, "unknown column 'comand'", "did you mean COMMAND?" },
	{ "bananas", NULL, NULL, "unknown column 'bananas'", NULL },
	{ "", NULL, NULL, "unknown column ''", NULL },
	{ "+", "NS", NULL, "unknown column ''", NULL },
	{ "NS,,PID", NULL, NULL, "unknown column ''", NULL },
	{ "NS,", NULL, NULL, "unknown column ''", NULL },
	{ "NS PID", NULL, NULL, "unknown column 'NS PID'", NULL },
	{ "\033[2J", NULL, NULL, "unknown column '\\x1b[2J'", NULL },
	{ "++NS", NULL, NULL, "unknown column '+NS'", "did you mean NS?" },
};

static void assert_text(const char *got, const char *expected)
{
	if (expected)
		assert_string_equal(got, expected);
	else
		assert_null(got);
}

static void test_choices(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		auto_call(nschoice_done) struct nschoice c = { 0 };
		auto_err struct err e = { 0 };
		int r = nschoice_parse(choices[i].list, choices[i].defaults, &c, &e);
		auto_free char *got = named(&c);

		assert_int_equal(r, choices[i].chosen ? 0 : -EINVAL);
		if (choices[i].chosen)
			assert_string_equal(got, choices[i].chosen);
		assert_text(e.text, choices[i].text);
		assert_text(e.hint, choices[i].hint);
	}
}

static void test_all_columns(void **state)
{
	auto_call(nschoice_done) struct nschoice c = { 0 };

	(void)state;
	nschoice_all(&c);
	assert_int_equal(c.columns.n, nnscolumns);
}

/* JSON's keys are the names in small letters; a help text is one line beside the name. */
static void test_table_of_columns(void **state)
{
	size_t trees = 0;

	(void)state;
	for (size_t i = 0; i < nnscolumns; i++) {
		const struct nscolumn *c = &nscolumns[i];

		assert_in_range(strlen(c->name), 1, 9);
		for (const char *p = c->name; *p; p++)
			assert_true(isupper((unsigned char)*p));
		assert_in_range(strlen(c->help), 1, 66);
		assert_false(c->help[strlen(c->help) - 1] == '.');
		assert_int_not_equal(c->type, CELL_NONE);
		assert_true(c->type != CELL_LINES || c->flags & TABLE_WRAP);
		trees += (c->flags & TABLE_TREE) != 0;
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(strcasecmp(c->name, nscolumns[k].name), 0);
	}
	assert_int_equal(trees, 1);
}

static struct world {
	struct fixture f;
	struct graph g;
	struct facts facts;
	uint32_t user, child, net, pid, inner;
} w;

static int setup(void **state)
{
	(void)state;
	w = (struct world){ .f = fixture_new() };
	w.user = graph_add_ns(&w.g, NS_USER, USER0);
	w.child = below(&w.g, NS_USER, 4026532100, w.user);
	w.net = owned(&w.g, NS_NET, 4026532200, w.child);
	w.pid = owned(&w.g, NS_PID, 4026531836, w.user);
	w.inner = below(&w.g, NS_PID, 4026532300, w.pid);
	w.g.ns.v[w.child].has_creator = true;
	w.g.ns.v[w.child].creator = 1000;
	w.g.ns.v[w.net].id = 5000000000;
	in(&w.g, 7, 3, w.net, w.child);
	in(&w.g, 8, 1, w.net, GRAPH_NONE);
	graph_add_holder(&w.g, (struct holder){ .ns = w.net, .kind = HELD_FD, .pid = 9, .fd = 5 });
	graph_add_holder(&w.g, (struct holder){ .ns = w.net, .kind = HELD_FD, .pid = 9, .fd = 6 });
	graph_finish(&w.g);
	fixture_file(&w.f, "7/cmdline", "sh\0-c\0x", 7);
	fixture_text(&w.f, "7/stat", "7 (sh) S 3 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0");
	fixture_text(&w.f, "7/cgroup", "0::/system.slice/nginx.service\n");
	fixture_text(&w.f, "7/uid_map", "  0  1000  1\n  1  100000  9\n");
	fixture_text(&w.f, "7/gid_map", "  0  0  1\n");
	facts_init(&w.facts, &w.g, w.f.fd);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	facts_done(&w.facts);
	graph_done(&w.g);
	fixture_done(&w.f);
	return 0;
}

/* What column NAME shows in a row; the type is always the column's, or none. */
static char *value(const char *name, struct forest_row row)
{
	auto_call(nschoice_done) struct nschoice c = { 0 };
	struct cell cell = { 0 };
	char *text = NULL;

	assert_int_equal(nschoice_parse(name, NULL, &c, NULL), 0);
	nscolumn_get(c.columns.v[0], &w.facts, &row, &cell);
	if (cell.type == CELL_NUMBER)
		text = xasprintf("%lu", cell.number);
	else if (cell.type != CELL_NONE)
		text = xstrdup(str_text(&cell.text));
	if (cell.type != CELL_NONE && row.proc == GRAPH_NONE)
		assert_int_equal(cell.type, nscolumns[c.columns.v[0]].type);
	str_done(&cell.text);
	return text;
}

static void assert_value(const char *name, uint32_t ns, const char *expected)
{
	auto_free char *got = value(name, (struct forest_row){ ns, GRAPH_NONE, GRAPH_NONE });

	assert_text(got, expected);
}

static void assert_process_value(const char *name, const char *expected)
{
	auto_free char *got = value(name, (struct forest_row){ w.net, 0, 0 });

	assert_text(got, expected);
}

static void test_values_of_a_namespace(void **state)
{
	auto_free char *uid = xasprintf("%u", geteuid());

	(void)state;
	assert_value("NS", w.net, "4026532200");
	assert_value("TYPE", w.net, "net");
	assert_value("PATH", w.net, "/proc/7/ns/net");
	assert_value("NPROCS", w.net, "2");
	assert_value("NTHREADS", w.net, "4");
	assert_value("PID", w.net, "7");
	assert_value("PPID", w.net, "3");
	assert_value("COMMAND", w.net, "sh -c x");
	assert_value("UID", w.net, uid);
	assert_value("PNS", w.net, "0");
	assert_value("ONS", w.net, "4026532100");
	assert_value("ID", w.net, "5000000000");
	assert_value("HELD", w.net, "proc,fd");
	assert_value("HOLDERS", w.net, "9 fd 5\n9 fd 6");
	assert_value("CONTAINER", w.net, "nginx.service");
	assert_value("NAMES", w.net, NULL);
	assert_value("NSFS", w.net, NULL);
	assert_value("LEVEL", w.net, "1"); /* its owner's */
	assert_value("UIDMAP", w.net, NULL);
	assert_value("CREATOR", w.net, NULL);
}

static void test_values_of_a_user_namespace(void **state)
{
	(void)state;
	assert_value("HELD", w.child, "proc,owner");
	assert_value("PNS", w.child, "4026531837");
	assert_value("ONS", w.child, "4026531837");
	assert_value("LEVEL", w.child, "1");
	assert_value("UIDMAP", w.child, "0 1000 1\n1 100000 9");
	assert_value("GIDMAP", w.child, "0 0 1");
	assert_value("CREATOR", w.child, "1000");
	assert_value("CREATOR", w.user, NULL);
	assert_value("LEVEL", w.user, "0");
	assert_value("NETNSID", w.user, NULL);
	assert_value("ID", w.user, NULL);
}

static void test_values_without_a_process(void **state)
{
	static const char *const none[] = { "PATH", "PID",  "PPID",	 "COMMAND", "UID",
					    "USER", "HELD", "CONTAINER", "HOLDERS" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_value(none[i], w.inner, NULL);
	assert_value("NPROCS", w.inner, "0");
	assert_value("PNS", w.inner, "4026531836");
	assert_value("LEVEL", w.inner, "1");
}

static void test_values_of_a_process(void **state)
{
	static const char *const none[] = { "TYPE",  "PATH",  "NPROCS", "NETNSID", "NSFS",
					    "PNS",   "ONS",   "ID",	"HELD",	   "HOLDERS",
					    "NAMES", "LEVEL", "UIDMAP", "GIDMAP",  "CREATOR" };

	(void)state;
	assert_process_value("NS", "pid:7");
	assert_process_value("PID", "7");
	assert_process_value("PPID", "3");
	assert_process_value("NTHREADS", "3");
	assert_process_value("COMMAND", "sh -c x");
	assert_process_value("CONTAINER", "nginx.service");
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_process_value(none[i], NULL);
}

/* How many of the five namespaces pass. */
static int passing(const char *text)
{
	auto_filter struct filter *filter = nsfilter_new(text, NULL);
	int n = 0;

	assert_non_null(filter);
	for (uint32_t i = 0; i < w.g.ns.n; i++)
		n += nsfilter_match(filter, &w.facts, i);
	return n;
}

static void test_filters(void **state)
{
	(void)state;
	assert_int_equal(passing(""), 5);
	assert_int_equal(passing("TYPE == 'net'"), 1);
	assert_int_equal(passing("type =~ '^(user|pid)$'"), 4);
	assert_int_equal(passing("NPROCS > 0"), 2);
	assert_int_equal(passing("not PID"), 3);
	assert_int_equal(passing("HELD =~ 'fd' and COMMAND == 'sh -c x'"), 1);
	assert_int_equal(passing("HOLDERS =~ 'fd 6'"), 1);
	assert_int_equal(passing("NS == 4026532200 or CREATOR == 1000"), 2);
	assert_int_equal(passing("NPROCS == NTHREADS"), 3);
	assert_int_equal(passing("UIDMAP"), 1);
}

static void test_filter_mistakes(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	assert_null(nsfilter_new("NPROCS > and", &e));
	assert_int_equal(e.code, -EINVAL);
	assert_non_null(strstr(e.text, "column 10"));
	assert_null(nsfilter_new("NPROX == 1", &e));
	assert_non_null(strstr(e.text, "NPROX"));
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choices),		 cmocka_unit_test(test_all_columns),
		cmocka_unit_test(test_table_of_columns), TEST(test_values_of_a_namespace),
		TEST(test_values_of_a_user_namespace),	 TEST(test_values_without_a_process),
		TEST(test_values_of_a_process),		 TEST(test_filters),
		cmocka_unit_test(test_filter_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
