/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dir.h"

#include "../base/fd.h"
#include "../base/num.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

int dir_open(struct dir *d, int base, const char *path)
{
	d->fd = openat(base, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d->at = d->end = 0;
	return d->fd < 0 ? -errno : 0;
}

static const struct dirent64 *next_entry(struct dir *d)
{
	const struct dirent64 *entry;

	if (d->at >= d->end) {
		ssize_t n = getdents64(d->fd, d->buffer, sizeof(d->buffer));

		if (n <= 0)
			return NULL;
		d->at = 0;
		d->end = (size_t)n;
	}
	entry = (const struct dirent64 *)(d->buffer + d->at);
	d->at += entry->d_reclen;
	return entry;
}

bool dir_next(struct dir *d, int *number, const char **name)
{
	const struct dirent64 *entry;
	uint64_t value;

	while ((entry = next_entry(d)))
		if (num_u64(entry->d_name, 0, INT_MAX, &value) == 0) {
			*number = (int)value;
			*name = entry->d_name;
			return true;
		}
	return false;
}

void dir_close(struct dir *d)
{
	cleanup_fd(&d->fd);
}
