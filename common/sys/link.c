/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link.h"

#include "../base/fd.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int link_up(const char *name)
{
	auto_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	if (fd < 0)
		return -errno;
	stpncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	request.ifr_flags |= IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
}

/* A request, and the acknowledgement of any. */
struct move {
	struct nlmsghdr head;
	struct ifinfomsg link;
	struct rtattr name_attr;
	char name[IFNAMSIZ]; /* padded with NULs */
	struct rtattr ns_attr;
	__s32 ns;
};
struct outcome {
	struct nlmsghdr head;
	struct nlmsgerr error;
};

int link_move(const char *name, int ns)
{
	auto_close int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct move ask = {
		.head = { .nlmsg_len = sizeof(ask),
			  .nlmsg_type = RTM_NEWLINK,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.name_attr = { .rta_len = RTA_LENGTH(IFNAMSIZ), .rta_type = IFLA_IFNAME },
		.ns_attr = { .rta_len = RTA_LENGTH(sizeof(ask.ns)), .rta_type = IFLA_NET_NS_FD },
		.ns = ns,
	};
	struct outcome got = { 0 };
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (!*name || strlen(name) >= IFNAMSIZ)
		return -ENODEV;
	stpncpy(ask.name, name, IFNAMSIZ - 1);
	if (send(fd, &ask, sizeof(ask), 0) < 0)
		return -errno;
	n = recv(fd, &got, sizeof(got), 0);
	if (n < (ssize_t)sizeof(got) || got.head.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return got.error.error;
}
