/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nsfs.h"

#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

static int or_errno(long r)
{
	return r < 0 ? -errno : (int)r;
}

bool nsfs_is(int fd)
{
	struct statfs s;

	return fstatfs(fd, &s) == 0 && s.f_type == NSFS_MAGIC;
}

int nsfs_type(int fd)
{
	return or_errno(ioctl(fd, NS_GET_NSTYPE));
}

int nsfs_userns(int fd)
{
	return or_errno(ioctl(fd, NS_GET_USERNS));
}

int nsfs_parent(int fd)
{
	return or_errno(ioctl(fd, NS_GET_PARENT));
}

int nsfs_owner_uid(int fd, uid_t *ret)
{
	return or_errno(ioctl(fd, NS_GET_OWNER_UID, ret));
}

int nsfs_id(int fd, uint64_t *ret)
{
	if (ioctl(fd, NS_GET_ID, ret) == 0 || ioctl(fd, NS_GET_MNTNS_ID, ret) == 0)
		return 0;
	return -errno;
}

static int mnt_step(int fd, unsigned long request)
{
	struct compat_mnt_ns_info info = { .size = sizeof(info) };

	return or_errno(ioctl(fd, request, &info));
}

int nsfs_mnt_next(int fd)
{
	return mnt_step(fd, COMPAT_NS_MNT_GET_NEXT);
}

int nsfs_mnt_prev(int fd)
{
	return mnt_step(fd, COMPAT_NS_MNT_GET_PREV);
}

int nsfs_mnt_count(int fd, unsigned *ret)
{
	struct compat_mnt_ns_info info = { .size = sizeof(info) };

	if (ioctl(fd, COMPAT_NS_MNT_GET_INFO, &info) < 0)
		return -errno;
	*ret = info.nr_mounts;
	return 0;
}

int nsfs_open_handle(uint64_t id, uint32_t type, uint32_t ino)
{
	struct compat_nsfs_handle want = { .ns_id = id, .ns_type = type, .ns_inum = ino };
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(want)];
	} h = { .handle = { .handle_bytes = sizeof(want), .handle_type = COMPAT_FILEID_NSFS } };

	memcpy(h.handle.f_handle, &want, sizeof(want));
	return or_errno(open_by_handle_at(FD_NSFS_ROOT, &h.handle, O_RDONLY | O_CLOEXEC));
}

ssize_t nsfs_list(uint64_t after, uint64_t *ids, size_t n)
{
	struct compat_ns_id_req req = { .size = sizeof(req), .ns_id = after };
	long r = syscall(SYS_listns, &req, ids, n, 0);

	return r < 0 ? -errno : r;
}
