/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers that one network namespace gives to others: rtnetlink(7), RTM_GETNSID. */
#pragma once

/* Opens a socket for netnsid_get(). Returns a descriptor (O_CLOEXEC) or -errno. */
int netnsid_open(void);

/*
 * Asks which number the caller's network namespace has for the one open as NS. Returns 0 and sets
 * *RET (-1: unassigned), or -errno.
 */
int netnsid_get(int socket, int ns, int *ret);
