/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nsfile.h"

#include "../base/fd.h"
#include "compat.h"
#include "nsfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

static int resolve_below(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_CACHED,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd < 0 && errno == EINVAL) { /* before 5.12 */
		how.resolve &= ~(__u64)RESOLVE_CACHED;
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	}
	if (fd < 0 && errno == ENOSYS) /* before 5.6 */
		fd = openat(root, path[0] == '/' ? path + 1 : path,
			    O_PATH | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : (int)fd;
}

int nsfile_open_below(int root, const char *path)
{
	auto_close int found = resolve_below(root, path);
	auto_free char *link = NULL;
	int fd;

	if (found < 0)
		return found;
	if (!nsfs_is(found))
		return -EINVAL;
	link = xasprintf("/proc/self/fd/%d", found);
	fd = open(link, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
