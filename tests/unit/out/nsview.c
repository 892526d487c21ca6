/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hand-built graph as table, JSON and DOT. */
#include "../../../common/out/nsview.h"

#include "../../../common/out/header.h"
#include "../fixture.h"
#include "../graphs.h"

#include <locale.h>

static struct world {
	struct fixture f;
	struct graph g;
	struct facts facts;
	struct forest forest;
	struct nschoice columns;
	struct nsview view;
	bool chosen[8];
	uint32_t user, child, net, mnt;
} w;

static int setup(void **state)
{
	(void)state;
	w = (struct world){ .f = fixture_new() };
	w.user = graph_add_ns(&w.g, NS_USER, USER0);
	w.child = below(&w.g, NS_USER, 4026532100, w.user);
	w.net = owned(&w.g, NS_NET, 4026532200, w.child);
	w.mnt = owned(&w.g, NS_MNT, 4026532300, w.user);
	in(&w.g, 7, 1, w.net, w.user);
	in(&w.g, 8, 1, w.net, w.user);
	in(&w.g, 9, 1, w.mnt, w.user);
	fixture_link(&w.f, "self/ns/mnt", "mnt:[4026532300]");
	fixture_text(&w.f, "7/cmdline", "server");
	fixture_text(&w.f, "8/cmdline", "a\033[2J\"\\\xff\n<b>");
	fixture_text(&w.f, "9/cmdline", "sleep");
	memset(w.chosen, true, sizeof(w.chosen));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	forest_done(&w.forest);
	nschoice_done(&w.columns);
	facts_done(&w.facts);
	graph_done(&w.g);
	fixture_done(&w.f);
	return 0;
}

/* Lays the graph out as WANT says, to be shown in COLUMNS. */
static void show(struct forest_want want, const char *columns)
{
	static const pid_t ppids[] = { 1, 7, 1 };

	graph_finish(&w.g);
	facts_init(&w.facts, &w.g, w.f.fd);
	want.chosen = w.chosen;
	want.ppids = ppids;
	forest_build(&w.g, &want, &w.forest);
	assert_int_equal(nschoice_parse(columns, NULL, &w.columns, NULL), 0);
	w.view = (struct nsview){ &w.facts, &w.forest, &w.columns };
}

static void assert_table(struct table_style style, bool hide_empty, const char *expected)
{
	auto_err struct err e = { 0 };
	auto_free char *text = NULL;
	size_t n = 0;

	style.out = open_memstream(&text, &n);
	assert_int_equal(nsview_table(&w.view, &style, hide_empty, &e), 0);
	fclose(style.out);
	assert_string_equal(text, expected);
}

static void assert_json(const char *expected)
{
	auto_json struct json *j = NULL;
	auto_free char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_int_equal(json_new(&j, NULL), 0);
	assert_int_equal(json_write(j, nsview_json(&w.view, j), JSON_LINE, out, NULL), 0);
	fclose(out);
	assert_string_equal(text, expected);
}

static void test_table(void **state)
{
	(void)state;
	show((struct forest_want){ .kind = FOREST_FLAT }, "NS,TYPE,PID,COMMAND");
	assert_table((struct table_style){ 0 }, false,
		     "        NS TYPE PID COMMAND\n"
		     "4026532300 mnt    9 sleep\n"
		     "4026532200 net    7 server\n"
		     "4026531837 user   7 server\n"
		     "4026532100 user     \n");
}

static void test_columns_that_are_empty_throughout(void **state)
{
	(void)state;
	show((struct forest_want){ .kind = FOREST_FLAT }, "NS,CONTAINER,PID,NAMES");
	assert_table((struct table_style){ 0 }, true,
		     "        NS PID\n"
		     "4026532300   9\n"
		     "4026532200   7\n"
		     "4026531837   7\n"
		     "4026532100 \n");
	assert_table((struct table_style){ .noheadings = true, .raw = true }, false,
		     "4026532300  9 \n4026532200  7 \n4026531837  7 \n4026532100   \n");
}

static void test_tree(void **state)
{
	(void)state;
	show((struct forest_want){ .kind = FOREST_OWNER, .procs = true }, "TYPE,NS,PID");
	assert_table((struct table_style){ .tree = true }, false,
		     "TYPE NS             PID\n"
		     "user 4026531837       7\n"
		     "mnt  |-4026532300     9\n"
		     "     | `-pid:9        9\n"
		     "user |-4026532100   \n"
		     "net  | `-4026532200   7\n"
		     "     |   |-pid:7      7\n"
		     "     |   `-pid:8      8\n"
		     "     |-pid:7          7\n"
		     "     |-pid:8          8\n"
		     "     `-pid:9          9\n");
}

