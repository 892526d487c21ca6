/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion in the shell, as the transcripts in tests/completion have it: over all applets, with a
 * machine that is made by hand. With arguments, files NAME.in: prints what NAME.out should be.
 */
#include "../../../cmd/applets.h"
#include "../../../cmd/shell/commands.h"
#include "../../../cmd/shell/complete.h"
#include "../../../cmd/shell/settings.h"
#include "../../../common/base/fd.h"
#include "../cmocka.h"
#include "../fixture.h"
#include "../graphs.h"

#include <glob.h>

/* Where TAB is pressed. */
#define TAB "⇥"

static struct fixture machine;
static struct shell sh;

static int setup(void **state)
{
	struct ctx roof = { .out = stdout, .applets = applets, .napplets = napplets };
	uint32_t user, child, net;

	(void)state;
	machine = fixture_new();
	fixture_file(&machine, "7/cmdline", "/bin/sleep\0001000", 16);
	sh = (struct shell){ .ctx = roof, .proc = machine.fd };
	settings_init(&sh.settings);
	commands_init(&sh, &roof);
	user = graph_add_ns(&sh.graph, NS_USER, USER0);
	sh.graph.ns.v[user].initial = true;
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
	shell_drop(&sh);
	settings_done(&sh.settings);
	vec_done(&sh.commands);
	vec_done(&sh.aliases);
	fixture_done(&machine);
	return 0;
}

/* Adds to TO what the line TYPED may become, and REST, what stands behind the cursor. */
static void add_offers(struct str *to, const char *typed, const char *rest)
{
	auto_completion struct completion c = { 0 };

	completion_find(&sh, typed, &c);
	for (size_t i = 0; i < c.lines.n; i++) {
		str_addf(to, "\t%s%s", c.lines.v[i].word, rest);
		if (c.lines.v[i].about)
			str_addf(to, "  # %s", c.lines.v[i].about);
		str_addc(to, '\n');
	}
}

/* What the lines of PATH are answered with, to be freed. */
static char *transcript(const char *path)
{
	auto_free char *line = NULL;
	struct str s = { 0 };
	FILE *in = fopen(path, "re");
	size_t size = 0;

	assert_non_null(in);
	while (getline(&line, &size, in) > 0) {
		char *tab = strstr(line, TAB);

		line[strcspn(line, "\n")] = '\0';
		str_addf(&s, "%s\n", line);
		if (!tab)
			continue;
		*tab = '\0';
		add_offers(&s, line, tab + strlen(TAB));
	}
	fclose(in);
	return str_take(&s);
}

static char *content(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct str s = { 0 };

	if (fd >= 0)
		assert_int_equal(fd_read_all(fd, SIZE_MAX, &s), 0);
	return str_take(&s);
}

/* Whether NAME.in is answered as NAME.out has it. */
static bool is_as_written(const char *in)
{
	auto_free char *out = xasprintf("%.*s.out", (int)(strlen(in) - strlen(".in")), in);
	auto_free char *wanted = content(out);
	auto_free char *got = transcript(in);

	if (str_is(wanted, got))
		return true;
	print_error("%s is not what comes:\n%s", out, got);
	return false;
}

static void test_folder(const char *folder)
{
	auto_free char *pattern = xasprintf("%s/completion/%s/*.in", TESTDIR, folder);
	size_t wrong = 0;
	glob_t g;

	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		wrong += !is_as_written(g.gl_pathv[i]);
	globfree(&g);
	assert_int_equal(wrong, 0);
}

static void test_shell(void **state)
{
	(void)state;
	test_folder("shell");
}

static void test_everywhere(void **state)
{
	(void)state;
	test_folder("everywhere");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_shell, setup, teardown),
		cmocka_unit_test_setup_teardown(test_everywhere, setup, teardown),
	};

	if (argc == 1)
		return cmocka_run_group_tests(tests, NULL, NULL);
	setup(NULL);
	for (int i = 1; i < argc; i++) {
		auto_free char *text = transcript(argv[i]);

		fputs(text, stdout);
	}
	return teardown(NULL);
}
