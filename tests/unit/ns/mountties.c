/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who else has what is mounted, told from tables made by hand. */
#include "../../../common/ns/mountties.h"

#include "../../../common/base/str.h"
#include "../../../common/sys/compat.h"
#include "../cmocka.h"

#include <errno.h>
#include <sys/mount.h>

/* User namespaces, and the mount namespaces that they own. */
enum { HOST, CONTAINER, SIBLING };
enum { HOST_MNT = 10, HOST_MNT2, CONTAINER_MNT, CONTAINER_MNT2, SIBLING_MNT };

static uint32_t owner_of(uint32_t ns)
{
	return ns == CONTAINER_MNT || ns == CONTAINER_MNT2 ? CONTAINER
	       : ns == SIBLING_MNT			   ? SIBLING
							   : HOST;
}

/* Without a root of its own a mount shows all of its file system. */
#define LINE(...)                                                                                  \
	&(struct mount_line)                                                                       \
	{                                                                                          \
		.fstype = "t", __VA_ARGS__                                                         \
	}

static size_t add(struct mounts *m, uint32_t ns, struct mount_line *line)
{
	line->root = line->root ? line->root : "/";
	mounts_add(m, ns, owner_of(ns), line);
	return m->v.n - 1;
}

static void test_alone(void **state)
{
	auto_mounts struct mounts m = { 0 };
	size_t a = add(&m, CONTAINER_MNT, LINE(.id = 1, .dev = 5, .target = "/a"));
	size_t h = add(&m, HOST_MNT, LINE(.id = 2, .dev = 6, .target = "/a"));

	(void)state;
	/* once more, but still in the same user namespace */
	add(&m, CONTAINER_MNT2, LINE(.id = 3, .dev = 5, .target = "/b"));
	mounts_finish(&m);
	assert_true(mount_is_private(&m, a, HOST));
	assert_false(mount_is_private(&m, h, HOST));
	/* from inside nobody can say what those above have */
	assert_false(mount_is_private(&m, a, CONTAINER));
	m.v.v[a].owner = GRAPH_NONE;
	assert_false(mount_is_private(&m, a, HOST));
}

static void assert_tie(enum mount_tie expected, struct mount_line *a, struct mount_line *b)
{
	auto_mounts struct mounts m = { 0 };
	size_t i = add(&m, CONTAINER_MNT, a), k = add(&m, SIBLING_MNT, b);

	mounts_finish(&m);
	assert_int_equal(mount_tie(&m.v.v[i], &m.v.v[k]), expected);
	assert_int_equal(mount_tie(&m.v.v[k], &m.v.v[i]), expected);
	assert_int_equal(mount_is_private(&m, i, HOST), expected <= TIE_CONTENT);
}

static void test_ties(void **state)
{
	(void)state;
	assert_tie(TIE_NONE, LINE(.dev = 1, .target = "/a"), LINE(.dev = 2, .target = "/a"));
	assert_tie(TIE_SAME, LINE(.dev = 1, .target = "/a"), LINE(.dev = 1, .target = "/b"));
	/* the source of a bind, a part of it, what is beside it */
	assert_tie(TIE_CONTENT, LINE(.dev = 1, .root = "/s/t", .target = "/a"),
		   LINE(.dev = 1, .target = "/"));
	assert_tie(TIE_CONTENT, LINE(.dev = 1, .root = "/s/t", .target = "/a"),
		   LINE(.dev = 1, .root = "/s", .target = "/"));
	assert_tie(TIE_NONE, LINE(.dev = 1, .root = "/s/t", .target = "/a"),
		   LINE(.dev = 1, .root = "/s/tt", .target = "/"));
	assert_tie(TIE_NONE, LINE(.dev = 1, .root = "net:[4]", .target = "/a"),
		   LINE(.dev = 1, .root = "net:[41]", .target = "/a"));
	/* the ids of one are others there */
	assert_tie(TIE_CONTENT, LINE(.dev = 1, .target = "/a", .attr = MOUNT_ATTR_IDMAP),
		   LINE(.dev = 1, .target = "/a"));
	assert_tie(TIE_CONTENT,
		   LINE(.dev = 1, .target = "/a", .attr = MOUNT_ATTR_IDMAP, .uid_map = "0 1 1"),
		   LINE(.dev = 1, .target = "/a", .attr = MOUNT_ATTR_IDMAP, .uid_map = "0 2 1"));
	assert_tie(TIE_SAME,
		   LINE(.dev = 1, .target = "/a", .attr = MOUNT_ATTR_IDMAP, .uid_map = "0 1 1"),
		   LINE(.dev = 1, .target = "/a", .attr = MOUNT_ATTR_IDMAP, .uid_map = "0 1 1"));
}

