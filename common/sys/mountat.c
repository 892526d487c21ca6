/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountat.h"

#include "../base/fd.h"
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <unistd.h>

int mount_clone_at(int dir, const char *name)
{
	int fd = (int)syscall(SYS_open_tree, dir, name,
			      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE |
				      AT_SYMLINK_NOFOLLOW);

	return fd < 0 ? -errno : fd;
}

int mount_attach_at(int tree, int dir, const char *name)
{
	return syscall(SYS_move_mount, tree, "", dir, name, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno
											 : 0;
}

static unsigned clone_flags(bool recursive)
{
	return OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
}

int mount_clone_fd(int fd, bool recursive)
{
	int tree = (int)syscall(SYS_open_tree, fd, "", clone_flags(recursive));

	return tree < 0 ? -errno : tree;
}

int mount_clone_attr(int fd, bool recursive, const struct mount_attr *attr)
{
	int tree = (int)syscall(SYS_open_tree_attr, fd, "", clone_flags(recursive), attr,
				sizeof(*attr));

	return tree < 0 ? -errno : tree;
}

int mount_change(int tree, bool recursive, const struct mount_attr *attr)
{
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

	return syscall(SYS_mount_setattr, tree, "", flags, attr, sizeof(*attr)) < 0 ? -errno : 0;
}

int mount_attach_fd(int tree, int to)
{
	unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;

	return syscall(SYS_move_mount, tree, "", to, "", flags) < 0 ? -errno : 0;
}
