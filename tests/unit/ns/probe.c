/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tries in a process of their own: what comes back, and that none outlives who asked. */
#include "../../../common/ns/probe.h"

#include "../child.h"

#include <poll.h>
#include <string.h>

static void answer(void *data)
{
	*(int *)data = 42;
}

static void test_an_answer(void **state)
{
	int *shared = probe_memory(sizeof(*shared));

	(void)state;
	assert_int_equal(*shared, 0);
	assert_int_equal(probe_run(answer, shared, 60000), 0);
	assert_int_equal(*shared, 42);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	probe_memory_done(shared, sizeof(*shared));
}

static void say_and_hang(void *data)
{
	*(pid_t *)data = getpid();
	for (;;)
		pause();
}

/* It is killed, and what it has said until then counts. */
static void test_one_that_hangs(void **state)
{
	pid_t *shared = probe_memory(sizeof(*shared));

	(void)state;
	/* on a busy machine it may not have said anything by then */
	for (int limit = 50; *shared == 0; limit *= 2)
		assert_int_equal(probe_run(say_and_hang, shared, limit), -ETIMEDOUT);
	assert_int_equal(kill(*shared, 0), -1);
	assert_int_equal(errno, ESRCH);
	probe_memory_done(shared, sizeof(*shared));
}

static void die(void *data)
{
	(void)data;
	raise(SIGKILL);
}

static void test_one_that_dies(void **state)
{
	(void)state;
	assert_int_equal(probe_run(die, NULL, 60000), -ECHILD);
}

static int with_sigchld_ignored(void *data)
{
	signal(SIGCHLD, SIG_IGN);
	return probe_run(answer, data, 60000) || *(int *)data != 42;
}

static void test_with_sigchld_ignored(void **state)
{
	int *shared = probe_memory(sizeof(*shared));

	(void)state;
	assert_int_equal(child_run(with_sigchld_ignored, shared), 0);
	probe_memory_done(shared, sizeof(*shared));
}

/* What the last test tells its child: a pipe that the whole family has open. */
struct family {
	int end;
	pid_t parent;
	bool changes;
};

static void change_and_hang(void *data)
{
	const struct family *f = data;

	/* other ids: the kernel forgets the tie */
	if (f->changes && setresuid(4242, 4242, 4242) == 0)
		probe_tie(f->parent);
	if (write(f->end, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* Kills a parent while its child hangs: the child goes too, seen by the end of the pipe. */
static void assert_child_goes(bool changes)
{
	int ends[2];
	struct pollfd p;
	pid_t parent;
	char c;

	assert_int_equal(pipe(ends), 0);
	parent = fork();
	assert_true(parent >= 0);
	if (parent == 0) {
		struct family f = { .end = ends[1], .parent = getpid(), .changes = changes };

		close(ends[0]);
		probe_run(change_and_hang, &f, 600000);
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &c, 1), 1);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	p = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	assert_int_equal(poll(&p, 1, 60000), 1);
	assert_int_equal(read(ends[0], &c, 1), 0);
	close(ends[0]);
}

static void test_it_goes_with_its_parent(void **state)
{
	(void)state;
	assert_child_goes(false);
	if (geteuid() != 0)
		skip();
	assert_child_goes(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_answer),
		cmocka_unit_test(test_one_that_hangs),
		cmocka_unit_test(test_one_that_dies),
		cmocka_unit_test(test_with_sigchld_ignored),
		cmocka_unit_test(test_it_goes_with_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
