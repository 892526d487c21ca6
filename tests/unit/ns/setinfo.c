/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written down of a set: read as it was written, and nothing else is read. */
#include "../../../common/ns/setinfo.h"

#include "../../../common/ns/registry.h"
#include "../cmocka.h"

#include <errno.h>

static void test_reads_what_it_wrote(void **state)
{
	struct setinfo info = {
		.created = 1795312209,
		.uid = 1000,
		.place = 4026531832,
		.place_id = 3,
		.pids = 4026531836,
		.pids_id = 2,
		.boot = (char *)"3c0d1b7e-0f6c-4b2e-9a53-0e8b6cbb2f51",
		.ns = { [NS_NET] = { 4026532178, 4101 }, [NS_TIME] = { 4026532179, 0 } },
		.holder = { 4711, 99 },
		.init = { 4712, 18446744073709551615ULL },
		.netns = (char *)"blue",
	};
	auto_setinfo struct setinfo read = { 0 };
	auto_str struct str text = { 0 }, again = { 0 };

	(void)state;
	setinfo_write(&info, &text);
	assert_int_equal(setinfo_parse(str_text(&text), &read), 0);
	setinfo_write(&read, &again);
	assert_string_equal(str_text(&text), str_text(&again));
	assert_int_equal(setinfo_types(&read), 1U << NS_NET | 1U << NS_TIME);
	assert_int_equal(read.init.pid, 4712);
	assert_int_equal(read.pids, 4026531836);
	assert_string_equal(read.boot, "3c0d1b7e-0f6c-4b2e-9a53-0e8b6cbb2f51");
	assert_string_equal(read.netns, "blue");
}

/* Every beginning of a text is an interrupted writing: none of them passes for the whole. */
static void test_refuses_what_is_cut_short(void **state)
{
	struct setinfo info = { .created = 1, .ns = { [NS_NET] = { 7, 8 } }, .init = { 9, 10 } };
	auto_str struct str text = { 0 };

	(void)state;
	setinfo_write(&info, &text);
	for (size_t n = 0; n < text.len; n++) {
		auto_setinfo struct setinfo read = { 0 };
		auto_free char *part = xstrndup(text.s, n);

		assert_int_equal(setinfo_parse(part, &read), -EBADMSG);
	}
}

static void test_refuses_the_rest(void **state)
{
	static const char *const texts[] = {
		"end\nend\n",
		"end\n\n",
		"net 0 1\nend\n",
		"net\nend\n",
		"net 1 2 3\nend\n",
		"nets 1 2\nend\n",
		"init 0 1\nend\n",
		"init 1\nend\n",
		"uid -1\nend\n",
		"uid 4294967296\nend\n",
		"init 2147483648 1\nend\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		auto_setinfo struct setinfo read = { 0 };

		assert_int_equal(setinfo_parse(texts[i], &read), -EBADMSG);
	}
}

static void test_tells_what_it_has(void **state)
{
	struct setinfo info = { .ns = { [NS_NET] = { 7, 8 }, [NS_UTS] = { 9, 0 } } };

	(void)state;
	assert_true(setinfo_has(&info, NS_NET, 7, 8));
	assert_true(setinfo_has(&info, NS_NET, 7, 0));
	assert_false(setinfo_has(&info, NS_NET, 7, 9)); /* the inode is another's by now */
	assert_false(setinfo_has(&info, NS_NET, 9, 8));
	assert_true(setinfo_has(&info, NS_UTS, 9, 1));
	assert_false(setinfo_has(&info, NS_IPC, 7, 8));
	assert_false(setinfo_has(&info, NS_IPC, 0, 0));
}

static void test_names(void **state)
{
	static const char *const good[] = { "web", "12", "_", "a.b+c-d", "00", "ns12", "A" };
	static const char *const bad[] = { "",	 "0",	".",   "..",  ".a",	 "-a",
					   "+a", "a/b", "a b", "a\n", "\xc3\xa4" };
	char longest[66];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_int_equal(set_name_check(good[i], NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(set_name_check(bad[i], NULL), -EINVAL);
	memset(longest, 'a', 65);
	longest[65] = '\0';
	assert_int_equal(set_name_check(longest, NULL), -EINVAL);
	longest[64] = '\0';
	assert_int_equal(set_name_check(longest, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_what_it_wrote),
		cmocka_unit_test(test_refuses_what_is_cut_short),
		cmocka_unit_test(test_refuses_the_rest),
		cmocka_unit_test(test_tells_what_it_has),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
