/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

int publish_find(const char *name, ino_t ino, bool *exists, struct err *e)
{
	auto_free char *path = xasprintf("%s/%s", NETNS_DIR, name);
	auto_close int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	*exists = fd >= 0;
	if (fd < 0 && errno != ENOENT)
		return err_set(e, -errno, "cannot look for %s", path);
	if (fd < 0 || (nsfs_is(fd) && fd_inode(fd) == ino))
		return 0;
	if (!nsfs_is(fd)) {
		err_say(e, -EBUSY, "%s is in the way: nothing is bound there", path);
		err_hint(e, "'ip netns delete %s' removes what was left there", name);
		return -EBUSY;
	}
	err_say(e, -EBUSY, "'ip netns' has another network namespace named '%s'", name);
	err_hint(e, "'nstool bind-ns -t netns:%s NAME' gives that one a name here", name);
	return -EBUSY;
}

/*
 * Shared, so that what is added is seen in mount namespaces that are made from this one. ip(8)
 * does the same and locks the directory while it does.
 */
static int make_shared(int dir)
{
	if (flock(dir, LOCK_EX) < 0)
		return -errno;
	if (mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) == 0)
		return 0;
	if (errno != EINVAL || mount(NETNS_DIR, NETNS_DIR, "none", MS_BIND | MS_REC, NULL) < 0 ||
	    mount("", NETNS_DIR, "none", MS_SHARED | MS_REC, NULL) < 0)
		return -errno;
	return 0;
}

static int refused(int code, const char *what, struct err *e)
{
	err_set(e, code, "cannot make %s %s", NETNS_DIR, what);
	if (code == -EPERM || code == -EACCES)
		err_hint(e, "names of 'ip netns' are root's to give; the set can be made without "
			    "--netns");
	return code;
}

static int make_directory(struct err *e)
{
	auto_close int dir = -EBADF;
	int r;

	if (mkdir(NETNS_DIR, 0755) < 0 && errno != EEXIST)
		return refused(-errno, "a directory", e);
	dir = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = dir < 0 ? -errno : make_shared(dir);
	return r < 0 ? refused(r, "a shared mount", e) : 0;
}

int publish_netns(const char *name, int ns, struct err *e)
{
	auto_free char *path = xasprintf("%s/%s", NETNS_DIR, name);
	auto_free char *source = xasprintf("/proc/self/fd/%d", ns);
	auto_close int fd = -EBADF;
	int r = make_directory(e);

	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, -errno, "cannot make %s", path);
	if (mount(source, path, "none", MS_BIND, NULL) < 0) {
		r = -errno;
		unlink(path);
		return err_set(e, r, "cannot bind the network namespace at %s", path);
	}
	return 0;
}
