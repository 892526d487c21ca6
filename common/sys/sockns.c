/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sockns.h"

#include "../base/fd.h"
#include "compat.h"
#include "filelook.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <linux/sockios.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the tun driver's device; the kernel's Documentation/admin-guide/devices.txt. */
enum { TUN_MINOR = 200 };

int sockns_of(int fd)
{
	int ns = ioctl(fd, SIOCGSKNS);

	return ns < 0 ? -errno : ns;
}

/*
 * Whether FD is what sockns_of() asks. Asking any other file is not safe: the ioctl of one in FUSE
 * is its server's to answer, who may never do so; nor is it asked for what it knows of the file.
 */
static bool is_socket_or_tun(int fd)
{
	struct statx st;

	if (file_look(fd, "", AT_EMPTY_PATH, STATX_TYPE, &st) < 0)
		return false;
	return S_ISSOCK(st.stx_mode) || (S_ISCHR(st.stx_mode) && st.stx_rdev_major == MISC_MAJOR &&
					 st.stx_rdev_minor == TUN_MINOR);
}

int sockns_of_other(int pidfd, int number)
{
	auto_close int copy = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

	if (copy < 0)
		return -errno;
	return is_socket_or_tun(copy) ? sockns_of(copy) : -ENOTTY;
}
