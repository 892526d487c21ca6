/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can get to a file, from the modes and owners on the way. */
#include "../../../common/ns/reach.h"

#include "../cmocka.h"

#include <fcntl.h>
#include <unistd.h>

#define STEPS 3

static void tells_who_can_reach(void **state)
{
	static const struct {
		struct reach_step way[STEPS];
		struct reach reach;
	} cases[] = {
		{ { { 0, 0, 0755 }, { 0, 0, 0755 }, { 5, 6, 0644 } }, { REACH_EVERYBODY, 0, 0 } },
		/* It is enough to enter the last one; reading its names is no more. */
		{ { { 0, 0, 0755 }, { 0, 0, 0711 }, { 5, 6, 0701 } }, { REACH_EVERYBODY, 0, 0 } },
		/* To pass, reading is of no use. */
		{ { { 0, 0, 0755 }, { 5, 6, 0744 }, { 5, 6, 0644 } }, { REACH_USER, 5, 0 } },
		{ { { 0, 0, 0755 }, { 0, 6, 0750 }, { 5, 6, 0644 } }, { REACH_GROUP, 0, 6 } },
		{ { { 0, 0, 0755 }, { 5, 6, 0750 }, { 5, 6, 0600 } }, { REACH_USER, 5, 0 } },
		{ { { 0, 0, 0755 }, { 0, 0, 0700 }, { 5, 6, 0644 } }, { REACH_ROOT, 0, 0 } },
		/* Two that nobody but root is both of. */
		{ { { 0, 0, 0755 }, { 5, 6, 0700 }, { 7, 8, 0700 } }, { REACH_ROOT, 0, 0 } },
		/* An owner may be the one who is kept out. */
		{ { { 0, 0, 0755 }, { 5, 6, 0070 }, { 5, 6, 0777 } }, { REACH_GROUP, 0, 6 } },
		{ { { 0, 0, 0755 }, { 5, 0, 0000 }, { 5, 6, 0777 } }, { REACH_ROOT, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_reach_way struct reach_way way = { 0 };
		struct reach r;

		for (size_t k = 0; k < STEPS; k++)
			vec_push(&way.steps, cases[i].way[k]);
		r = reach_of(&way);
		assert_int_equal(r.who, cases[i].reach.who);
		assert_int_equal(r.uid, cases[i].reach.uid);
		assert_int_equal(r.gid, cases[i].reach.gid);
	}
}

static void looks_at_each_directory(void **state)
{
	static const struct {
		const char *path;
		size_t steps;
	} cases[] = { { "/", 1 }, { "/proc", 2 }, { "/proc/self/status", 4 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_reach_way struct reach_way way = { 0 };
		int fd = open(cases[i].path, O_PATH | O_CLOEXEC);

		assert_int_equal(reach_look(fd, &way), 0);
		assert_int_equal(way.steps.n, cases[i].steps);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_who_can_reach),
		cmocka_unit_test(looks_at_each_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
