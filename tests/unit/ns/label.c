/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which file a label is read from, and what is written where. */
#include "../../../common/ns/label.h"

#include "../fixture.h"

#define APPARMOR "attr/apparmor/"
#define COMMON	 "attr/"

static const struct {
	const char *dir, *read, *written; /* written is NULL: there are no labels */
} cases[] = {
	{ COMMON, "system_u:system_r:container_t:s0:c1,c2",
	  "system_u:system_r:container_t:s0:c1,c2" },
	{ COMMON, "kernel\n", "kernel" },
	{ COMMON, "docker-default (enforce)\n", "exec docker-default" },
	{ COMMON, "unconfined\n", "exec unconfined" },
	{ APPARMOR, "docker-default (enforce)\n", "exec docker-default" },
	{ APPARMOR, "a//&b (complain)\n", "exec a//&b" },
	{ APPARMOR, "/opt/two words (1)/x (unconfined)\n", "exec /opt/two words (1)/x" },
	{ APPARMOR, "unconfined\n", "exec unconfined" },
	{ COMMON, "", NULL },
};

static void check(size_t i)
{
	struct fixture f = fixture_new();
	struct target t = TARGET_NONE;
	auto_label struct label l = { 0 };
	auto_err struct err e = { 0 };
	auto_str struct str got = { 0 };
	auto_free char *current = xasprintf("7/%scurrent", cases[i].dir);
	auto_free char *exec = xasprintf("self/%sexec", cases[i].dir);
	auto_close int fd = -EBADF;
	int r;

	t.kind = TARGET_PROCESS;
	t.pid = 7;
	t.proc = f.fd;
	t.label = (char *)"7";
	fixture_text(&f, current, cases[i].read);
	fixture_text(&f, "self/attr/exec", "");
	fixture_text(&f, exec, "");
	r = label_read(&l, &t, &e);
	if (!cases[i].written) {
		assert_int_equal(r, -EOPNOTSUPP);
		assert_string_equal(e.text, "there are no security labels: neither SELinux nor "
					    "AppArmor is here");
	} else {
		assert_int_equal(r, 0);
		assert_int_equal(label_take(&l, f.fd, &e), 0);
		fd = openat(f.fd, exec, O_RDONLY | O_CLOEXEC);
		assert_int_equal(fd_read_all(fd, 100, &got), 0);
		assert_string_equal(str_text(&got), cases[i].written);
	}
	fixture_done(&f);
}

static void test_what_is_written_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(i);
}

static void test_a_refusal_has_a_hint(void **state)
{
	struct fixture f = fixture_new();
	struct label l = { .text = (char *)"exec a", .file = "self/attr/exec" };
	auto_free char *others = xasprintf("/proc/%d/attr/exec", getppid());
	auto_err struct err e = { 0 };
	int r;

	(void)state;
	fixture_dir(&f, "self/attr");
	assert_int_equal(label_take(&l, f.fd, &e), -ENOENT);
	assert_string_equal(e.text, "cannot take on the security label 'exec a': No such "
				    "file or directory");
	assert_null(e.hint);
	/* The kernel answers like a policy to who writes into another's file. */
	fixture_link(&f, "self/attr/exec", others);
	r = label_take(&l, f.fd, &e);
	assert_true(r == -EACCES || r == -EPERM);
	assert_string_equal(e.hint,
			    "the policy of the security module does not let the caller have it");
	fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_where),
		cmocka_unit_test(test_a_refusal_has_a_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
