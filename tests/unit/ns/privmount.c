/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which id map a private mount gets, and the causes behind the kernel's refusals. */
#include "../../../common/ns/privmount.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <errno.h>

#define RANGE(...)                                                                                 \
	{                                                                                          \
		.v = (struct id_range[]){ { __VA_ARGS__ } }, .n = 1                                \
	}
#define MAP(...)                                                                                   \
	{                                                                                          \
		.ranges = RANGE(__VA_ARGS__)                                                       \
	}
#define NO_MAP                                                                                     \
	{                                                                                          \
		.ranges = { 0 }                                                                    \
	}

static const struct {
	enum privmount_idmap kind;
	struct idmap given[ID_NKINDS], target[ID_NKINDS];
	int result;
	const char *user, *group;
} choices[] = {
	/* The target's ids: none is needed where they are the same. */
	{ PRIVMOUNT_AS_TARGET,
	  { NO_MAP, NO_MAP },
	  { MAP(0, 0, UINT32_MAX), MAP(0, 0, UINT32_MAX) },
	  0,
	  NULL,
	  NULL },
	{ PRIVMOUNT_AS_TARGET,
	  { NO_MAP, NO_MAP },
	  { MAP(0, 100000, 10), MAP(0, 200000, 10) },
	  1,
	  "0 100000 10\n",
	  "0 200000 10\n" },
	/* One kind that differs is enough. */
	{ PRIVMOUNT_AS_TARGET,
	  { NO_MAP, NO_MAP },
	  { MAP(5, 5, 1), MAP(0, 7, 1) },
	  1,
	  "5 5 1\n",
	  "0 7 1\n" },
	{ PRIVMOUNT_UNMAPPED,
	  { NO_MAP, NO_MAP },
	  { MAP(0, 100000, 10), MAP(0, 200000, 10) },
	  0,
	  NULL,
	  NULL },
	/* What is given counts in the target's ids; the other kind is the target's own. */
	{ PRIVMOUNT_AS_GIVEN,
	  { MAP(1000, 5, 1), NO_MAP },
	  { MAP(0, 100000, 10), MAP(0, 200000, 10) },
	  1,
	  "1000 100005 1\n",
	  "0 200000 10\n" },
	/* Wished for outright, a map is one, even if it changes nothing. */
	{ PRIVMOUNT_AS_GIVEN,
	  { MAP(0, 0, 1), NO_MAP },
	  { MAP(0, 0, 10), MAP(0, 0, 10) },
	  1,
	  "0 0 1\n",
	  "0 0 10\n" },
	{ PRIVMOUNT_AS_GIVEN,
	  { NO_MAP, MAP(0, 10, 1) },
	  { MAP(0, 0, 10), MAP(0, 0, 10) },
	  -EOVERFLOW,
	  NULL,
	  NULL },
};

static void chooses_the_map(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct privmount m = { .idmap = choices[i].kind,
				       .given = { choices[i].given[0], choices[i].given[1] } };
		struct idmap ret[ID_NKINDS] = { 0 };
		auto_err struct err e = { 0 };
		int r = privmount_map(&m, choices[i].target, ret, &e);

		assert_int_equal(r, choices[i].result);
		assert_int_equal(r < 0, e.text != NULL);
		if (r > 0) {
			auto_free char *user = idmap_text(&ret[ID_USER]);
			auto_free char *group = idmap_text(&ret[ID_GROUP]);

			assert_string_equal(user, choices[i].user);
			assert_string_equal(group, choices[i].group);
		}
		idmap_done(&ret[ID_USER]);
		idmap_done(&ret[ID_GROUP]);
	}
}

static void explains_refusals(void **state)
{
	static const struct {
		struct privmount_refusal refusal;
		const char *text;
	} cases[] = {
		{ { -EINVAL, "'x'", "overlay", false, true },
		  "its file system, overlay, does not allow it" },
		{ { -EINVAL, "'x'", NULL, false, true }, "its file system does not allow it" },
		{ { -EINVAL, "'x'", "tmpfs", false, true },
		  "its file system, tmpfs, allows it since Linux 6.3" },
		{ { -EINVAL, "'x'", "tmpfs", false, false },
		  "its file system belongs to the same user namespace, whose ids it has already" },
		{ { -EINVAL, "'x'", "fuse", false, true },
		  "its file system, fuse, allows it since Linux 6.12 if its server does" },
		{ { -EINVAL, "'x'", "fuse.sshfs", false, false },
		  "its file system, fuse.sshfs, allows it since Linux 6.12 if its server does" },
		{ { -EINVAL, "'x'", "overlay", false, false },
		  "its file system, overlay, does not allow it" },
		{ { -EPERM, "'x'", "ext4", true, true },
		  "they are mapped already, which stays so before Linux 6.15" },
		{ { -EPERM, "'x'", "ext4", false, true },
		  "that needs CAP_SYS_ADMIN in the user namespace that its file system belongs "
		  "to" },
		{ { -EIO, "'x'", "ext4", false, true }, "Input/output error" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *text = xasprintf("cannot map the ids of 'x': %s", cases[i].text);
		auto_err struct err e = { 0 };

		assert_int_equal(privmount_explain(&cases[i].refusal, &e), cases[i].refusal.code);
		assert_int_equal(e.code, cases[i].refusal.code);
		assert_string_equal(e.text, text);
		assert_string_equal(e.hint, "--idmap none leaves the ids of the files as they are");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses_the_map),
		cmocka_unit_test(explains_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