/* Where namespaces are not shown, the last column has the branches. */
static void test_tree_of_processes(void **state)
{
	(void)state;
	memset(w.chosen, false, sizeof(w.chosen));
	w.chosen[w.net] = true;
	show((struct forest_want){ .kind = FOREST_PROCESS }, "TYPE,PID");
	assert_table((struct table_style){ .tree = true }, false,
		     "TYPE PID\n"
		     "net  7\n"
		     "     `-7\n"
		     "       `-8\n");
}

static void hold_mount(const char *path)
{
	graph_add_holder(&w.g, (struct holder){ .ns = w.net,
						.kind = HELD_MOUNT,
						.mnt_ns = w.mnt,
						.path = xstrdup(path) });
}

/* Each is made safe once: what is shown is what the name is. */
static void test_hostile_names(void **state)
{
	(void)state;
	hold_mount("/a\nb\033\\x1b");
	hold_mount("/c");
	w.chosen[w.user] = w.chosen[w.child] = w.chosen[w.mnt] = false;
	show((struct forest_want){ .kind = FOREST_PROCESS }, "NS,NSFS,COMMAND");
	assert_table((struct table_style){ 0 }, false,
		     "        NS NSFS               COMMAND\n"
		     "4026532200 /a\\x0ab\\x1b\\x5cx1b server\n"
		     "           /c                 \n"
		     "     pid:7                    server\n"
		     "     pid:8                    a\\x1b[2J\"\\\\xff\\x0a<b>\n");
	assert_json("[{\"ns\":4026532200,\"nsfs\":\"/a\\\\x0ab\\\\x1b\\\\x5cx1b\\n/c\","
		    "\"command\":\"server\",\"children\":["
		    "{\"ns\":null,\"nsfs\":null,\"command\":\"server\",\"children\":["
		    "{\"ns\":null,\"nsfs\":null,"
		    "\"command\":\"a\\u001b[2J\\\"\\\\\xef\xbf\xbd\\n<b>\"}]}]}]\n");
}

static void test_json_types(void **state)
{
	(void)state;
	hold_mount("/a");
	w.chosen[w.user] = w.chosen[w.child] = w.chosen[w.mnt] = false;
	show((struct forest_want){ .kind = FOREST_FLAT }, "ns,type,nprocs,id,held,holders,names");
	assert_json("[{\"ns\":4026532200,\"type\":\"net\",\"nprocs\":2,\"id\":null,"
		    "\"held\":\"proc,mount\",\"holders\":[\"mount /a\"],\"names\":null}]\n");
}

static void test_json_nests(void **state)
{
	(void)state;
	show((struct forest_want){ .kind = FOREST_OWNER }, "TYPE");
	assert_json("[{\"type\":\"user\",\"children\":["
		    "{\"type\":\"mnt\"},"
		    "{\"type\":\"user\",\"children\":[{\"type\":\"net\"}]}]}]\n");
}

static void test_nothing_to_show(void **state)
{
	(void)state;
	memset(w.chosen, false, sizeof(w.chosen));
	show((struct forest_want){ .kind = FOREST_OWNER }, "NS,TYPE");
	assert_table((struct table_style){ 0 }, true, "");
	assert_json("[]\n");
}

static void assert_dot(const char *expected)
{
	auto_free char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_int_equal(nsview_dot(&w.view, out, NULL), 0);
	fclose(out);
	assert_string_equal(text, expected);
}

/* 7 and 8 are in the same namespaces throughout: one node. */
static void test_dot(void **state)
{
	(void)state;
	show((struct forest_want){ .kind = FOREST_OWNER }, "NS");
	assert_dot("digraph \"namespaces\" {\n"
		   "\t\"ns4026531837\" [label=\"user\\n4026531837\",shape=house];\n"
		   "\t\"ns4026532100\" [label=\"user\\n4026532100\",shape=house];\n"
		   "\t\"ns4026532200\" [label=\"net\\n4026532200\",shape=hexagon];\n"
		   "\t\"ns4026532300\" [label=\"mnt\\n4026532300\",shape=folder];\n"
		   "\t\"ns4026531837\" -> \"ns4026532100\" [style=bold,label=parent];\n"
		   "\t\"ns4026532100\" -> \"ns4026532200\" [style=dashed,label=owner];\n"
		   "\t\"ns4026531837\" -> \"ns4026532300\" [style=dashed,label=owner];\n"
		   "\t\"pid7\" [label=\"pid 7 and 1 more\\nserver\",shape=box,style=rounded];\n"
		   "\t\"ns4026532200\" -> \"pid7\" [color=gray,arrowhead=none];\n"
		   "\t\"ns4026531837\" -> \"pid7\" [color=gray,arrowhead=none];\n"
		   "\t\"pid9\" [label=\"pid 9\\nsleep\",shape=box,style=rounded];\n"
		   "\t\"ns4026532300\" -> \"pid9\" [color=gray,arrowhead=none];\n"
		   "\t\"ns4026531837\" -> \"pid9\" [color=gray,arrowhead=none];\n"
		   "}\n");
}

