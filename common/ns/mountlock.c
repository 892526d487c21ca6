/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountlock.h"

#include "../base/str.h"
#include "../sys/compat.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file system may be slow to say what its root is, or never say it. */
#define PATIENCE 5000

struct trial {
	const struct mounts *m;
	int userns, mntns;
	pid_t parent;
	const size_t *which;
	size_t n;
	enum mount_lock *shared; /* the parent sees it */
};

/* The MS_… that mount(2) takes for MOUNT_ATTR_…. */
static unsigned long ms_flags(uint64_t attr)
{
	static const struct {
		uint64_t attr;
		unsigned long ms;
	} flags[] = {
		{ MOUNT_ATTR_RDONLY, MS_RDONLY },
		{ MOUNT_ATTR_NOSUID, MS_NOSUID },
		{ MOUNT_ATTR_NODEV, MS_NODEV },
		{ MOUNT_ATTR_NOEXEC, MS_NOEXEC },
		{ MOUNT_ATTR_NOATIME, MS_NOATIME },
		{ MOUNT_ATTR_STRICTATIME, MS_STRICTATIME },
		{ MOUNT_ATTR_NODIRATIME, MS_NODIRATIME },
	};
	unsigned long ms = 0;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (attr & flags[i].attr)
			ms |= flags[i].ms;
	return ms;
}

static int clear(const struct mount *m, uint64_t attr)
{
	unsigned long flags = MS_REMOUNT | MS_BIND | ms_flags(m->attr & ~attr);

	return mount(NULL, m->target, NULL, flags, NULL) < 0 ? -errno : 0;
}

/* The root of a mount namespace stays anyway. */
static int unmount(const struct mount *m)
{
	if (str_is(m->target, "/"))
		return -EINVAL;
	return umount2(m->target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

static enum mount_lock try_one(const struct mount *m)
{
	uint64_t all = mount_restrictions(m->attr);
	int cleared[64];
	size_t n = 0;

	for (uint64_t bit = 1; bit && bit <= all; bit <<= 1)
		if (all & bit)
			cleared[n++] = clear(m, bit);
	return mount_lock_of(cleared, n, unmount(m));
}

/* Whether the path of M leads to it, not to what lies over it. Linux 5.8 tells. */
static bool is_in_sight(const struct mount *m)
{
	struct statx st;

	return statx(AT_FDCWD, m->target,
		     AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		     &st) == 0 &&
	       st.stx_mask & STATX_MNT_ID && st.stx_mnt_id == m->id;
}

static int compare_depth(const void *a, const void *b, void *data)
{
	const struct trial *t = data;
	size_t left = strlen(t->m->v.v[t->which[*(const size_t *)a]].target);
	size_t right = strlen(t->m->v.v[t->which[*(const size_t *)b]].target);

	return left > right ? -1 : left < right;
}

/* What is unmounted takes along what is below it: the deepest come first. */
static size_t *deepest_first(struct trial *t)
{
	size_t *order = xcalloc(t->n, sizeof(*order));

	for (size_t i = 0; i < t->n; i++)
		order[i] = i;
	qsort_r(order, t->n, sizeof(*order), compare_depth, t);
	return order;
}

static void try_all(void *data)
{
	struct trial *t = data;
	auto_free bool *seen = xcalloc(t->n, sizeof(*seen));
	auto_free size_t *order = deepest_first(t);

	if (setns(t->userns, CLONE_NEWUSER) < 0 || setns(t->mntns, CLONE_NEWNS) < 0)
		return;
	probe_tie(t->parent);
	for (size_t i = 0; i < t->n; i++)
		seen[i] = is_in_sight(&t->m->v.v[t->which[i]]);
	/* No unmounting in the copy may reach the original. */
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;
	for (size_t i = 0; i < t->n; i++)
		if (seen[order[i]])
			t->shared[order[i]] = try_one(&t->m->v.v[t->which[order[i]]]);
}

void mountlock_try(const struct mounts *m, int userns, int mntns, const size_t *which, size_t n,
		   enum mount_lock *ret)
{
	size_t size = (n + 1) * sizeof(*ret);
	struct trial t = { .m = m,
			   .userns = userns,
			   .mntns = mntns,
			   .parent = getpid(),
			   .which = which,
			   .n = n,
			   .shared = probe_memory(size) };

	probe_run(try_all, &t, PATIENCE);
	memcpy(ret, t.shared, n * sizeof(*ret));
	probe_memory_done(t.shared, size);
}
