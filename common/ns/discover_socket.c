/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A socket keeps its network namespace alive, and so does the descriptor of a tun device. Only
 * those of another namespace than the task's own are news: of its own it is a member anyway.
 */
#include "../base/fd.h"
#include "../sys/sockns.h"
#include "scan.h"

#include <errno.h>
#include <string.h>

void scan_socket(struct scan *s, const struct task *t, int pidfd, int number, const char *link)
{
	auto_close int ns_fd = -EBADF;
	uint32_t ns;

	/* A device node of tun's can stand in any directory, and be deleted. */
	if (!str_after(link, "socket:[") && !strstr(link, "/tun"))
		return;
	ns_fd = sockns_of_other(pidfd, number);
	if (ns_fd < 0 || fd_inode(ns_fd) == t->ino[NS_NET])
		return;
	ns = scan_add_fd(s, ns_fd);
	if (ns != GRAPH_NONE)
		graph_add_holder(s->g, (struct holder){ .ns = ns,
							.kind = HELD_SOCKET,
							.pid = t->pid,
							.tid = t->tid,
							.fd = number });
}
