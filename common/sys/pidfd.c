/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pidfd.h"

#include "../base/num.h"
#include "compat.h"
#include "procfs.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static int open_with(pid_t id, unsigned flags)
{
	long fd = syscall(SYS_pidfd_open, id, flags);

	return fd < 0 ? -errno : (int)fd;
}

int pidfd_of(pid_t pid)
{
	return open_with(pid, 0);
}

int pidfd_of_thread(pid_t tid)
{
	return open_with(tid, PIDFD_THREAD);
}

bool pidfd_alive(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, 0) == 0;
}

/* Before pidfs all pidfds were one anonymous inode. */
int pidfd_inode(int pidfd, uint64_t *ret)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(pidfd, &fs) < 0 || fstat(pidfd, &st) < 0)
		return -errno;
	if (fs.f_type != PID_FS_MAGIC)
		return -ENOTSUP;
	*ret = st.st_ino;
	return 0;
}

int pidfd_pid(int proc, int pidfd, pid_t *ret)
{
	auto_free char *path = xasprintf("self/fdinfo/%d", pidfd);
	auto_str struct str text = { 0 };
	const char *value;
	uint64_t pid;
	int r = proc_read(proc, path, &text);

	if (r < 0)
		return r;
	value = proc_field(str_text(&text), "Pid:");
	if (!value)
		return -EINVAL;
	if (*value == '-')
		return -ESRCH;
	if (num_prefix(&value, &pid) < 0)
		return -EINVAL;
	if (!pid)
		return -ENXIO;
	*ret = (pid_t)pid;
	return 0;
}

int pidfd_ns(int pidfd, unsigned which)
{
	int fd = ioctl(pidfd, which, 0);

	return fd < 0 ? -errno : fd;
}
