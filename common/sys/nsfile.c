/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nsfile.h"

#include "../base/fd.h"
#include "compat.h"
#include "nsfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

/* One name after the other; nothing is found behind a link. Mount points have no dots. */
static int walk_below(int root, const char *path)
{
	auto_close int at = fcntl(root, F_DUPFD_CLOEXEC, 0);

	while (at >= 0 && *(path += strspn(path, "/"))) {
		auto_free char *name = xstrndup(path, strcspn(path, "/"));
		int next;

		if (str_is(name, ".") || str_is(name, ".."))
			return -EINVAL;
		next = openat(at, name, O_PATH | O_CLOEXEC | O_NOFOLLOW);
		cleanup_fd(&at);
		at = next;
		path += strlen(name);
	}
	return at < 0 ? -errno : take_fd(&at);
}

/*
 * A mount or a rename anywhere on the machine meanwhile has the kernel give up on its cache: then
 * the lookup is made again. What is not in the cache remains so.
 */
static long openat2_again(int root, const char *path, const struct open_how *how)
{
	long fd = -1;

	for (int tries = 100; tries > 0; tries--) {
		fd = syscall(SYS_openat2, root, path, how, sizeof(*how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd;
}

static int resolve_below(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_CACHED,
	};
	long fd = openat2_again(root, path, &how);

	if (fd < 0 && errno == EINVAL) { /* before 5.12 */
		how.resolve &= ~(__u64)RESOLVE_CACHED;
		fd = openat2_again(root, path, &how);
	}
	if (fd < 0 && (errno == ENOSYS || errno == EPERM)) /* before 5.6, or a filter */
		return walk_below(root, path);
	return fd < 0 ? -errno : (int)fd;
}

int nsfile_reopen(int fd)
{
	auto_free char *link = NULL;
	int own;

	if (!nsfs_is(fd))
		return -EINVAL;
	link = xasprintf("/proc/self/fd/%d", fd);
	own = open(link, O_RDONLY | O_CLOEXEC);
	return own < 0 ? -errno : own;
}

int nsfile_open_below(int root, const char *path)
{
	auto_close int found = resolve_below(root, path);

	return found < 0 ? found : nsfile_reopen(found);
}

int nsfile_open(int dir, const char *path)
{
	auto_close int found = openat(dir, path, O_PATH | O_CLOEXEC);

	return found < 0 ? -errno : nsfile_reopen(found);
}
