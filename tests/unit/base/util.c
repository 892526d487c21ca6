/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/util.h"

#include "../cmocka.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_allocates(void **state)
{
	auto_free char *nothing = xmalloc(0), *zeros = xcalloc(3, 2), *none = xcalloc(0, 0);
	auto_free int *array = xreallocarray(NULL, 2, sizeof(int));
	auto_free char *copy = xstrdup("copy"), *part = xstrndup("partial", 4);
	auto_free char *printed = xasprintf("%s=%d", "a", 5);

	(void)state;
	assert_non_null(nothing);
	assert_non_null(none);
	assert_memory_equal(zeros, "\0\0\0\0\0\0", 6);
	array[0] = 1;
	array = xreallocarray(array, 1000, sizeof(int));
	assert_int_equal(array[0], 1);
	assert_string_equal(copy, "copy");
	assert_string_equal(part, "part");
	assert_string_equal(printed, "a=5");
}

#ifndef __SANITIZE_ADDRESS__ /* which ends the program itself, with a report */
/* Runs out of memory in a child, quietly. Returns its wait status. */
static int exhaust(size_t n, size_t size)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		xreallocarray(NULL, n, size);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* A product that overflows is no small allocation; and there is no going on without memory. */
static void test_ends_without_memory(void **state)
{
	int status = exhaust(SIZE_MAX / 2 + 1, 2);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}
#endif

static void test_gives_away(void **state)
{
	auto_free char *mine = xstrdup("x");
	char *given = take_ptr(&mine);

	(void)state;
	assert_null(mine);
	assert_string_equal(given, "x");
	free(given);
}

static void test_words(void **state)
{
	int three[3];

	(void)state;
	assert_int_equal(ARRAY_LEN(three), 3);
	assert_int_equal(MIN(1, 2), 1);
	assert_int_equal(MAX(1, 2), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocates),
#ifndef __SANITIZE_ADDRESS__
		cmocka_unit_test(test_ends_without_memory),
#endif
		cmocka_unit_test(test_gives_away),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
