/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory of files and links that stands for another one, such as /proc:
 *
 *	struct fixture f = fixture_new();
 *
 *	fixture_file(&f, "12/stat", "12 (sh) S 1 …", 14);
 *	fixture_link(&f, "12/ns/net", "net:[4026531840]");
 *	discover(&g, f.fd, SOURCE_DEFAULT, NULL);
 *	fixture_done(&f);
 */
#pragma once

#include "../../common/base/fd.h"

#include "cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char *dir; /* its absolute path */
	int fd;	   /* a descriptor of it */
};

static inline struct fixture fixture_new(void)
{
	const char *tmp = getenv("TMPDIR");
	struct fixture f = { .dir = xasprintf("%s/fixture.XXXXXX", tmp ? tmp : "/tmp") };

	assert_non_null(mkdtemp(f.dir));
	f.fd = open(f.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(f.fd >= 0);
	return f;
}

/* Makes the directory PATH and those above it. */
static inline void fixture_dir(const struct fixture *f, const char *path)
{
	for (size_t n = 0; path[n]; n++) {
		auto_free char *part = NULL;

		n += strcspn(path + n, "/");
		part = xstrndup(path, n);
		(void)mkdirat(f->fd, part, 0755);
		if (!path[n])
			break;
	}
}

/* Makes the directories above PATH. */
static inline void fixture_above(const struct fixture *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	auto_free char *dir = xstrndup(path, slash ? (size_t)(slash - path) : 0);

	fixture_dir(f, dir);
}

/* Makes (or makes again) a file of N bytes. */
static inline void fixture_file(const struct fixture *f, const char *path, const char *bytes,
				size_t n)
{
	auto_close int fd = -EBADF;

	fixture_above(f, path);
	fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, n), 0);
}

static inline void fixture_text(const struct fixture *f, const char *path, const char *text)
{
	fixture_file(f, path, text, strlen(text));
}

static inline void fixture_link(const struct fixture *f, const char *path, const char *to)
{
	fixture_above(f, path);
	assert_int_equal(symlinkat(to, f->fd, path), 0);
}

/* Removes PATH, a file or link. */
static inline void fixture_remove(const struct fixture *f, const char *path)
{
	assert_int_equal(unlinkat(f->fd, path, 0), 0);
}

static inline int fixture_remove_one(const char *path, const struct stat *st, int type,
				     struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* Removes it all, without crossing into what is mounted there. */
static inline void fixture_done(struct fixture *f)
{
	cleanup_fd(&f->fd);
	assert_int_equal(nftw(f->dir, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT), 0);
	free(take_ptr(&f->dir));
}
