/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/procfs.h"

#include "../../../common/base/fd.h"

#include "../cmocka.h"

#include <errno.h>
#include <unistd.h>

/* A name may hold what separates the fields. */
static void test_stat_survives_a_hostile_name(void **state)
{
	static const char text[] = "4242 (a) R 1 (b) c) S 17 4242 4242 34816 4242 4194560 1 2 3 4 "
				   "5 6 7 8 20 0 1 0 8642 9 10\n";
	struct proc_stat st;

	(void)state;
	assert_int_equal(proc_stat_parse(text, &st), 0);
	assert_string_equal(st.comm, "a) R 1 (b) c");
	assert_int_equal(st.state, 'S');
	assert_int_equal(st.ppid, 17);
	assert_int_equal(st.flags, 4194560);
	assert_int_equal(st.starttime, 8642);
}

static void test_stat_refuses_what_is_cut(void **state)
{
	static const char *const texts[] = { "",
					     "4242 (a",
					     "4242 (a)",
					     "4242 )a( S 1",
					     "4242 (a) S ",
					     "4242 (a) S 17 1 2 3 4",
					     "4242 (a) S 17 1 2 3 4 5 6 7" };
	struct proc_stat st;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(proc_stat_parse(texts[i], &st), -EINVAL);
}

static void test_field_stands_at_the_beginning_of_a_line(void **state)
{
	static const char text[] = "Name:\tTgid:\nTgid:\t 12\nNSpid:\t12\t1\n";

	(void)state;
	assert_string_equal(proc_field(text, "Tgid:"), "12\nNSpid:\t12\t1\n");
	assert_string_equal(proc_field(text, "NSpid:"), "12\t1\n");
	assert_null(proc_field(text, "Pid:"));
	assert_null(proc_field("", "Pid:"));
}

static void test_own_thread_belongs_to_the_process(void **state)
{
	auto_close int proc = proc_open();
	pid_t pid = 0;

	(void)state;
	assert_true(proc >= 0);
	assert_int_equal(proc_tgid(proc, gettid(), &pid), 0);
	assert_int_equal(pid, getpid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat_survives_a_hostile_name),
		cmocka_unit_test(test_stat_refuses_what_is_cut),
		cmocka_unit_test(test_field_stands_at_the_beginning_of_a_line),
		cmocka_unit_test(test_own_thread_belongs_to_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
