/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filelook.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

int file_look(int dir, const char *path, int flags, unsigned mask, struct statx *ret)
{
	flags |= AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
	return statx(dir, path, flags, mask, ret) < 0 ? -errno : 0;
}
