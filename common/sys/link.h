/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Network interfaces: netdevice(7), rtnetlink(7). */
#pragma once

/* Brings interface NAME of the caller's network namespace up. Returns 0 or -errno. */
int link_up(const char *name);

/*
 * Moves interface NAME of the caller's network namespace into the one that descriptor NS is. It
 * goes down and loses its addresses. Takes CAP_NET_ADMIN in both. Returns 0 or -errno: -ENODEV:
 * there is none of that name; -EEXIST: there is one over there; -EINVAL: it cannot be moved;
 * -EPROTO: the answer is lost, it may have moved or not.
 */
int link_move(const char *name, int ns);
