/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/install.h"

#include "../capture.h"
#include "fake.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

static const struct ctx ctx = { .applets = fake_applets, .napplets = ARRAY_LEN(fake_applets) };
static const char *const all[] = { "list", "ls", "dir", "diff", "enter", "unshare", "doctor" };

/* Where links are made: beside this program, for hard links do not cross file systems. */
struct place {
	char self[PATH_MAX], dir[PATH_MAX];
	int fd;
};

static int make_place(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));
	auto_free char *copy = NULL;

	assert_true(readlink("/proc/self/exe", p->self, sizeof(p->self) - 1) > 0);
	copy = xstrdup(p->self);
	snprintf(p->dir, sizeof(p->dir), "%s/install.XXXXXX", dirname(copy));
	assert_non_null(mkdtemp(p->dir));
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(p->fd >= 0);
	*state = p;
	return 0;
}

/* Removes what is in the directory. Returns how many files that were. */
static size_t empty(struct place *p)
{
	DIR *dir = opendir(p->dir);
	const struct dirent *d;
	size_t n = 0;

	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		assert_int_equal(unlinkat(p->fd, d->d_name, 0), 0);
		n++;
	}
	closedir(dir);
	return n;
}

static int remove_place(void **state)
{
	struct place *p = *state;

	empty(p);
	close(p->fd);
	rmdir(p->dir);
	free(p);
	return 0;
}

static void test_makes_hard_links(void **state)
{
	struct place *p = *state;
	auto_err struct err e = { 0 };
	struct stat self, st;

	assert_int_equal(stat(p->self, &self), 0);
	assert_int_equal(install_links(&ctx, p->dir, false, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		assert_int_equal(fstatat(p->fd, all[i], &st, AT_SYMLINK_NOFOLLOW), 0);
		assert_int_equal(st.st_ino, self.st_ino);
		assert_int_equal(st.st_dev, self.st_dev);
	}
	assert_int_equal(empty(p), ARRAY_LEN(all));
}

static void test_makes_symlinks(void **state)
{
	struct place *p = *state;
	auto_err struct err e = { 0 };

	assert_int_equal(install_links(&ctx, p->dir, true, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		char target[PATH_MAX] = "";

		assert_true(readlinkat(p->fd, all[i], target, sizeof(target) - 1) > 0);
		assert_string_equal(target, p->self);
	}
	assert_int_equal(empty(p), ARRAY_LEN(all));
}

static void test_leaves_alone_what_exists(void **state)
{
	struct place *p = *state;
	struct capture c = capture_stderr();
	int r = symlinkat("mine", p->fd, "ls") < 0 ? -errno
						   : install_links(&ctx, p->dir, true, NULL);
	auto_free char *said = capture_end(&c);
	char target[PATH_MAX] = "";

	assert_int_equal(r, 0);
	assert_string_equal(said, "note: left alone, exists already: ls\n");
	assert_true(readlinkat(p->fd, "ls", target, sizeof(target) - 1) > 0);
	assert_string_equal(target, "mine");
	assert_int_equal(empty(p), ARRAY_LEN(all));
}

/* A name that cannot be linked, behind others that can. */
static void test_takes_back_what_it_made(void **state)
{
	static const struct applet impossible = { .name = "no/such" };
	static const struct applet *const applets[] = { &fake_list, &impossible, &fake_doctor };
	struct ctx broken = { .applets = applets, .napplets = ARRAY_LEN(applets) };
	struct place *p = *state;
	auto_err struct err e = { 0 };
	struct capture c = capture_stderr();
	int r = symlinkat("mine", p->fd, "ls") < 0 ? -errno
						   : install_links(&broken, p->dir, true, &e);

	free(capture_end(&c));
	assert_int_equal(r, -ENOENT);
	assert_string_equal(e.text, "cannot link no/such: No such file or directory");
	assert_int_equal(faccessat(p->fd, "list", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	assert_int_equal(empty(p), 1);
}

static void test_knows_the_way_to_other_file_systems(void **state)
{
	auto_err struct err e = { 0 };
	struct stat self, dev;

	(void)state;
	assert_int_equal(stat("/proc/self/exe", &self), 0);
	assert_int_equal(stat("/dev", &dev), 0);
	assert_int_not_equal(self.st_dev, dev.st_dev);
	assert_int_equal(install_links(&ctx, "/dev", false, &e), -EXDEV);
	assert_string_equal(e.text, "cannot link list: Invalid cross-device link");
	assert_string_equal(e.hint, "the program is on another file system; use --install -s");
}

static void test_needs_a_directory(void **state)
{
	auto_err struct err e = { 0 };

	(void)state;
	assert_int_equal(install_links(&ctx, "/dev/null", true, &e), -ENOTDIR);
	assert_string_equal(e.text, "cannot open directory '/dev/null': Not a directory");
	assert_int_equal(install_links(&ctx, "/no\033such", true, &e), -ENOENT);
	assert_string_equal(e.text,
			    "cannot open directory '/no\\x1bsuch': No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_makes_hard_links),
		cmocka_unit_test(test_makes_symlinks),
		cmocka_unit_test(test_leaves_alone_what_exists),
		cmocka_unit_test(test_takes_back_what_it_made),
		cmocka_unit_test(test_knows_the_way_to_other_file_systems),
		cmocka_unit_test(test_needs_a_directory),
	};

	return cmocka_run_group_tests(tests, make_place, remove_place);
}
