/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What depends on the stream being a terminal: width and colours. */
#include "../../../common/base/fd.h"
#include "../../../common/out/color.h"
#include "../../../common/out/table.h"

#include "../cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct terminal {
	int master;
	FILE *out;
};

static struct terminal terminal_open(unsigned short width)
{
	struct winsize size = { .ws_row = 24, .ws_col = width };
	struct terminal t = { .master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) };
	int slave;

	assert_true(t.master >= 0);
	assert_int_equal(grantpt(t.master), 0);
	assert_int_equal(unlockpt(t.master), 0);
	slave = open(ptsname(t.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	t.out = fdopen(slave, "w");
	assert_non_null(t.out);
	return t;
}

/* Hangs up and gives what was shown. */
static char *terminal_close(struct terminal *t)
{
	struct str shown = { 0 };

	fclose(t->out);
	assert_int_equal(fd_read_all(t->master, SIZE_MAX, &shown), -EIO);
	close(t->master);
	return str_take(&shown);
}

/* Prints a table with one long cell to a terminal and compares what appears there. */
static void assert_shows(unsigned short width, bool notruncate, const char *expected)
{
	struct terminal terminal = terminal_open(width);
	struct table_style style = { .out = terminal.out, .notruncate = notruncate };
	struct table *t = NULL;
	struct err e = { 0 };
	auto_free char *shown = NULL;

	assert_int_equal(table_new(&style, &t, &e), 0);
	table_column(t, "COMMAND", 0, TABLE_TRUNCATE);
	table_cell(t, table_row(t, TABLE_TOP), 0, "one two three four five");
	assert_int_equal(table_print(t, &e), 0);
	table_free(&t);
	shown = terminal_close(&terminal);
	assert_string_equal(shown, expected);
}

static void test_cuts_to_the_terminal(void **state)
{
	(void)state;
	setenv("COLUMNS", "11", 1);
	assert_shows(13, false, "COMMAND\r\none two three\r\n");
	assert_shows(13, true, "COMMAND\r\none two three four five\r\n");
}

static void test_asks_columns_where_the_terminal_does_not_know(void **state)
{
	(void)state;
	setenv("COLUMNS", "11", 1);
	assert_shows(0, false, "COMMAND\r\none two thr\r\n");
	setenv("COLUMNS", "wide", 1);
	assert_shows(0, false, "COMMAND\r\none two three four five\r\n");
	unsetenv("COLUMNS");
	assert_shows(0, false, "COMMAND\r\none two three four five\r\n");
}

static const struct {
	const char *term, *no_color;
	bool wanted;
} colors[] = {
	{ "xterm", NULL, true }, { "xterm", "", true }, { "xterm", "1", false },
	{ "dumb", NULL, false }, { "", NULL, false },	{ NULL, NULL, false },
};

static void set_env(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void test_colors(void **state)
{
	struct terminal terminal = terminal_open(80);
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	for (size_t i = 0; i < ARRAY_LEN(colors); i++) {
		set_env("TERM", colors[i].term);
		set_env("NO_COLOR", colors[i].no_color);
		assert_int_equal(out_wants_color(terminal.out), colors[i].wanted);
		assert_false(out_wants_color(file));
	}
	fclose(file);
	free(terminal_close(&terminal));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts_to_the_terminal),
		cmocka_unit_test(test_asks_columns_where_the_terminal_does_not_know),
		cmocka_unit_test(test_colors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
