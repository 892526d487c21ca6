/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry_tidy.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "netns.h"
#include "procbirth.h"
#include "registry_set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

int registry_unbind(int dir, const char *name)
{
	for (;;) {
		auto_close int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		auto_free char *path = xasprintf("/proc/self/fd/%d", fd);

		if (fd < 0)
			return errno == ENOENT ? 0 : -errno;
		if (!nsfs_is(fd))
			break;
		if (umount2(path, MNT_DETACH) < 0)
			return -errno;
	}
	return unlinkat(dir, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

static bool same_proc(const struct setproc *a, const struct setproc *b)
{
	return a->pid && a->pid == b->pid && a->birth == b->birth;
}

/* Forgets of WHAT a set that is being taken apart, what OTHER, which stays, has as well. */
static void leave_to(struct setinfo *what, const struct setinfo *other)
{
	if (same_proc(&what->holder, &other->holder))
		what->holder.pid = 0;
	if (same_proc(&what->init, &other->init))
		what->init.pid = 0;
	if (what->netns && other->netns && str_is(what->netns, other->netns)) {
		free(what->netns);
		what->netns = NULL;
	}
}

static void leave_to_others(const struct registry *r, struct setinfo *info)
{
	auto_set_names struct set_names names = { 0 };

	if (!info->holder.pid && !info->init.pid && !info->netns)
		return;
	registry_names(r, &names, NULL);
	for (size_t i = 0; i < names.names.n; i++) {
		auto_setinfo struct setinfo other = { 0 };

		if (registry_info(r, names.names.v[i], &other) == 0)
			leave_to(info, &other);
	}
}

/* Takes the name in /run/netns back, if what has it is what we gave it to, or nothing. */
static void unpublish(const struct setinfo *info)
{
	auto_free char *path = NULL;
	auto_close int fd = -EBADF, dir = -EBADF;

	if (!info->netns || !netns_name_is_valid(info->netns))
		return;
	path = xasprintf("%s/%s", NETNS_DIR, info->netns);
	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || (nsfs_is(fd) && fd_inode(fd) != info->ns[NS_NET].ino))
		return;
	dir = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	registry_unbind(dir, info->netns);
}

static int is_not_info(const struct dirent *d)
{
	return !str_is(d->d_name, ".") && !str_is(d->d_name, "..") && !str_is(d->d_name, "info");
}

/* Whoever is interrupted leaves "info" to the end, for it tells what else there is. */
static int empty_directory(int set)
{
	struct dirent **entries = NULL;
	int n = scandirat(set, ".", &entries, is_not_info, NULL);
	int r = n < 0 ? -errno : 0;

	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = registry_unbind(set, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return r == 0 ? registry_unbind(set, "info") : r;
}

static int end_process(const struct registry *r, const struct setproc *p, struct err *e)
{
	int rc = procbirth_kill(r->proc, p);

	if (rc == 0)
		return 0;
	err_set(e, rc, "cannot end process %d of the set", p->pid);
	err_hint(e, "whoever may end it should do so; what is left of the set then goes with the "
		    "next command that makes or removes one");
	return rc;
}

int registry_destroy(const struct registry *r, const char *name, struct err *e)
{
	auto_close int set = openat(r->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_setinfo struct setinfo info = { 0 };
	auto_free char *q = quoted(name);
	int rc = 0;

	if (set < 0)
		return err_set(e, -errno, "cannot open %s of %s", q, r->path);
	if (registry_info(r, name, &info) == 0) {
		leave_to_others(r, &info);
		rc = end_process(r, &info.holder, e);
		if (rc == 0)
			rc = end_process(r, &info.init, e);
		if (rc < 0)
			return rc;
		unpublish(&info);
	}
	rc = empty_directory(set);
	if (rc == 0 && unlinkat(r->dir, name, AT_REMOVEDIR) < 0)
		rc = -errno;
	return rc < 0 ? err_set(e, rc, "cannot remove all of %s from %s", q, r->path) : 0;
}

static int is_left_over(const struct dirent *d)
{
	return str_after(d->d_name, STAGING_NEW) || str_after(d->d_name, STAGING_OLD);
}

void registry_sweep(const struct registry *r)
{
	struct dirent **entries = NULL;
	int n = scandirat(r->dir, ".", &entries, is_left_over, NULL);

	for (int i = 0; i < n; i++) {
		registry_destroy(r, entries[i]->d_name, NULL);
		free(entries[i]);
	}
	free(entries);
}
