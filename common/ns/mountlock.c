/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountlock.h"

#include "../base/fd.h"
#include "../sys/compat.h"
#include "../sys/filelook.h"
#include "../sys/mountapi.h"
#include "discover.h"
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

static int clear(const struct mount *m, uint64_t attr)
{
	unsigned long flags = MS_REMOUNT | MS_BIND | mount_ms_flags(m->attr & ~attr);

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

	return file_look(AT_FDCWD, m->target, AT_SYMLINK_NOFOLLOW, 0, &st) == 0 &&
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

/* How many children try at once. */
#define AT_ONCE 16

/* One of them: what it was given is the parent's part of it. */
struct running {
	struct probe probe;
	struct trial trial;
	enum mount_lock *ret;
};

static size_t shared_size(size_t n)
{
	return n * sizeof(enum mount_lock);
}

/* Has a child try the first of WHICH[0..N), those of one mount namespace; returns how many. */
static size_t start(struct running *r, const struct mounts *m, const struct graph *g, int proc,
		    const size_t *which, size_t n)
{
	const struct mount *first = &m->v.v[which[0]];
	struct trial *t = &r->trial;
	auto_close int userns = -EBADF;
	auto_close int mntns = discover_open(g, proc, first->ns);

	*t = (struct trial){ .m = m, .parent = getpid(), .which = which, .n = 1 };
	while (t->n < n && m->v.v[which[t->n]].ns == first->ns)
		t->n++;
	if (first->owner != GRAPH_NONE)
		userns = discover_open(g, proc, first->owner);
	if (mntns < 0 || userns < 0)
		return t->n;
	t->mntns = mntns;
	t->userns = userns;
	t->shared = probe_memory(shared_size(t->n));
	if (probe_start(&r->probe, try_all, t) == 0)
		return t->n;
	probe_memory_done(t->shared, shared_size(t->n));
	t->shared = NULL;
	return t->n;
}

static void finish(struct running *r)
{
	struct trial *t = &r->trial;

	if (!t->shared)
		return;
	probe_wait(&r->probe, PATIENCE);
	memcpy(r->ret, t->shared, shared_size(t->n));
	probe_memory_done(t->shared, shared_size(t->n));
}

void mountlock_try(const struct mounts *m, const struct graph *g, int proc, const size_t *which,
		   size_t n, enum mount_lock *ret)
{
	memset(ret, 0, shared_size(n));
	for (size_t i = 0; i < n;) {
		struct running running[AT_ONCE];
		size_t count = 0;

		for (; i < n && count < AT_ONCE; count++) {
			running[count].ret = ret + i;
			i += start(&running[count], m, g, proc, which + i, n - i);
		}
		while (count > 0)
			finish(&running[--count]);
	}
}
