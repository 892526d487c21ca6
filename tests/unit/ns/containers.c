/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding containers' processes, in a made /proc. */
#include "../../../common/ns/containers.h"

#include "../fixture.h"

#define ID_A "3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a95c01b7eaaaa"
#define ID_B "3f2b00000000000000000000000000000000000000000000000000000000bbbb"
#define POD  "2c48913c-b29f-11e7-9350-020968147796"

static const struct {
	pid_t pid;
	char state;
	unsigned starttime;
	const char *cgroup;
} processes[] = {
	{ 1, 'S', 1, "/init.scope" },
	{ 100, 'S', 90, "/system.slice/docker-" ID_A ".scope" }, /* of a later docker exec */
	{ 200, 'S', 50, "/system.slice/docker-" ID_A ".scope/init.scope" },
	{ 150, 'Z', 40, "/system.slice/docker-" ID_A ".scope" },
	{ 201, 'S', 50, "/system.slice/docker-" ID_A ".scope/nginx.service" },
	{ 300, 'S', 60, "/system.slice/docker-" ID_B ".scope" },
	{ 400, 'S', 70, "/system.slice/nginx.service" },
	{ 401, 'S', 71, "/system.slice/nginx.service" },
	{ 500, 'S', 82, "/kubepods/burstable/pod" POD "/" ID_B },
	{ 501, 'S', 81, "/kubepods/burstable/pod" POD "/" ID_A },
	{ 600, 'S', 95, "/lxc.payload.w\033[2Jeb" },
};

static struct fixture f;

static void make_process(pid_t pid, char state, unsigned starttime, const char *cgroup)
{
	auto_free char *lines = xasprintf("0::%s\n", cgroup);
	auto_free char *stat = xasprintf("%d (x) %c 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %u 0\n",
					 pid, state, starttime);
	auto_free char *cgroup_path = xasprintf("%d/cgroup", pid);
	auto_free char *stat_path = xasprintf("%d/stat", pid);

	fixture_text(&f, cgroup_path, lines);
	fixture_text(&f, stat_path, stat);
}

static int setup(void **state)
{
	(void)state;
	f = fixture_new();
	for (size_t i = 0; i < ARRAY_LEN(processes); i++)
		make_process(processes[i].pid, processes[i].state, processes[i].starttime,
			     processes[i].cgroup);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_done(&f);
	return 0;
}

static void test_finds_the_oldest_process(void **state)
{
	static const struct {
		const char *wanted;
		pid_t pid;
	} cases[] = {
		{ "3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a95c01b7e3f2a95c01b7eaaab", 0 },
		{ "docker:3f2a", 200 },
		{ "docker:3f2b", 300 },
		{ "pod:" POD, 501 },
		{ POD, 501 },
		{ "web", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		pid_t pid = 0;
		int r = containers_find(f.fd, cases[i].wanted, &pid, NULL);

		assert_int_equal(r, cases[i].pid ? 0 : -ENOENT);
		assert_int_equal(pid, cases[i].pid);
	}
}

static void test_lists_what_is_ambiguous(void **state)
{
	auto_err struct err e = { 0 };
	pid_t pid;

	(void)state;
	assert_int_equal(containers_find(f.fd, "nginx.service", &pid, &e), -ENOTUNIQ);
	assert_string_equal(e.text, "2 containers, pods or units are named 'nginx.service'");
	assert_string_equal(e.hint,
			    "process 201 is in 'system.slice/docker-" ID_A ".scope/nginx.service'\n"
			    "process 400 is in 'system.slice/nginx.service'");
	assert_int_equal(containers_find(f.fd, "3f2", &pid, NULL), -ENOTUNIQ);
}

/* Ten are listed, however many there are. */
static void test_lists_no_more_than_ten(void **state)
{
	auto_err struct err e = { 0 };
	size_t lines = 1;
	pid_t pid;

	(void)state;
	for (int i = 0; i < 14; i++) {
		auto_free char *cgroup = xasprintf("/%d.slice/many.service", i);

		make_process(1000 + i, 'S', 5, cgroup);
	}
	assert_int_equal(containers_find(f.fd, "many.service", &pid, &e), -ENOTUNIQ);
	for (const char *p = e.hint; (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, 11);
	assert_non_null(strstr(e.hint, "\nand 4 more"));
}

static void test_names_the_nearest(void **state)
{
	static const struct {
		const char *wanted, *text, *hint;
	} cases[] = {
		{ "nginx", "no process is in a container, pod or unit 'nginx'",
		  "did you mean 'nginx.service'?" },
		{ "w\033[2Jebb", "no process is in a container, pod or unit 'w\\x1b[2Jebb'",
		  "did you mean 'w\\x1b[2Jeb'?" },
		{ "postgresql", "no process is in a container, pod or unit 'postgresql'", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_err struct err e = { 0 };
		pid_t pid;

		assert_int_equal(containers_find(f.fd, cases[i].wanted, &pid, &e), -ENOENT);
		assert_string_equal(e.text, cases[i].text);
		assert_int_equal(!e.hint, !cases[i].hint);
		if (e.hint)
			assert_string_equal(e.hint, cases[i].hint);
	}
}

static void test_tells_whether_a_process_is_in_it(void **state)
{
	(void)state;
	assert_true(containers_has(f.fd, "docker:3f2a", 200));
	assert_false(containers_has(f.fd, "docker:3f2a", 300));
	assert_false(containers_has(f.fd, "docker:3f2a", 999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_the_oldest_process),
		cmocka_unit_test(test_lists_what_is_ambiguous),
		cmocka_unit_test(test_lists_no_more_than_ten),
		cmocka_unit_test(test_names_the_nearest),
		cmocka_unit_test(test_tells_whether_a_process_is_in_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
