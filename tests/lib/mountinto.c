/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mountinto PID SRC PID2 DST: copies the mount at SRC in the mount namespace of PID, without what is
 * below it, and attaches the copy at DST in that of PID2. If SRC is shared, they are peers.
 */
#include "../../common/base/num.h"
#include "../../common/base/str.h"
#include "../../common/sys/compat.h"
#include "../../common/sys/mountat.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

static int open_mntns(const char *pid)
{
	auto_free char *path = xasprintf("/proc/%s/ns/mnt", pid);

	return open(path, O_RDONLY | O_CLOEXEC);
}

int main(int argc, char **argv)
{
	int from, to, tree;

	if (argc != 5) {
		fputs("usage: mountinto PID SRC PID2 DST\n", stderr);
		return 2;
	}
	from = open_mntns(argv[1]);
	to = open_mntns(argv[3]);
	if (from < 0 || to < 0 || setns(from, CLONE_NEWNS) < 0) {
		perror("mountinto: from");
		return 1;
	}
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, argv[2], OPEN_TREE_CLONE);
	if (tree < 0 || setns(to, CLONE_NEWNS) < 0) {
		perror("mountinto: copy");
		return 1;
	}
	errno = -mount_attach_at(tree, AT_FDCWD, argv[4]);
	if (errno)
		perror("mountinto: attach");
	return errno != 0;
}
