/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chrooted.h"

#include "../base/fd.h"
#include "../base/str.h"
#include "../sys/mntns.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static bool is_mount_root(const struct statx *st)
{
	return !(st->stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) ||
	       st->stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* One mount is never seen: the one that lies below the root, as the kernel started with it. */
static bool hides_mounts(int ns, int proc)
{
	auto_str struct str table = { 0 };
	unsigned all, seen = 1;

	if (nsfs_mnt_count(ns, &all) < 0 || proc_read(proc, "self/mountinfo", &table) < 0)
		return false;
	for (const char *p = str_text(&table); *p; p++)
		seen += *p == '\n';
	return all > seen;
}

static bool is_elsewhere(int ns, int proc, const struct statx *own)
{
	int root = -EBADF, mountinfo = -EBADF;
	struct statx st = { 0 };
	bool same;

	if (mntns_open(ns, proc, &root, &mountinfo) < 0)
		return false;
	same = statx(root, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT, STATX_INO | STATX_MNT_ID, &st) <
		       0 ||
	       (st.stx_dev_major == own->stx_dev_major && st.stx_dev_minor == own->stx_dev_minor &&
		st.stx_ino == own->stx_ino && st.stx_mnt_id == own->stx_mnt_id);
	cleanup_fd(&root);
	cleanup_fd(&mountinfo);
	return !same;
}

bool is_chrooted(int proc)
{
	auto_close int ns = openat(proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
	struct statx own = { 0 };

	if (statx(AT_FDCWD, "/", AT_NO_AUTOMOUNT, STATX_INO | STATX_MNT_ID, &own) < 0)
		return false;
	if (!is_mount_root(&own))
		return true;
	return ns >= 0 && (hides_mounts(ns, proc) || is_elsewhere(ns, proc, &own));
}
