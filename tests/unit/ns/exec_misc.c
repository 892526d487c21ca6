/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program in memory that executes another one by its name. */
#include "../../../common/ns/exec_misc.h"

#include "../../../common/base/fd.h"
#include "../child.h"

#include <elf.h>
#include <fcntl.h>

static void test_for_whom_it_is(void **state)
{
	char own[64] = { 0 };
	auto_close int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	Elf64_Ehdr foreign;

	(void)state;
	assert_int_equal(read(fd, own, sizeof(own)), sizeof(own));
	assert_false(exec_needs_misc(own, sizeof(own)));
	memcpy(&foreign, own, sizeof(own));
	foreign.e_machine = EM_VAX;
	assert_true(exec_needs_misc((const char *)&foreign, sizeof(foreign)));
	assert_false(exec_needs_misc("#!/bin/sh\n", 10));
	assert_true(exec_needs_misc("magic", 5));
	assert_true(exec_needs_misc("", 0));
}

struct attempt {
	const char *path;
	char *const *argv;
	int out;
};

static int attempt(void *data)
{
	const struct attempt *a = data;

	dup2(a->out, STDERR_FILENO);
	return exec_misc(a->path, a->argv, environ, "a complaint\n") == -ENOSYS ? 200 : 201;
}

/* Returns the exit status; what came on stderr is in TEXT. */
static int run(const char *path, char *const *argv, struct str *text)
{
	int ends[2], status;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	status = child_run(attempt, &(struct attempt){ path, argv, ends[1] });
	close(ends[1]);
	str_clear(text);
	assert_int_equal(fd_read_all(ends[0], 1000, text), 0);
	close(ends[0]);
	if (status == 200)
		skip();
	return status;
}

static void test_it_executes_or_complains(void **state)
{
	char *good[] = { (char *)"sh",	(char *)"-c", (char *)"echo $0 $# $VAR >&2; exit 7",
			 (char *)"a b", (char *)"c",  NULL };
	char *none[] = { (char *)"x", NULL };
	auto_str struct str text = { 0 };

	(void)state;
	setenv("VAR", "value", 1);
	assert_int_equal(run("/bin/sh", good, &text), 7);
	assert_string_equal(str_text(&text), "a b 1 value\n");
	assert_int_equal(run("/no/such/program", none, &text), 127);
	assert_string_equal(str_text(&text), "a complaint\n");
	assert_int_equal(run("/", none, &text), 126);
	assert_string_equal(str_text(&text), "a complaint\n");
	/* Led back to itself with too few arguments it does nothing. */
	assert_int_equal(run("/proc/self/exe", none, &text), 126);
	assert_string_equal(str_text(&text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_for_whom_it_is),
		cmocka_unit_test(test_it_executes_or_complains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