/* What is not chosen is not drawn, nor who is only there. */
static void test_dot_narrowed(void **state)
{
	(void)state;
	w.chosen[w.user] = w.chosen[w.child] = w.chosen[w.mnt] = false;
	show((struct forest_want){ .kind = FOREST_FLAT, .procs = true }, "NS");
	assert_dot("digraph \"namespaces\" {\n"
		   "\t\"ns4026532200\" [label=\"net\\n4026532200\",shape=hexagon];\n"
		   "\t\"pid7\" [label=\"pid 7\\nserver\",shape=box,style=rounded];\n"
		   "\t\"ns4026532200\" -> \"pid7\" [color=gray,arrowhead=none];\n"
		   "\t\"pid8\" [label=\"pid 8\\na\\\\x1b[2J\\\"\\\\\\\\xff\\\\x0a<b>\","
		   "shape=box,style=rounded];\n"
		   "\t\"ns4026532200\" -> \"pid8\" [color=gray,arrowhead=none];\n"
		   "}\n");
}

/* The user namespace is drawn, but not everybody in it. */
static void test_dot_of_some_processes(void **state)
{
	bool peopled[8] = { false };
	auto_free char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	peopled[w.mnt] = true;
	show((struct forest_want){ .kind = FOREST_OWNER }, "NS");
	w.view.peopled = peopled;
	assert_int_equal(nsview_dot(&w.view, out, NULL), 0);
	fclose(out);
	assert_null(strstr(text, "pid7"));
	assert_non_null(strstr(text, "\"ns4026531837\" -> \"pid9\""));
}

/* A command line may be 128 KiB long; a node that shows all of it hides the others. */
static void test_dot_cuts_command_lines(void **state)
{
	auto_free char *line = xcalloc(1, 4000), *text = NULL, *shown = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	for (size_t i = 0; i + 1 < 4000; i += 2)
		memcpy(line + i, "\xc3\xbc", 2);
	fixture_file(&w.f, "9/cmdline", line, 4000);
	show((struct forest_want){ .kind = FOREST_OWNER }, "NS");
	assert_int_equal(nsview_dot(&w.view, out, NULL), 0);
	fclose(out);
	line[2 * 60] = '\0'; /* characters, of two bytes each */
	shown = xasprintf("[label=\"pid 9\\n%s\xe2\x80\xa6\",", line);
	assert_non_null(strstr(text, shown));
}

static void assert_note(struct graph g, const char *expected)
{
	auto_free char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	header_note(out, &g);
	fclose(out);
	assert_string_equal(text, expected);
}

static void test_notes(void **state)
{
	(void)state;
	assert_note((struct graph){ 0 }, "");
	assert_note((struct graph){ .nunreadable = 1, .pid1_unreadable = true },
		    "note: 1 process unreadable, pid 1\n");
	assert_note((struct graph){ .nunreadable = 1 }, "note: 1 process unreadable\n");
	assert_note((struct graph){ .nunreadable = 3, .pid1_unreadable = true },
		    "note: 3 processes unreadable, 1 of them pid 1\n");
	assert_note((struct graph){ .nunreadable = 2, .nhidden = 1 },
		    "note: 2 processes unreadable\n"
		    "note: 1 process of other users hidden; root sees them\n");
}

static void test_header(void **state)
{
	auto_json struct json *j = NULL;
	auto_free char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	fixture_text(&w.f, "sys/kernel/random/boot_id", "12\033-34\n");
	w.g.nhidden = 4;
	w.g.nunreadable = 2;
	assert_int_equal(json_new(&j, NULL), 0);
	assert_int_equal(json_write(j, header_json(j, &w.g, w.f.fd), JSON_LINE, out, NULL), 0);
	fclose(out);
	assert_non_null(strstr(text, "\"boot_id\":\"12\\u001b-34\",\"kernel\":\""));
	assert_non_null(strstr(text, "Z\",\"unreadable\":2,\"hidden\":4}"));
	assert_true(!!str_after(text, "{\"hostname\":\""));
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_table),
		TEST(test_columns_that_are_empty_throughout),
		TEST(test_tree),
		TEST(test_tree_of_processes),
		TEST(test_hostile_names),
		TEST(test_json_types),
		TEST(test_json_nests),
		TEST(test_nothing_to_show),
		TEST(test_dot),
		TEST(test_dot_narrowed),
		TEST(test_dot_of_some_processes),
		TEST(test_dot_cuts_command_lines),
		TEST(test_notes),
		TEST(test_header),
	};

	setlocale(LC_ALL, "C");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
