/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hooks of a command on a terminal of its own; what the terminal does is in pty.bats. */
#include "../../../common/ns/relay.h"

#include "../../../common/base/fd.h"
#include "../child.h"

#include <errno.h>
#include <fcntl.h>

struct log {
	int fd;
	pid_t child;
	bool refuse;
	bool with_main;
};

static int born(void *data, pid_t child, struct err *e)
{
	struct log *l = data;

	l->child = child;
	dprintf(l->fd, "born %d, ", child > 0 && getpid() != child && kill(child, 0) == 0);
	return l->refuse ? err_say(e, -EDOM, "no") : 0;
}

static void runs(void *data)
{
	const struct log *l = data;

	dprintf(l->fd, "runs %d, ", kill(l->child, 0) == 0);
}

static int instead(void *data)
{
	const struct log *l = data;

	dprintf(l->fd, "main, ");
	return 9;
}

static int run_with_log(void *data)
{
	struct log *l = data;
	auto_err struct err e = { 0 };
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)"exit 7", NULL };
	struct run run = {
		.argv = argv,
		.born = born,
		.runs = l->with_main ? NULL : runs,
		.main = l->with_main ? instead : NULL,
		.data = l,
	};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int status;

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	status = relay_command(&run, true, NULL, &e);
	if (e.text)
		dprintf(l->fd, "%s", e.text);
	return status < 0 ? 125 : status;
}

static void check(bool refuse, bool with_main, int expected, const char *said)
{
	auto_str struct str text = { 0 };
	int ends[2], status;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	status =
		child_run(run_with_log,
			  &(struct log){ .fd = ends[1], .refuse = refuse, .with_main = with_main });
	close(ends[1]);
	assert_int_equal(fd_read_all(ends[0], 1000, &text), 0);
	close(ends[0]);
	assert_string_equal(str_text(&text), said);
	assert_int_equal(status, expected);
}

static void test_hooks(void **state)
{
	(void)state;
	check(false, false, 7, "born 1, runs 1, ");
	check(true, false, 125, "born 1, no");
}

/* After born(); that and runs() know nothing of each other. */
static void test_main(void **state)
{
	(void)state;
	check(false, true, 9, "born 1, main, ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_main),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
