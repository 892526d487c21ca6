/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network namespace of a descriptor that is no namespace itself. Descriptors are O_CLOEXEC. */
#pragma once

/*
 * Opens the network namespace that FD keeps alive: a socket's (SIOCGSKNS, Linux 4.9), or the one
 * in which a tun or tap descriptor was opened (4.17), wherever its device has gone since.
 * -ENOTTY: it is neither; -EPERM: no CAP_NET_ADMIN over it.
 */
int sockns_of(int fd);

/*
 * The same for descriptor NUMBER of the process that PIDFD holds, by pidfd_getfd(2), Linux 5.6;
 * before it -ENOSYS. -EPERM: the caller may not trace that process. -ENOTTY also for a tun descriptor
 * whose device node has not the usual number.
 */
int sockns_of_other(int pidfd, int number);
