/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sockns.h"

#include "../base/fd.h"
#include "compat.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

int sockns_of(int fd)
{
	int ns = ioctl(fd, SIOCGSKNS);

	return ns < 0 ? -errno : ns;
}

int sockns_of_other(int pidfd, int number)
{
	auto_close int copy = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

	return copy < 0 ? -errno : sockns_of(copy);
}
