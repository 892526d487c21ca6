/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two tasks share: kcmp(2). */
#pragma once

#include <sys/types.h>

/*
 * Whether tasks A and B have one table of descriptors. Returns 1 or 0; -ENOSYS: the kernel was
 * built without it; -EPERM: the caller may not look; -ESRCH: one of them has ended.
 */
int kcmp_files(pid_t a, pid_t b);
