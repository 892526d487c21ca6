/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/ns/container.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#define ID "9bca8d63d5fa610783847915bcff0ecac1273e5b4bed3f6fa1b07350e0135961"
#define IN "0ba8ac17e4e7a31fb82279503552fe94e64bab4745bf6fd2ff231e7c8ca8bed0"

static const char *const kinds[] = {
	[CONTAINER_UNIT] = "unit",
	[CONTAINER_POD] = "pod",
	[CONTAINER_WHOLE] = "whole",
};

static void expect(const char *text, const char *got, const char *wanted)
{
	if (!str_is(got, wanted))
		fail_msg("%s: %s, wanted %s", text, got, wanted);
}

/* One line of the table: what is expected, then the text. */
static void check_row(char *line)
{
	enum { KIND, SHOWN, ID_COLUMN, POD, TEXT, NCOLUMNS };
	char *column[NCOLUMNS], *rest = line;
	struct container c = { 0 };

	for (int i = 0; i < NCOLUMNS; i++) {
		column[i] = strsep(&rest, "\t");
		assert_non_null(column[i]);
	}
	for (char *p = column[TEXT]; *p; p++)
		if (*p == ';')
			*p = '\n';

	if (container_find(column[TEXT], &c)) {
		auto_free char *shown = container_text(&c);

		expect(column[TEXT], kinds[c.kind], column[KIND]);
		expect(column[TEXT], shown, column[SHOWN]);
		expect(column[TEXT], c.id, column[ID_COLUMN]);
		expect(column[TEXT], c.pod ? c.pod : "-", column[POD]);
		assert_true(container_matches(column[TEXT], c.id));
		assert_true(container_matches(column[TEXT], shown));
		container_done(&c);
	} else {
		expect(column[TEXT], "none", column[KIND]);
	}
}

static void test_table(void **state)
{
	FILE *f = fopen(TESTDIR "/unit/ns/containers.tsv", "re");
	auto_free char *line = NULL;
	size_t size = 0, rows = 0;
	ssize_t n;

	(void)state;
	assert_non_null(f);
	while ((n = getline(&line, &size, f)) > 0) {
		line[n - 1] = '\0';
		if (line[0] == '#')
			continue;
		check_row(line);
		rows++;
	}
	fclose(f);
	assert_true(rows > 100);
}

static void test_matches(void **state)
{
	static const char nested[] =
		"0::/kubepods.slice/kubepods-poda5c1f8d5_1919_434d_add7_4afaafdaef89.slice/crio-" ID
		".scope/docker/" IN "\n1:name=systemd:/system.slice/kubelet.service\n";
	static const char *const yes[] = {
		ID,
		"9",
		"9bca8d63d5fa",
		"cri-o:9bca",
		IN,
		"docker:0ba8ac17e4e7",
		"a5c1f8d5-1919-434d-add7-4afaafdaef89",
		"pod:a5c1f8d5-1919-434d-add7-4afaafdaef89",
		"kubelet.service",
	};
	static const char *const no[] = {
		"",
		"cri-o:",
		"bca8",
		ID "0",
		"docker:9bca8d63",
		"podman:9bca",
		"9BCA",
		"a5c1f8d5",
		"a5c1f8d5_1919_434d_add7_4afaafdaef89",
		"kubelet",
		"kubelet.service.",
		"systemd",
		"pod:",
		":",
		"crio-" ID ".scope",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (!container_matches(nested, yes[i]))
			fail_msg("does not match %s", yes[i]);
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (container_matches(nested, no[i]))
			fail_msg("matches %s", no[i]);
}

/* The uid of a pod that only the name of the container itself tells. */
static void test_matches_pod_in_name(void **state)
{
	static const char text[] = "0::/kubepods-pod57e67067_89e4_4001_bdd4_8632d39ea02b.slice:"
				   "cri-containerd:" ID "\n";

	(void)state;
	assert_true(container_matches(text, "pod:57e67067-89e4-4001-bdd4-8632d39ea02b"));
	assert_false(container_matches(text, "pod:57e67067-89e4-4001-bdd4-8632d39ea02c"));
}

/* A name in full, never its head: web is not web01. */
static void test_matches_names_whole(void **state)
{
	(void)state;
	assert_true(container_matches("0::/lxc.payload.web01\n", "web01"));
	assert_true(container_matches("0::/lxc.payload.web01\n", "lxc:web01"));
	assert_false(container_matches("0::/lxc.payload.web01\n", "web"));
	assert_false(container_matches("0::/lxc.payload.web01\n", "web012"));
	assert_true(container_matches("0::/lxc.payload.lxc:1\n", "lxc:1"));
}

/* Nothing is found, and nothing is touched. */
/* Two units of one name, on the host and in a container, are two places; siblings are one. */
static void test_tells_where(void **state)
{
	static const char a64[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	auto_free char *inner = xasprintf("0::/system.slice/docker-%s.scope/nginx.service\n", a64);
	auto_free char *scope = container_where(inner, "aaa");
	auto_free char *unit = container_where(inner, "nginx.service");
	auto_free char *own = container_where("0::/system.slice/nginx.service\n", "nginx.service");
	auto_free char *below =
		container_where("0::/system.slice/nginx.service/x\n", "nginx.service");

	(void)state;
	assert_int_equal(strlen(scope), strlen("system.slice/docker-.scope") + 64);
	assert_string_equal(unit + strlen(scope), "/nginx.service");
	assert_string_equal(own, "system.slice/nginx.service");
	assert_string_equal(below, own);
	assert_null(container_where(inner, "bbb"));
}

static void test_leaves_the_answer_alone(void **state)
{
	struct container c = { .engine = "mine" };

	(void)state;
	assert_false(container_find("0::/\n", &c));
	assert_string_equal(c.engine, "mine");
}

static struct str repeated(const char *head, const char *unit, size_t bytes)
{
	struct str s = { 0 };

	str_add(&s, head);
	while (s.len < bytes)
		str_add(&s, unit);
	return s;
}

/* Names made to be slow: the patterns with runs, over and over, and no end that fits. */
static void test_hostile_names(void **state)
{
	static const char *const units[] = {
		"a",
		"/",
		"/a",
		"\\",
		"\\x2d",
		"-",
		":",
		".",
		"_",
		"snap.a.",
		"-1",
		"kubepods-pod",
		":docker:",
		"-libpod_pod_",
		"machine-qemu\\x2d1\\x2d",
		"app-flatpak-1-1",
		"lxc/",
		"\xff",
		"pod",
		"0123456789abcdef",
		"\n",
		"0::/\n",
		"systemd-nspawn@",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		auto_str struct str s = repeated("0::/", units[i], 1 << 18);
		struct container c = { 0 };

		if (container_find(s.s, &c)) {
			auto_free char *shown = container_text(&c);

			assert_true(strlen(shown) <= s.len);
			container_done(&c);
		}
		assert_false(container_matches(s.s, "no such name"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_matches_pod_in_name),
		cmocka_unit_test(test_matches_names_whole),
		cmocka_unit_test(test_tells_where),
		cmocka_unit_test(test_leaves_the_answer_alone),
		cmocka_unit_test(test_hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
