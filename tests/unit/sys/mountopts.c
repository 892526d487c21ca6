/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/mountopts.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <errno.h>
#include <sys/mount.h>

#define DEFAULTS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

static void reads_options(void **state)
{
	static const struct {
		const char *text;
		int result;
		uint64_t set, clear;
		bool recursive;
		const char *rest; /* "NAME=VALUE;" each */
	} cases[] = {
		{ "ro", 0, DEFAULTS | MOUNT_ATTR_RDONLY, 0, false, "" },
		{ "rw,suid,dev", 0, 0, 0, false, "" },
		{ "suid,nosuid", 0, DEFAULTS, 0, false, "" },
		{ "noexec,nosymfollow,nodiratime", 0,
		  DEFAULTS | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSYMFOLLOW | MOUNT_ATTR_NODIRATIME, 0,
		  false, "" },
		{ "noatime", 0, DEFAULTS | MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, false, "" },
		{ "strictatime", 0, DEFAULTS | MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, false,
		  "" },
		{ "relatime", 0, DEFAULTS, MOUNT_ATTR__ATIME, false, "" },
		{ "noatime,atime", 0, DEFAULTS, MOUNT_ATTR__ATIME, false, "" },
		{ "rec,ro", 0, DEFAULTS | MOUNT_ATTR_RDONLY, 0, true, "" },
		{ "size=1m,ro,huge", 0, DEFAULTS | MOUNT_ATTR_RDONLY, 0, false, "size=1m;huge;" },
		{ "a=\"1,2\",b", 0, DEFAULTS, 0, false, "a=\"1,2\";b;" },
		{ "rec=1", 0, DEFAULTS, 0, false, "rec=1;" },
		{ "a=\"b", -EINVAL, 0, 0, false, "" },
		{ "user", -EINVAL, 0, 0, false, "" },
		{ "sync", -EINVAL, 0, 0, false, "" },
		{ "ro,remount", -EINVAL, 0, 0, false, "" },
		{ "rprivate", -EINVAL, 0, 0, false, "" },
		{ "bind", -EINVAL, 0, 0, false, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_mountopts struct mountopts o = { .set = DEFAULTS };
		auto_str struct str rest = { 0 };
		auto_err struct err e = { 0 };
		int r = mountopts_parse(cases[i].text, &o, &e);

		if (r != cases[i].result)
			fail_msg("%s: %d %s", cases[i].text, r, e.text);
		if (r < 0) {
			assert_true(strstr(e.text, "means nothing here") ||
				    strstr(e.text, "cannot be read"));
			continue;
		}
		for (size_t k = 0; k < o.rest.n; k++)
			str_addf(&rest, o.rest.v[k].value ? "%s=%s;" : "%s;", o.rest.v[k].name,
				 o.rest.v[k].value);
		if (o.set != cases[i].set || o.clear != cases[i].clear)
			fail_msg("%s: %llx %llx", cases[i].text, (unsigned long long)o.set,
				 (unsigned long long)o.clear);
		assert_int_equal(o.recursive, cases[i].recursive);
		assert_string_equal(str_text(&rest), cases[i].rest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
