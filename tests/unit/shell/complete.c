/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion in the shell, over its own commands, one applet and a graph built by hand. */
#include "../../../cmd/shell/complete.h"

#include "../../../cmd/shell/commands.h"
#include "../../../cmd/shell/settings.h"
#include "../../../common/base/fd.h"
#include "../../../common/cli/kinds.h"
#include "../../../common/sys/procfs.h"
#include "../cmocka.h"
#include "../graphs.h"
#include "../tsv.h"

struct list_opts {
	unsigned types;
};

static int list_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)ctx, (void)opts, (void)argc, (void)argv, (void)e;
	return 0;
}

static const struct opt list_opts[] = {
	VALUE('t', "type", &arg_types, struct list_opts, types, "only these types"),
};

static const struct applet list = {
	.name = "list",
	.summary = "list it",
	.opts = list_opts,
	.nopts = ARRAY_LEN(list_opts),
	.opts_size = sizeof(struct list_opts),
	.run = list_run,
};

static struct shell sh;

static int setup(void **state)
{
	static const struct applet *const applets[] = { &list };
	struct ctx roof = { .out = stdout, .applets = applets, .napplets = 1 };
	uint32_t user, child, net;

	(void)state;
	sh = (struct shell){ .ctx = roof, .proc = proc_open() };
	settings_init(&sh.settings);
	commands_init(&sh, &roof);
	user = graph_add_ns(&sh.graph, NS_USER, USER0);
	child = below(&sh.graph, NS_USER, 401, user);
	net = owned(&sh.graph, NS_NET, 900, child);
	in(&sh.graph, 7, 1, net, child);
	graph_finish(&sh.graph);
	facts_init(&sh.facts, &sh.graph, sh.proc);
	sh.looked = true;
	vec_push(&sh.aliases, { (char *)"greet", (char *)"echo hello" });
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	facts_done(&sh.facts);
	graph_done(&sh.graph);
	settings_done(&sh.settings);
	vec_done(&sh.commands);
	vec_done(&sh.aliases);
	cleanup_fd(&sh.proc);
	return 0;
}

/* LINE LINES */
static char *check_line(const char *const *fields)
{
	auto_completion struct completion c = { 0 };
	struct str s = { 0 };

	completion_find(&sh, fields[0], &c);
	for (size_t i = 0; i < c.lines.n; i++)
		str_join(&s, " / ", c.lines.v[i].word);
	if (!str_is(str_text(&s), fields[1]))
		return str_take(&s);
	str_done(&s);
	return NULL;
}

static void test_lines(void **state)
{
	(void)state;
	tsv_each("unit/shell/completions.tsv", 2, check_line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
