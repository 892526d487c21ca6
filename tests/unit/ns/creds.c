/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each case changes the credentials of a child of its own. */
#include "../cmocka.h"

#include "../../../common/ns/capname.h"
#include "../../../common/ns/creds.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool in_child(bool (*check)(void))
{
	pid_t pid = fork();
	int w;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(check() ? 0 : 1);
	assert_int_equal(waitpid(pid, &w, 0), pid);
	return w == 0;
}

static bool ids_change(void)
{
	struct creds c = { .set_uid = true, .uid = 1234, .set_gid = true, .gid = 2345 };
	gid_t groups[3] = { 7, 8, 9 }, now[5];
	struct caps caps;

	c.groups = groups;
	c.ngroups = 3;
	return creds_apply(&c, NULL) == 0 && getuid() == 1234 && geteuid() == 1234 &&
	       getgid() == 2345 && getgroups(5, now) == 3 && now[2] == 9 && caps_get(&caps) == 0 &&
	       caps.permitted == 0;
}

static bool caps_are_kept(void)
{
	struct creds c = { .set_uid = true, .uid = 1234, .keep_caps = true };
	uint64_t net = CAP_BIT(CAP_NET_ADMIN);
	struct caps caps;

	c.drop = CAP_BIT(CAP_SYS_PTRACE);
	if (creds_apply(&c, NULL) != 0 || caps_get(&caps) != 0)
		return false;
	return caps.effective & net && caps_ambient() & net && !(caps.permitted & c.drop) &&
	       !(caps_ambient() & c.drop) && !(caps_bounding() & c.drop);
}

static bool caps_are_dropped(void)
{
	struct creds c = { .drop = CAP_BIT(CAP_NET_RAW) };
	struct caps caps;

	return creds_apply(&c, NULL) == 0 && caps_get(&caps) == 0 && !(caps.effective & c.drop) &&
	       caps.effective & CAP_BIT(CAP_NET_ADMIN) && !(caps_bounding() & c.drop);
}

static bool privileges_end(void)
{
	return creds_apply(&(struct creds){ .no_new_privs = true }, NULL) == 0 &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	return f && fputs(text, f) >= 0 && fclose(f) == 0;
}

/* What an ordinary user's user namespace is like. */
static bool denied_groups_are_kept(void)
{
	gid_t groups[64];
	int before = getgroups(64, groups);

	return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", "0 0 1") &&
	       write_file("/proc/self/gid_map", "0 0 1") &&
	       creds_apply(&(struct creds){ .set_uid = true, .set_gid = true }, NULL) == 0 &&
	       getgroups(64, groups) == before;
}

/* Without CAP_SETGID, on the other hand, the groups must not be silently kept. */
static bool groups_need_a_capability(void)
{
	struct err e = { 0 };
	struct creds c = { .set_gid = true };

	return creds_apply(&(struct creds){ .drop = CAP_BIT(CAP_SETGID) }, NULL) == 0 &&
	       creds_apply(&c, &e) == -EPERM &&
	       str_is(e.text, "cannot set the supplementary groups: Operation not permitted");
}

static bool unmapped_is_explained(void)
{
	struct err e = { 0 };

	return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/uid_map", "0 0 1") &&
	       creds_apply(&(struct creds){ .set_uid = true, .uid = 5 }, &e) == -EINVAL &&
	       str_is(e.text, "cannot become uid 5: Invalid argument") &&
	       str_is(e.hint, "uid 5 is not mapped in this user namespace");
}

static void test_all(void **state)
{
	(void)state;
	if (getuid() != 0)
		skip();
	assert_true(in_child(ids_change));
	assert_true(in_child(caps_are_kept));
	assert_true(in_child(caps_are_dropped));
	assert_true(in_child(privileges_end));
	assert_true(in_child(denied_groups_are_kept));
	assert_true(in_child(groups_need_a_capability));
	assert_true(in_child(unmapped_is_explained));
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(cap_name(CAP_SYS_ADMIN), "CAP_SYS_ADMIN");
	assert_string_equal(cap_name(CAP_CHECKPOINT_RESTORE), "CAP_CHECKPOINT_RESTORE");
	assert_null(cap_name(-1));
	assert_null(cap_name(64));
	assert_int_equal(cap_from_name("cap_net_raw"), CAP_NET_RAW);
	assert_int_equal(cap_from_name("NET_RAW"), CAP_NET_RAW);
	assert_int_equal(cap_from_name("13"), CAP_NET_RAW);
	assert_int_equal(cap_from_name("64"), -EINVAL);
	assert_int_equal(cap_from_name("cap_"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
