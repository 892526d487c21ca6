/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_CHUNK 4096

int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -EBADF;
	return taken;
}

void cleanup_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -EBADF;
	errno = saved;
}

int fd_above_standard(int fd)
{
	int above;

	if (fd > STDERR_FILENO)
		return fd;
	above = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (above < 0) {
		above = -errno;
		close(fd);
		return above;
	}
	for (int i = 0; i <= STDERR_FILENO; i++)
		if (fcntl(i, F_GETFD) < 0)
			fcntl(above, F_DUPFD_CLOEXEC, i);
	return above;
}

ino_t fd_inode(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 ? 0 : st.st_ino;
}

int fd_read_all(int fd, size_t limit, struct str *ret)
{
	size_t left = limit;

	while (left > 0) {
		size_t spare = ret->cap > ret->len + 1 ? ret->cap - ret->len - 1 : 0;
		size_t want = MIN(MAX(spare, READ_CHUNK), left);
		ssize_t n = read(fd, str_room(ret, want), want);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		ret->len += (size_t)n;
		ret->s[ret->len] = '\0';
		if (n == 0)
			break;
		left -= (size_t)n;
	}
	return 0;
}

int fd_write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}