static void test_peers_and_slaves(void **state)
{
	(void)state;
	assert_tie(TIE_PEER, LINE(.dev = 1, .peers = 7, .target = "/a"),
		   LINE(.dev = 1, .peers = 7, .target = "/a"));
	assert_tie(TIE_PEER, LINE(.dev = 1, .peers = 7, .target = "/a"),
		   LINE(.dev = 1, .root = "/below", .master = 7, .target = "/a"));
	/* two slaves of one master: nothing goes from one to the other */
	assert_tie(TIE_SAME, LINE(.dev = 1, .master = 7, .target = "/a"),
		   LINE(.dev = 1, .master = 7, .target = "/a"));
	assert_tie(TIE_CONTENT, LINE(.dev = 1, .root = "/s", .peers = 7, .target = "/a"),
		   LINE(.dev = 1, .peers = 8, .target = "/a"));
}

static void test_paths_of_the_same_files(void **state)
{
	static const struct {
		const char *root, *target, *other_root, *other_target, *path, *inside;
	} cases[] = {
		{ "/", "/a", "/", "/b", "/b", "/a" },
		{ "/s", "/a", "/", "/", "/s", "/a" },
		{ "/s/t", "/a", "/s", "/b", "/b/t", "/a" },
		{ "/s", "/a", "/s/t/u", "/b", "/b", "/a/t/u" },
		{ "/s", "/", "/s/t", "/b", "/b", "/t" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mount m = { .root = (char *)cases[i].root,
				   .target = (char *)cases[i].target };
		struct mount other = { .root = (char *)cases[i].other_root,
				       .target = (char *)cases[i].other_target };
		auto_free char *inside = NULL;
		auto_free char *path = mount_path_of(&m, &other, &inside);

		assert_string_equal(path, cases[i].path);
		assert_string_equal(inside, cases[i].inside);
	}
}

/* A walk comes to what lies uppermost, in whatever order the kernel told of them. */
static void test_where_a_path_leads(void **state)
{
	auto_mounts struct mounts m = { 0 };
	size_t hidden = add(&m, HOST_MNT, LINE(.id = 30, .parent = 20, .target = "/a/b"));
	size_t root = add(&m, HOST_MNT, LINE(.id = 20, .parent = 1, .target = "/"));
	size_t over = add(&m, HOST_MNT, LINE(.id = 40, .parent = 20, .target = "/a"));
	size_t deep = add(&m, HOST_MNT, LINE(.id = 50, .parent = 40, .target = "/a/b/c"));
	size_t twice = add(&m, HOST_MNT, LINE(.id = 60, .parent = 50, .target = "/a/b/c"));

	(void)state;
	add(&m, HOST_MNT2, LINE(.id = 70, .parent = 20, .target = "/x"));
	mounts_finish(&m);
	assert_int_equal(mounts_at(&m, HOST_MNT, "/"), root);
	assert_int_equal(mounts_at(&m, HOST_MNT, "/ab"), root);
	assert_int_equal(mounts_at(&m, HOST_MNT, "/x"), root);
	assert_int_equal(mounts_at(&m, HOST_MNT, "/a/b"), over);
	assert_int_not_equal(mounts_at(&m, HOST_MNT, "/a/b"), hidden);
	assert_int_not_equal(mounts_at(&m, HOST_MNT, "/a/b/c"), deep);
	assert_int_equal(mounts_at(&m, HOST_MNT, "/a/b/c/d"), twice);
	assert_true(mounts_at(&m, SIBLING_MNT, "/") == SIZE_MAX);
}

/* Ids that lead in a circle, as a hostile or torn table might have them, end the walk. */
static void test_circles(void **state)
{
	auto_mounts struct mounts m = { 0 };
	size_t elsewhere;

	(void)state;
	add(&m, HOST_MNT, LINE(.id = 1, .parent = 2, .target = "/"));
	add(&m, HOST_MNT, LINE(.id = 2, .parent = 1, .target = "/"));
	add(&m, HOST_MNT, LINE(.id = 3, .parent = 3, .target = "/"));
	mounts_finish(&m);
	assert_true(mounts_at(&m, HOST_MNT, "/x") != SIZE_MAX);
	assert_true(mount_shared_above(&m, 0, &elsewhere) == SIZE_MAX);
	assert_true(mount_shared_above(&m, 2, &elsewhere) == SIZE_MAX);
}

static void test_shared_above(void **state)
{
	auto_mounts struct mounts m = { 0 };
	size_t root = add(&m, CONTAINER_MNT, LINE(.id = 1, .dev = 1, .peers = 7, .target = "/"));
	size_t mid = add(&m, CONTAINER_MNT, LINE(.id = 2, .parent = 1, .dev = 2, .target = "/a"));
	size_t leaf =
		add(&m, CONTAINER_MNT, LINE(.id = 3, .parent = 2, .dev = 3, .target = "/a/b"));
	size_t slave = add(&m, SIBLING_MNT, LINE(.id = 4, .dev = 1, .master = 7, .target = "/"));
	size_t elsewhere = SIZE_MAX;

	(void)state;
	mounts_finish(&m);
	assert_int_equal(mount_shared_above(&m, leaf, &elsewhere), root);
	assert_int_equal(elsewhere, slave);
	assert_int_equal(mount_shared_above(&m, mid, &elsewhere), root);
	/* the other way round nothing goes */
	m.v.v[root].peers = 0;
	m.v.v[root].master = 8;
	m.v.v[slave].peers = 8;
	assert_true(mount_shared_above(&m, leaf, &elsewhere) == SIZE_MAX);
	/* nor among those of one user namespace */
	m.v.v[root].peers = 7;
	m.v.v[slave].owner = CONTAINER;
	assert_true(mount_shared_above(&m, leaf, &elsewhere) == SIZE_MAX);
}

static void assert_lock(const char *expected, int unmounted, size_t n, const int *cleared)
{
	const char *name = mount_lock_name(mount_lock_of(cleared, n, unmounted));

	assert_string_equal(name ? name : "?", expected);
}

static void test_locks(void **state)
{
	static const int both[] = { -EPERM, -EPERM }, one[] = { -EPERM, 0 }, none[] = { 0, 0 },
			 odd[] = { -EPERM, -EINVAL };

	(void)state;
	assert_lock("yes", -EINVAL, 2, both);
	assert_lock("mount", -EINVAL, 2, one);
	assert_lock("mount", -EINVAL, 2, none);
	assert_lock("flags", 0, 2, both);
	assert_lock("no", 0, 2, one);
	assert_lock("no", 0, 2, none);
	/* what restricts nothing needs no lock of its own */
	assert_lock("yes", -EINVAL, 0, NULL);
	assert_lock("no", 0, 0, NULL);
	assert_lock("?", -EINVAL, 2, odd);
	assert_lock("?", -ENOENT, 2, both);
	assert_int_equal(
		mount_restrictions(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOATIME | MOUNT_ATTR_IDMAP),
		MOUNT_ATTR_NOSUID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_peers_and_slaves),
		cmocka_unit_test(test_paths_of_the_same_files),
		cmocka_unit_test(test_where_a_path_leads),
		cmocka_unit_test(test_circles),
		cmocka_unit_test(test_shared_above),
		cmocka_unit_test(test_locks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
