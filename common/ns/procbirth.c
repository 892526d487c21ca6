/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procbirth.h"

#include "../base/fd.h"
#include "../sys/pidfd.h"
#include "../sys/procfs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static int birth_of(int proc, int pidfd, pid_t pid, uint64_t *ret)
{
	struct proc_stat st;
	int r = pidfd_inode(pidfd, ret);

	if (r == 0)
		return 0;
	r = proc_stat_read(proc, pid, &st);
	if (r < 0)
		return r;
	if (!pidfd_alive(pidfd))
		return -ESRCH;
	*ret = st.starttime;
	return 0;
}

/* pidfd_of() takes a pid of our own pid namespace; what it found must be PID of PROC as well. */
static int hold(int proc, pid_t pid)
{
	auto_close int pidfd = pidfd_of(pid);
	pid_t seen;
	int r = pidfd < 0 ? pidfd : pidfd_pid(proc, pidfd, &seen);

	if (r < 0)
		return r;
	return seen == pid ? take_fd(&pidfd) : -ESRCH;
}

int procbirth_of(int proc, pid_t pid, struct setproc *ret)
{
	auto_close int pidfd = hold(proc, pid);
	uint64_t birth;
	int r = pidfd < 0 ? pidfd : birth_of(proc, pidfd, pid, &birth);

	if (r < 0)
		return r;
	*ret = (struct setproc){ pid, birth };
	return 0;
}

int procbirth_hold(int proc, const struct setproc *p)
{
	auto_close int pidfd = p->pid ? hold(proc, p->pid) : -ESRCH;
	uint64_t birth;
	int r = pidfd < 0 ? pidfd : birth_of(proc, pidfd, p->pid, &birth);

	if (r == -EINVAL || r == -ENOENT || r == -ENXIO) /* a thread, or not of this /proc */
		return -ESRCH;
	if (r < 0)
		return r;
	return birth == p->birth ? take_fd(&pidfd) : -ESRCH;
}

static int send(int pidfd, int signal)
{
	if (pidfd < 0)
		return pidfd == -ESRCH ? 0 : pidfd;
	if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0)
		return 0;
	return errno == ESRCH ? 0 : -errno;
}

int procbirth_may_kill(int proc, const struct setproc *p)
{
	auto_close int pidfd = procbirth_hold(proc, p);

	return send(pidfd, 0);
}

int procbirth_kill(int proc, const struct setproc *p)
{
	auto_close int pidfd = procbirth_hold(proc, p);
	struct pollfd gone = { .fd = pidfd, .events = POLLIN };

	int r = send(pidfd, SIGKILL);

	if (pidfd < 0 || r < 0)
		return r;
	while (poll(&gone, 1, -1) < 0 && errno == EINTR)
		;
	return 0;
}
