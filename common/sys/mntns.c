/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mntns.h"

#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The child's part. It has this process's table of descriptors but a memory of its own, so its
 * exit status carries the errno and the numbers come back through the pipe ANSWER.
 */
static int look_inside(int ns, int proc, int answer)
{
	int fds[2];

	if (setns(ns, CLONE_NEWNS) < 0)
		return errno;
	fds[0] = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	fds[1] = openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (fds[0] >= 0 && fds[1] >= 0 && write(answer, fds, sizeof(fds)) == sizeof(fds))
		return 0;
	cleanup_fd(&fds[0]);
	cleanup_fd(&fds[1]);
	return errno ? errno : EIO;
}

/* fork(2), but the child shares this process's table of descriptors. */
static pid_t fork_sharing_fds(void)
{
#ifdef __s390__
	return (pid_t)syscall(SYS_clone, NULL, CLONE_FILES, NULL, NULL, NULL);
#else
	return (pid_t)syscall(SYS_clone, CLONE_FILES, NULL, NULL, NULL, NULL);
#endif
}

/* __WALL: it ends without a signal, so that it waits for us even where SIGCHLD is ignored. */
static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

int mntns_open(int ns, int proc, int *root, int *mountinfo)
{
	int answer[2], fds[2] = { -EBADF, -EBADF };
	pid_t child;
	int r;

	if (pipe2(answer, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	child = fork_sharing_fds();
	if (child == 0)
		_exit(look_inside(ns, proc, answer[1]));
	r = child < 0 ? -errno : wait_for(child);
	if (r == 0 && read(answer[0], fds, sizeof(fds)) != sizeof(fds))
		r = -EIO;
	close(answer[0]);
	close(answer[1]);
	if (r == 0) {
		*root = fds[0];
		*mountinfo = fds[1];
	}
	return r;
}
