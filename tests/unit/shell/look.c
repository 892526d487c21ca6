/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the machine is looked at anew, and when what was seen will do. */
#include "../../../cmd/shell/shell.h"

#include "../../../cmd/shell/commands.h"
#include "../../../cmd/shell/complete.h"
#include "../../../cmd/shell/run.h"
#include "../../../cmd/shell/settings.h"
#include "../../../common/base/fd.h"
#include "../../../common/cli/words.h"
#include "../../../common/ns/discover.h"
#include "../cmocka.h"
#include "../fixture.h"

static struct fixture machine;
static struct shell sh;

static void add_process(int pid)
{
	auto_free char *user = xasprintf("%d/ns/user", pid);
	auto_free char *net = xasprintf("%d/ns/net", pid);

	fixture_link(&machine, user, "user:[4026531837]");
	fixture_link(&machine, net, "net:[4026531840]");
}

static int setup(void **state)
{
	struct ctx roof = { .out = stdout };

	(void)state;
	machine = fixture_new();
	add_process(7);
	sh = (struct shell){ .ctx = roof, .proc = machine.fd };
	settings_init(&sh.settings);
	sh.settings.sources = SOURCE_PROC;
	commands_init(&sh, &roof);
	assert_int_equal(shell_look(&sh, NULL), 0);
	assert_int_equal(sh.graph.procs.n, 1);
	add_process(8);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_drop(&sh);
	place_done(&sh.here);
	place_done(&sh.before);
	settings_done(&sh.settings);
	vec_done(&sh.commands);
	fixture_done(&machine);
	return 0;
}

/* How many processes are offered behind LINE. */
static size_t offered(const char *line)
{
	auto_completion struct completion c = { 0 };

	completion_find(&sh, line, &c);
	return c.lines.n;
}

static void test_until_something_changed(void **state)
{
	(void)state;
	assert_int_equal(shell_look(&sh, NULL), 0);
	assert_int_equal(sh.graph.procs.n, 1);
	shell_forget(&sh);
	assert_int_equal(shell_look(&sh, NULL), 0);
	assert_int_equal(sh.graph.procs.n, 2);
}

/* Ten seconds for what is typed, one for a command, on a machine that is looked at in a moment. */
static void test_age(void **state)
{
	(void)state;
	sh.look_took = 100;
	shell_grow_old(&sh, sh.looked_at + 1000);
	shell_grow_old_typing(&sh, sh.looked_at + 10000);
	assert_true(shell_has_looked(&sh));
	assert_false(shell_is_to_look_ahead(&sh));
	sh.look_took = 101;
	shell_grow_old_typing(&sh, sh.looked_at + 10001);
	shell_grow_old(&sh, sh.looked_at + 10001);
	assert_true(shell_has_looked(&sh));
	sh.look_took = 100;
	shell_grow_old_typing(&sh, sh.looked_at + 10001);
	assert_false(shell_has_looked(&sh));
	assert_true(shell_is_to_look_ahead(&sh));
	shell_look_ahead(&sh);
	assert_true(shell_has_looked(&sh));
	assert_int_equal(sh.graph.procs.n, 2);
	sh.look_took = 100;
	shell_grow_old(&sh, sh.looked_at + 1001);
	assert_false(shell_has_looked(&sh));
}

/* Runs LINE, one command. */
static int run(const char *text)
{
	auto_line struct line line = { 0 };

	assert_int_equal(line_parse(text, &line, NULL), 0);
	return run_pipeline(&sh, &line.pipelines.v[0], text);
}

/* A command of somebody at a terminal is told what was true a second ago; a script sees one machine. */
static void test_commands(void **state)
{
	(void)state;
	sh.look_took = 10;
	sh.looked_at -= 2000;
	assert_int_equal(run("cd /net:[4026531840]"), 0);
	assert_int_equal(sh.graph.procs.n, 1);
	sh.interactive = true;
	assert_int_equal(run("cd /net:[4026531840]"), 0);
	assert_int_equal(sh.graph.procs.n, 2);
}

/* What takes long is not taken anew for a TAB. */
static void test_completion_does_not_wait(void **state)
{
	(void)state;
	shell_forget(&sh);
	sh.look_took = 1000;
	assert_int_equal(offered("cd /net:[4026531840]/"), 1);
	assert_false(shell_has_looked(&sh));
	sh.look_took = 10;
	assert_int_equal(offered("cd /net:[4026531840]/"), 2);
	assert_true(shell_has_looked(&sh));
}

/* Before the first look, among processes that would be read one by one: a path only is worth it. */
static void test_first_completion_among_many(void **state)
{
	struct stat st;

	(void)state;
	shell_drop(&sh);
	for (int pid = 1000; pid < 1700; pid++) {
		auto_free char *name = xasprintf("%d", pid);

		fixture_dir(&machine, name);
	}
	if (fstat(machine.fd, &st) < 0 || st.st_nlink < 700)
		skip(); /* btrfs does not count directories, as /proc does */
	offered("cd net:[");
	assert_false(sh.looked);
	assert_int_equal(offered("cd /net:[4026531840]/"), 2);
	assert_true(sh.looked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_until_something_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_age, setup, teardown),
		cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_completion_does_not_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(test_first_completion_among_many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
