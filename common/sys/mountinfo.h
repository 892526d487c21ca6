/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of proc_pid_mountinfo(5), parsed by libmount, which is loaded at the first call. */
#pragma once

#include "../base/err.h"

/*
 * Calls FN with root and mount point of each mount of TEXT (LEN bytes of whole lines), unescaped.
 * Returns 0, -ENOENT if libmount cannot be loaded, or another -errno. Bad lines are passed over,
 * but the first must begin like one of mountinfo: by that libmount knows the format.
 */
int mountinfo_each(const char *text, size_t len,
		   void (*fn)(const char *root, const char *target, void *data), void *data,
		   struct err *e);
