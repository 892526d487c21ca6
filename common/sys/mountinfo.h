/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of proc_pid_mountinfo(5), parsed by libmount, which is loaded at the first call. */
#pragma once

#include "../base/err.h"
#include "mountline.h"

/*
 * Calls FN with each mount of TEXT (LEN bytes of whole lines); its root or target may be NULL where
 * the line is odd, and the maps of an idmapped one are not told. Returns 0, -ENOENT if libmount cannot be loaded, or another -errno. Bad lines are passed over,
 * but the first must begin like one of mountinfo: by that libmount knows the format.
 */
int mountinfo_each(const char *text, size_t len, mount_line_fn fn, void *data, struct err *e);
