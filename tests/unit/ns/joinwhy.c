/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cause is told for which facts; what the kernel really answers is in join.c and enter-refused.bats. */
#include "../cmocka.h"

#include "../../../common/ns/joinwhy.h"

#include <errno.h>

#define CAPABLE .own_user = 10, .owner = 10, .has_admin = true, .has_chroot = true, .threads = 1

static const struct {
	struct refusal refusal;
	const char *hint; /* how it begins; NULL: none */
} cases[] = {
	{ { CAPABLE, .type = NS_USER, .code = -EINVAL, .is_own = true },
	  "it is the user namespace that the caller is in already" },
	{ { CAPABLE, .type = NS_PID, .code = -EINVAL }, "a pid namespace can be joined only from" },
	{ { .threads = 3, .type = NS_USER, .code = -EINVAL }, "the caller has 3 threads" },
	{ { .threads = 3, .type = NS_TIME, .code = -EUSERS }, "the caller has 3 threads" },
	{ { CAPABLE, .shares_fs = true, .type = NS_USER, .code = -EINVAL },
	  "the caller shares its root" },
	{ { CAPABLE, .shares_fs = true, .type = NS_MNT, .code = -EINVAL },
	  "the caller shares its root" },
	{ { CAPABLE, .shares_fs = true, .type = NS_NET, .code = -EINVAL }, NULL },
	{ { CAPABLE, .type = NS_MNT, .code = -EINVAL }, NULL },
	{ { .own_user = 10, .owner = 11, .type = NS_USER, .code = -EPERM, .owner_above = true },
	  "user:[11] is not below the caller's user namespace user:[10]" },
	{ { .own_user = 10, .owner = 11, .type = NS_USER, .code = -EPERM },
	  "the caller lacks CAP_SYS_ADMIN in user:[11]" },
	{ { .own_user = 10, .type = NS_NET, .code = -EPERM, .owner_above = true },
	  "it is owned by a user namespace above that of the caller, user:[10]" },
	{ { .own_user = 10, .owner = 10, .type = NS_NET, .code = -EPERM },
	  "this needs CAP_SYS_ADMIN in its owner, user:[10], which the caller lacks" },
	{ { .own_user = 10, .owner = 11, .type = NS_NET, .code = -EPERM },
	  "this needs CAP_SYS_ADMIN in its owner, user:[11], and in the caller's own" },
	{ { .own_user = 10, .owner = 10, .has_admin = true, .type = NS_MNT, .code = -EPERM },
	  "a mount namespace needs CAP_SYS_CHROOT" },
	{ { CAPABLE, .type = NS_MNT, .code = -EPERM, .seccomp = 2 }, "a seccomp filter" },
	{ { CAPABLE, .type = NS_MNT, .code = -ENOSYS, .seccomp = 2 }, "a seccomp filter" },
	{ { CAPABLE, .type = NS_MNT, .code = -EPERM }, "the capabilities are there" },
	{ { CAPABLE, .type = NS_UTS, .code = -EACCES }, "the capabilities are there" },
	{ { CAPABLE, .type = NS_UTS, .code = -EIO }, NULL },
};

static void test_causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_err struct err e = { 0 };

		err_say(&e, cases[i].refusal.code, "refused");
		refusal_explain(&cases[i].refusal, &e);
		if (!cases[i].hint) {
			assert_null(e.hint);
			continue;
		}
		assert_non_null(e.hint);
		if (strncmp(e.hint, cases[i].hint, strlen(cases[i].hint)) != 0)
			fail_msg("case %zu: '%s'", i, e.hint);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_causes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
