/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A /proc and a /sys for who is in other namespaces, but not among the mounts that go with them. */
#pragma once

#include "../base/err.h"

/*
 * Gives the calling process a copy of its mount namespace: others do not see what is mounted there
 * from now on. Root and working directory stay what they are, descriptors lead outside. Returns 0
 * or -errno with E set.
 */
int fresh_mounts(struct err *e);

/* Lays a fresh proc of the caller's pid namespace over /proc. Returns 0 or -errno with E set. */
int fresh_proc(struct err *e);

/*
 * Lays a fresh sysfs of the caller's network namespace over /sys; what is mounted below (cgroups,
 * bpf …) stays, and it is read-only if /sys is. Returns 0 or -errno with E set.
 */
int fresh_sys(struct err *e);
