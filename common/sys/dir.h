/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Directories whose entries are numbers (/proc, PID/task, PID/fd), read by getdents64(2) with a
 * large buffer: a third of the system calls of readdir(3).
 *
 *	struct dir d;
 *	if (dir_open(&d, proc, "123/fd") == 0) {
 *		while (dir_next(&d, &number, name))
 *			use(number, name);
 *		dir_close(&d);
 *	}
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct dir {
	int fd;
	size_t at, end;
	_Alignas(8) char buffer[32768];
};

/* Opens PATH below BASE. Returns 0 or -errno. */
int dir_open(struct dir *d, int base, const char *path);

/*
 * The next entry that is a number: sets *NUMBER, and *NAME (its text) until the next call.
 * Returns false at the end; a directory that vanishes under the reader has ended.
 */
bool dir_next(struct dir *d, int *number, const char **name);

void dir_close(struct dir *d);
