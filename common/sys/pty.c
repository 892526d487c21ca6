/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pty.h"

#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A target decides what stands at /dev/ptmx: O_NONBLOCK, for a fifo must not make us wait. */
static int open_ptmx(void)
{
	auto_close int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
		return -ENOTTY;
	return take_fd(&fd);
}

int pty_open(int *ret_master, int *ret_slave)
{
	auto_close int master = open_ptmx();
	int slave, unlock = 0;

	if (master < 0)
		return master;
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return -errno;
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return -errno;
	*ret_master = take_fd(&master);
	*ret_slave = slave;
	return 0;
}

int pty_take(int slave)
{
	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0)
		return -errno;
	return 0;
}

int pty_lead(int tty)
{
	if (setpgid(0, 0) < 0 || tcsetpgrp(tty, getpgrp()) < 0)
		return -errno;
	return 0;
}

bool tty_is_foreground(int tty)
{
	return tcgetpgrp(tty) == getpgrp();
}

int tty_set_raw(int tty, struct termios *saved)
{
	struct termios raw;

	if (tcgetattr(tty, saved) < 0)
		return -errno;
	raw = *saved;
	cfmakeraw(&raw);
	return tcsetattr(tty, TCSADRAIN, &raw) < 0 ? -errno : 0;
}

int tty_restore(int tty, const struct termios *saved)
{
	return tcsetattr(tty, TCSADRAIN, saved) < 0 ? -errno : 0;
}

int tty_copy_size(int from, int to)
{
	struct winsize size;

	if (ioctl(from, TIOCGWINSZ, &size) < 0 || ioctl(to, TIOCSWINSZ, &size) < 0)
		return -errno;
	return 0;
}

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int fd_send(int socket, int fd)
{
	union control control = { 0 };
	struct iovec byte = { (char[]){ 0 }, 1 };
	struct msghdr m = { .msg_iov = &byte, .msg_iovlen = 1 };
	struct cmsghdr *c;

	m.msg_control = control.bytes;
	m.msg_controllen = sizeof(control.bytes);
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	return sendmsg(socket, &m, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int fd_receive(int socket)
{
	union control control = { 0 };
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t n;
	int fd;

	m.msg_control = control.bytes;
	m.msg_controllen = sizeof(control.bytes);
	do
		n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&m);
	if (n == 0 || !c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EBADF;
	memcpy(&fd, CMSG_DATA(c), sizeof(int));
	return fd;
}
