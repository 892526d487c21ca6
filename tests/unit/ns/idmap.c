/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/ns/idmap.h"

#include "../cmocka.h"

#include <errno.h>

static void reads_both_orders(void **state)
{
	static const struct {
		const char *word;
		struct id_range range; /* count 0: refused */
	} cases[] = {
		{ "0:100000:65536", { 0, 100000, 65536 } },
		{ "100000,0,65536", { 0, 100000, 65536 } },
		{ "4294967294:0:1", { UINT32_MAX - 1, 0, 1 } },
		{ "0:0:0", { 0 } },
		{ "0:0", { 0 } },
		{ "0:0:1:1", { 0 } },
		{ "0,0:1", { 0 } },
		{ "-1:0:1", { 0 } },
		{ " 0:0:1", { 0 } },
		{ "0:0:1 ", { 0 } },
		{ "0:0:4294967296", { 0 } },
		{ "", { 0 } },
		{ "auto", { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_err struct err e = { 0 };
		struct id_range r = { 0 };
		int code = idmap_parse(cases[i].word, &r, &e);

		assert_int_equal(code, cases[i].range.count ? 0 : -EINVAL);
		assert_int_equal(!e.text, !code);
		if (code == 0)
			assert_memory_equal(&r, &cases[i].range, sizeof(r));
	}
}

static void assert_map(const struct idmap *m, const char *expected)
{
	auto_free char *text = idmap_text(m);

	assert_string_equal(text ? text : "", expected);
}

#define SUBID                                                                                      \
	"other:1:1\n"                                                                              \
	"ann:100000:65536\n"                                                                       \
	"anna:7:7\n"                                                                               \
	"ann:x:1\nann:1\nann:1:\nann:1:0\nann:4294967295:1\nann:4294967290:9\nann:1:1x\n"          \
	"1000:300000:10\n"                                                                         \
	"ann:200000:5"

static void reads_subordinate_ids(void **state)
{
	static const struct {
		const char *name;
		uint32_t id;
		enum subid_use use;
		const char *map; /* "": there are none */
	} cases[] = {
		{ "ann", 1000, SUBID_FIRST, "0 100000 65536\n" },
		{ "ann", 1000, SUBID_ALL, "0 100000 65536\n65536 300000 10\n65546 200000 5\n" },
		{ "ann", 1, SUBID_IDENTITY, "100000 100000 65536\n" },
		{ "ann", 1, SUBID_ALL | SUBID_IDENTITY, "100000 100000 65536\n200000 200000 5\n" },
		{ NULL, 1000, SUBID_ALL, "0 300000 10\n" },
		{ "an", 5, SUBID_ALL, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_idmap struct idmap m = { 0 };
		int r = idmap_add_subids(&m, SUBID, cases[i].name, cases[i].id, cases[i].use);

		assert_int_equal(r, *cases[i].map ? 0 : -ENOENT);
		assert_map(&m, cases[i].map);
	}
}

static void passes_on_what_is_available(void **state)
{
	auto_idmap struct idmap m = { 0 };

	(void)state;
	idmap_add_available(&m,
			    "         0     100000      65536\n     70000       1000          1\n");
	assert_map(&m, "0 0 65536\n70000 70000 1\n");
}

static void reads_a_uid_map(void **state)
{
	auto_idmap struct idmap m = { 0 };

	(void)state;
	idmap_read(&m, "         0     100000      65536\nodd\n     70000       1000          1\n");
	assert_map(&m, "0 100000 65536\n70000 1000 1\n");
	assert_true(idmap_has(&m, 100000));
	assert_true(idmap_has(&m, 165535));
	assert_true(idmap_has(&m, 1000));
	assert_false(idmap_has(&m, 165536));
	assert_false(idmap_has(&m, 99999));
	assert_false(idmap_is_identity(&m));
}

static void covers_ids_and_ones_own(void **state)
{
	auto_idmap struct idmap block = { 0 }, with_own = { 0 }, a = { 0 }, b = { 0 };

	(void)state;
	vec_push(&block.ranges, { 0, 100000, 10 });
	vec_push(&with_own.ranges, { 0, 995, 10 });
	idmap_cover(&block, 1000, &a);
	assert_map(&a, "100000 100000 10\n1000 1000 1\n");
	idmap_cover(&with_own, 1000, &b);
	assert_map(&b, "995 995 10\n");
	assert_true(idmap_is_identity(&a) && idmap_is_identity(&b));
}

static void puts_one_map_after_the_other(void **state)
{
	static const struct id_range target[] = { { 0, 100000, 10 }, { 10, 500, 5 } };
	static const struct {
		struct id_range range;
		const char *map; /* NULL: some of its ids have no place */
	} cases[] = {
		{ { 1000, 0, 1 }, "1000 100000 1\n" },
		{ { 1000, 9, 1 }, "1000 100009 1\n" },
		{ { 0, 8, 5 }, "0 100008 2\n2 500 3\n" },
		{ { 7, 14, 1 }, "7 504 1\n" },
		{ { 7, 14, 2 }, NULL },
		{ { 7, 15, 1 }, NULL },
		{ { 7, 4294967294, 1 }, NULL },
	};
	auto_idmap struct idmap b = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(target); i++)
		vec_push(&b.ranges, target[i]);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_idmap struct idmap a = { 0 }, both = { 0 };
		auto_err struct err e = { 0 };
		int r;

		vec_push(&a.ranges, cases[i].range);
		r = idmap_compose(&a, &b, ID_USER, &both, &e);
		assert_int_equal(r, cases[i].map ? 0 : -EOVERFLOW);
		if (cases[i].map)
			assert_map(&both, cases[i].map);
		else
			assert_non_null(strstr(e.text, "has no place in the user namespace"));
	}
}

static void makes_room_for_one_id(void **state)
{
	static const struct {
		struct id_range range;
		uint32_t inner, outer;
		const char *map;
	} cases[] = {
		{ { 0, 100000, 10 }, 50, 1000, "50 1000 1\n0 100000 10\n" },
		{ { 0, 100000, 10 }, 0, 1000, "0 1000 1\n1 100000 9\n" },
		{ { 0, 100000, 10 }, 9, 1000, "9 1000 1\n0 100000 9\n" },
		{ { 0, 100000, 10 }, 4, 1000, "4 1000 1\n0 100000 4\n5 100004 5\n" },
		{ { 0, 100000, 10 }, 50, 100003, "50 100003 1\n0 100000 3\n3 100004 6\n" },
		{ { 0, 100000, 10 },
		  2,
		  100006,
		  "2 100006 1\n0 100000 2\n3 100002 4\n7 100007 3\n" },
		{ { 0, 100000, 10 },
		  6,
		  100002,
		  "6 100002 1\n0 100000 2\n2 100003 4\n7 100007 3\n" },
		{ { 0, 0, 10 }, 3, 3, "3 3 1\n0 0 3\n4 4 6\n" },
		{ { 0, 5, 1 }, 0, 1000, "0 1000 1\n" },
		{ { 0, 0, UINT32_MAX }, 0, 0, "0 0 1\n1 1 4294967294\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_idmap struct idmap m = { 0 };

		vec_push(&m.ranges, cases[i].range);
		idmap_add_single(&m, cases[i].inner, cases[i].outer);
		assert_map(&m, cases[i].map);
		assert_int_equal(idmap_check(&m, ID_USER, NULL), 0);
	}
}

static void refuses_what_the_kernel_would(void **state)
{
	static const struct {
		struct id_range a, b;
		const char *says; /* NULL: fine */
	} cases[] = {
		{ { 0, 100, 10 }, { 10, 200, 10 }, NULL },
		{ { 0, 100, 10 },
		  { 9, 200, 10 },
		  "uid ranges 0:100:10 and 9:200:10 overlap inside" },
		{ { 10, 200, 10 }, { 0, 100, 11 }, "overlap inside" },
		{ { 0, 100, 10 }, { 10, 109, 10 }, "overlap outside" },
		{ { 0, 100, 10 }, { UINT32_MAX - 1, 0, 1 }, NULL },
		{ { 0, 100, 10 }, { UINT32_MAX, 0, 1 }, "runs past" },
		{ { 0, 100, 10 }, { 20, UINT32_MAX - 5, 6 }, "runs past" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_idmap struct idmap m = { 0 };
		auto_err struct err e = { 0 };
		int r;

		vec_push(&m.ranges, cases[i].a);
		vec_push(&m.ranges, cases[i].b);
		r = idmap_check(&m, ID_USER, &e);
		assert_int_equal(r, cases[i].says ? -EINVAL : 0);
		if (cases[i].says)
			assert_non_null(strstr(e.text, cases[i].says));
	}
}

static void counts_the_ranges(void **state)
{
	auto_idmap struct idmap m = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 340; i++)
		vec_push(&m.ranges, { 2 * i, 2 * i, 1 });
	assert_int_equal(idmap_check(&m, ID_GROUP, NULL), 0);
	vec_push(&m.ranges, { 1000, 1000, 1 });
	assert_int_equal(idmap_check(&m, ID_GROUP, NULL), -EINVAL);
}

#define OWN                                                                                        \
	{                                                                                          \
		0, 1000, 1                                                                         \
	}
#define OTHER                                                                                      \
	{                                                                                          \
		0, 1001, 1                                                                         \
	}
#define BLOCK                                                                                      \
	{                                                                                          \
		0, 100000, 10                                                                      \
	}
#define NOBODY                                                                                     \
	{                                                                                          \
		0, 0, 0                                                                            \
	}

static const struct {
	struct id_range user, group; /* count 0: no map */
	bool can, changes_owner;
	enum setgroups wanted;
	int result;
	struct idmap_plan plan;
} plans[] = {
	{ NOBODY,
	  NOBODY,
	  false,
	  false,
	  SETGROUPS_KEEP,
	  0,
	  { { WRITER_NONE, WRITER_NONE }, false, false } },
	{ NOBODY,
	  NOBODY,
	  false,
	  false,
	  SETGROUPS_ALLOW,
	  0,
	  { { WRITER_NONE, WRITER_NONE }, true, false } },
	{ OWN, OWN, false, false, SETGROUPS_KEEP, 0, { { WRITER_SELF, WRITER_SELF }, true, true } },
	{ OWN, OWN, true, false, SETGROUPS_KEEP, 0, { { WRITER_SELF, WRITER_SELF }, true, true } },
	{ OWN, OWN, true, true, SETGROUPS_KEEP, 0, { { WRITER_ROOT, WRITER_ROOT }, false, false } },
	{ OWN, OWN, false, false, SETGROUPS_ALLOW, -EINVAL, { { 0 }, false, false } },
	{ OWN,
	  BLOCK,
	  false,
	  false,
	  SETGROUPS_ALLOW,
	  0,
	  { { WRITER_SELF, WRITER_HELPER }, true, false } },
	{ OTHER,
	  BLOCK,
	  false,
	  false,
	  SETGROUPS_DENY,
	  0,
	  { { WRITER_HELPER, WRITER_HELPER }, true, true } },
	{ BLOCK,
	  BLOCK,
	  true,
	  false,
	  SETGROUPS_KEEP,
	  0,
	  { { WRITER_ROOT, WRITER_ROOT }, false, false } },
};

static void decides_who_writes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		struct idmap maps[ID_NKINDS] = { 0 };
		struct idmap_facts f = { .own = { 1000, 1000 },
					 .can = { plans[i].can, plans[i].can },
					 .changes_owner = plans[i].changes_owner };
		struct idmap_plan p = { 0 };
		auto_err struct err e = { 0 };

		if (plans[i].user.count)
			vec_push(&maps[ID_USER].ranges, plans[i].user);
		if (plans[i].group.count)
			vec_push(&maps[ID_GROUP].ranges, plans[i].group);
		assert_int_equal(idmap_plan(maps, &f, plans[i].wanted, &p, &e), plans[i].result);
		if (plans[i].result == 0) {
			assert_int_equal(p.writer[ID_USER], plans[i].plan.writer[ID_USER]);
			assert_int_equal(p.writer[ID_GROUP], plans[i].plan.writer[ID_GROUP]);
			assert_int_equal(p.write_setgroups, plans[i].plan.write_setgroups);
			assert_int_equal(p.deny, plans[i].plan.deny);
		}
		idmap_done(&maps[ID_USER]);
		idmap_done(&maps[ID_GROUP]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_orders),
		cmocka_unit_test(reads_subordinate_ids),
		cmocka_unit_test(passes_on_what_is_available),
		cmocka_unit_test(reads_a_uid_map),
		cmocka_unit_test(covers_ids_and_ones_own),
		cmocka_unit_test(puts_one_map_after_the_other),
		cmocka_unit_test(makes_room_for_one_id),
		cmocka_unit_test(refuses_what_the_kernel_would),
		cmocka_unit_test(counts_the_ranges),
		cmocka_unit_test(decides_who_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
