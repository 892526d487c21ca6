/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fds.h"

#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* A descriptor may be above the present limit, if that was lowered later; no one can tell. */
static int set_one_by_one(unsigned first, unsigned last)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	if (limit.rlim_max != RLIM_INFINITY && last >= limit.rlim_max)
		last = (unsigned)limit.rlim_max - 1;
	for (unsigned fd = first; fd <= last; fd++)
		if (fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0 && errno != EBADF)
			return -errno;
	return 0;
}

int fds_set_cloexec(unsigned first, unsigned last)
{
	if (syscall(SYS_close_range, first, last, COMPAT_CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != EPERM)
		return -errno;
	return set_one_by_one(first, last);
}

int fd_keep(int fd)
{
	return fcntl(fd, F_SETFD, 0) < 0 ? -errno : 0;
}

int fds_close(unsigned first)
{
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return 0;
	if (errno != ENOSYS && errno != EPERM)
		return -errno;
	for (long fd = first; fd < sysconf(_SC_OPEN_MAX); fd++)
		close((int)fd);
	return 0;
}

static void close_between(unsigned first, unsigned last)
{
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (unsigned fd = first; fd <= last && fd < 65536; fd++)
		close((int)fd);
}

void fds_close_but(int keep)
{
	if (keep > 0)
		close_between(0, (unsigned)keep - 1);
	close_between((unsigned)keep + 1, ~0U);
}
