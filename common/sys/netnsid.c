/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "netnsid.h"

#include <errno.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD NLMSG_ALIGN(sizeof(struct rtgenmsg))

/* A request, or an answer with one attribute of four bytes. */
struct message {
	struct nlmsghdr head;
	char family[HEAD];
	struct rtattr attr;
	__s32 value;
};

int netnsid_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	return fd < 0 ? -errno : fd;
}

/* The error that an NLMSG_ERROR answer carries, or 0. */
static int answered_error(const char *answer, ssize_t n)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
	const struct nlmsgerr *error = NLMSG_DATA(head);

	if (n < (ssize_t)sizeof(*head))
		return -EPROTO;
	if (head->nlmsg_type != NLMSG_ERROR)
		return 0;
	return n < (ssize_t)NLMSG_LENGTH(sizeof(*error)) ? -EPROTO : error->error;
}

int netnsid_get(int socket, int ns, int *ret)
{
	_Alignas(struct nlmsghdr) char answer[1024];
	struct message ask = {
		.head = { .nlmsg_len = sizeof(ask),
			  .nlmsg_type = RTM_GETNSID,
			  .nlmsg_flags = NLM_F_REQUEST },
		.attr = { .rta_len = RTA_LENGTH(sizeof(ask.value)), .rta_type = NETNSA_FD },
		.value = ns,
	};
	const struct message *got = (const struct message *)answer;
	ssize_t n;
	int r;

	if (send(socket, &ask, sizeof(ask), 0) < 0)
		return -errno;
	n = recv(socket, answer, sizeof(answer), 0);
	if (n < 0)
		return -errno;
	r = answered_error(answer, n);
	if (r < 0)
		return r;
	if (n < (ssize_t)sizeof(*got) || got->attr.rta_type != NETNSA_NSID)
		return -EPROTO;
	*ret = got->value;
	return 0;
}
