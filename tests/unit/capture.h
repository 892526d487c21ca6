/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a piece of code writes to stderr, as a string. */
#pragma once

#include "../../common/base/fd.h"

#include "cmocka.h"

#include <sys/mman.h>
#include <unistd.h>

struct capture {
	int saved; /* the real stderr */
	int file;
};

static inline struct capture capture_stderr(void)
{
	struct capture c = { .saved = dup(STDERR_FILENO),
			     .file = memfd_create("stderr", MFD_CLOEXEC) };

	assert_true(c.saved >= 0 && c.file >= 0);
	assert_true(dup2(c.file, STDERR_FILENO) == STDERR_FILENO);
	return c;
}

/* Gives stderr back. Returns what was written, to be freed. */
static inline char *capture_end(struct capture *c)
{
	struct str s = { 0 };

	fflush(stderr);
	assert_true(dup2(c->saved, STDERR_FILENO) == STDERR_FILENO);
	assert_true(lseek(c->file, 0, SEEK_SET) == 0);
	assert_int_equal(fd_read_all(c->file, SIZE_MAX, &s), 0);
	close(c->saved);
	close(c->file);
	return str_take(&s);
}
