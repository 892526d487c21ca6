/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a mount namespace, seen without a process in it. */
#pragma once

/*
 * Opens root directory and mountinfo of the mount namespace NS (a descriptor): a short-lived child
 * that shares this process's descriptors joins it. PROC is /proc of the caller's pid namespace.
 * Returns 0 and sets both, or -errno: -EPERM without CAP_SYS_ADMIN and CAP_SYS_CHROOT.
 */
int mntns_open(int ns, int proc, int *root, int *mountinfo);
