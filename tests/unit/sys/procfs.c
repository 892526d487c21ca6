/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/procfs.h"

#include "../fixture.h"

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

static void test_paths(void **state)
{
	char path[PROC_PATH_MAX];

	(void)state;
	proc_path(path, 1, 0, "ns");
	assert_string_equal(path, "1/ns");
	proc_path(path, 4194304, 2147483647, "fd/2147483647");
	assert_string_equal(path, "4194304/task/2147483647/fd/2147483647");
	proc_path(path, 10, 0, "");
	assert_string_equal(path, "10/");
	/* no name of the kernel's is so long; one from elsewhere is cut, not written beyond */
	proc_path(path, 2147483647, 2147483647,
		  "0123456789012345678901234567890123456789012345678901234567890123456789");
	assert_string_equal(path,
			    "2147483647/task/2147483647/0123456789012345678901234567890123456789");
}

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	f = fixture_new();
	fixture_file(&f, "7/cmdline", "/bin/sh\0-c\0a\nb c\0\0\0", 20);
	fixture_text(&f, "7/stat", "7 (sh) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 0");
	fixture_text(&f, "7/status", "Name:\tsh\nTgid:\t5\n");
	fixture_dir(&f, "7/task/7");
	fixture_dir(&f, "7/task/8");
	fixture_dir(&f, "7/task/9");
	fixture_text(&f, "8/cmdline", "");
	fixture_text(&f, "8/stat", "8 (\033[2J) x) Z 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 0");
	fixture_text(&f, "8/status", "Name:\tTgid:\n");
	fixture_text(&f, "9/cmdline", "");
	fixture_text(&f, "9/stat", "");
	fixture_text(&f, "9/status", "Tgid:\tnone\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_done(&f);
	return 0;
}

static void assert_command(pid_t pid, size_t limit, const char *expected)
{
	auto_str struct str s = { 0 };

	str_add(&s, "what was there before");
	assert_int_equal(proc_command(f.fd, pid, limit, &s), 0);
	assert_string_equal(str_text(&s), expected);
	assert_int_equal(s.len, strlen(expected));
}

static void test_command(void **state)
{
	auto_str struct str s = { 0 };

	(void)state;
	assert_command(7, SIZE_MAX, "/bin/sh -c a\nb c");
	assert_command(7, 7, "/bin/sh");
	assert_command(8, SIZE_MAX, "\033[2J) x");
	assert_int_equal(proc_command(f.fd, 9, SIZE_MAX, &s), -EINVAL);
	assert_int_equal(proc_command(f.fd, 10, SIZE_MAX, &s), -ENOENT);
}

static void test_threads(void **state)
{
	(void)state;
	assert_int_equal(proc_nthreads(f.fd, 10), 0);
	assert_int_equal(proc_nthreads(f.fd, 7), 3);
}

static void test_process_of_a_thread(void **state)
{
	pid_t pid = 0;

	(void)state;
	assert_int_equal(proc_tgid(f.fd, 7, &pid), 0);
	assert_int_equal(pid, 5);
	assert_int_equal(proc_tgid(f.fd, 8, &pid), -EINVAL);
	assert_int_equal(proc_tgid(f.fd, 9, &pid), -EINVAL);
	assert_int_equal(proc_tgid(f.fd, 10, &pid), -ENOENT);
}

static void test_owner(void **state)
{
	uid_t uid = 12345;

	(void)state;
	assert_int_equal(proc_uid(f.fd, 7, &uid), 0);
	assert_int_equal(uid, geteuid());
	assert_int_equal(proc_uid(f.fd, 10, &uid), -ENOENT);
}

static void test_links(void **state)
{
	char text[8], room[64];

	(void)state;
	fixture_link(&f, "7/ns/net", "net:[4026531840]");
	fixture_link(&f, "7/exe", "/bin/sh");
	memset(room, 'x', sizeof(room));
	assert_int_equal(proc_link(f.fd, "7/exe", room, sizeof(room)), 7);
	assert_string_equal(room, "/bin/sh");
	assert_int_equal(proc_link(f.fd, "7/ns/net", text, sizeof(text)), 7);
	assert_string_equal(text, "net:[40"); /* cut, and ended */
	assert_int_equal(proc_link(f.fd, "7/stat", text, sizeof(text)), -EINVAL);
	assert_int_equal(proc_link(f.fd, "7/ns/uts", text, sizeof(text)), -ENOENT);
}

static void test_total_of_threads(void **state)
{
	uint64_t n = 0;

	(void)state;
	assert_int_equal(proc_total_threads(f.fd, &n), -ENOENT);
	fixture_text(&f, "loadavg", "0.20 1.00 1.02 2/6112 3109\n");
	assert_int_equal(proc_total_threads(f.fd, &n), 0);
	assert_int_equal(n, 6112);
	fixture_text(&f, "loadavg", "0.20 1.00 1.02\n");
	assert_int_equal(proc_total_threads(f.fd, &n), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat_survives_a_hostile_name),
		cmocka_unit_test(test_stat_refuses_what_is_cut),
		cmocka_unit_test(test_field_stands_at_the_beginning_of_a_line),
		cmocka_unit_test(test_own_thread_belongs_to_the_process),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_process_of_a_thread),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_total_of_threads),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
