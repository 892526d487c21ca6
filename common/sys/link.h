/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Network interfaces: netdevice(7). */
#pragma once

/* Brings interface NAME of the caller's network namespace up. Returns 0 or -errno. */
int link_up(const char *name);
