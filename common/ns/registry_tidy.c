/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry_tidy.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "keeper.h"
#include "netns.h"
#include "procbirth.h"
#include "registry_set.h"
#include "setplace.h"

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

/* What cannot be known of the others is an error: their processes must not be ended. */
static int leave_to_others(const struct registry *r, struct setinfo *info)
{
	auto_set_names struct set_names names = { 0 };
	int rc;

	if (!info->holder.pid && !info->init.pid && !info->netns)
		return 0;
	rc = registry_names(r, &names, NULL);
	for (size_t i = 0; rc == 0 && i < names.names.n; i++) {
		auto_setinfo struct setinfo other = { 0 };

		rc = registry_info(r, names.names.v[i], &other);
		if (rc == 0)
			leave_to(info, &other);
		else if (rc == -ENOENT || rc == -ENOTDIR || rc == -ELOOP || rc == -EBADMSG)
			rc = 0;
	}
	return rc;
}

/*
 * Takes the name in /run/netns back, if what has it is what we gave it to, or nothing. Returns
 * whether there was something to take, or -errno.
 */
static int unpublish(const struct setinfo *info)
{
	auto_free char *path = NULL;
	auto_close int fd = -EBADF, dir = -EBADF;
	int r;

	if (!info->netns || !netns_name_is_valid(info->netns))
		return 0;
	path = xasprintf("%s/%s", NETNS_DIR, info->netns);
	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || (nsfs_is(fd) && fd_inode(fd) != info->ns[NS_NET].ino))
		return 0;
	dir = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = registry_unbind(dir, info->netns);
	return r < 0 ? r : 1;
}

static int is_not_info(const struct dirent *d)
{
	return !str_is(d->d_name, ".") && !str_is(d->d_name, "..") && !str_is(d->d_name, "info");
}

/* Whoever is interrupted leaves "info" to the end, for it tells what else there is. */
static int unbind_all(int set, bool *begun, struct err *e)
{
	struct dirent **entries = NULL;
	int n = scandirat(set, ".", &entries, is_not_info, NULL);
	int r = n < 0 ? err_set(e, -errno, "cannot read its directory") : 0;

	for (int i = 0; i < n; i++) {
		auto_free char *q = quoted(entries[i]->d_name);
		int rc = r < 0 ? r : registry_unbind(set, entries[i]->d_name);

		if (r == 0 && rc < 0)
			r = err_set(e, rc, "cannot unbind %s", q);
		*begun |= rc == 0;
		free(entries[i]);
	}
	free(entries);
	return r;
}

static int not_ended(const struct setproc *p, int code, struct err *e)
{
	err_set(e, code, "cannot end process %d of the set", p->pid);
	err_hint(e, "whoever may end it should do so, or remove the set");
	return code;
}

/* Asked before anything is taken apart. */
static int may_end(const struct registry *r, const struct setinfo *info, const struct setproc *p,
		   struct err *e)
{
	int rc = 0;

	if (p->pid && !setplace_has_our_pids(r->proc, info)) {
		rc = err_say(e, -EPERM, "its process %d is in another pid namespace", p->pid);
		err_hint(e, "it can be removed in the pid namespace in which it was made");
		return rc;
	}
	if (p->pid)
		rc = procbirth_may_kill(r->proc, p);
	return rc < 0 ? not_ended(p, rc, e) : 0;
}

static int end_process(const struct registry *r, const struct setproc *p, struct err *e)
{
	int rc = procbirth_kill(r->proc, p);

	return rc < 0 ? not_ended(p, rc, e) : 0;
}

/* What may be refused comes first, as long as all of the set is there. */
static int take_apart(const struct registry *r, int set, const struct setinfo *info, bool *begun,
		      struct err *e)
{
	int rc = may_end(r, info, &info->holder, e);

	if (rc == 0)
		rc = may_end(r, info, &info->init, e);
	if (rc < 0)
		return rc;
	rc = unpublish(info);
	if (rc < 0)
		return err_set(e, rc, "cannot unbind %s/%s", NETNS_DIR, info->netns);
	*begun |= rc > 0;
	rc = unbind_all(set, begun, e);
	if (rc == 0)
		rc = end_process(r, &info->holder, e);
	if (rc == 0)
		rc = end_process(r, &info->init, e);
	return rc;
}

int registry_destroy(const struct registry *r, const char *name, bool *begun, struct err *e)
{
	auto_close int set = openat(r->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_setinfo struct setinfo info = { 0 };
	bool unseen = false;
	int rc;

	if (set < 0)
		return err_set(e, -errno, "cannot open its directory");
	rc = registry_info(r, name, &info);
	if (rc == 0)
		rc = leave_to_others(r, &info);
	if (rc < 0 && rc != -EBADMSG)
		return err_set(e, rc, "cannot read what is written down of it");
	rc = take_apart(r, set, &info, begun ? begun : &unseen, e);
	if (rc < 0)
		return rc;
	rc = registry_unbind(set, "info");
	if (rc == 0 && unlinkat(r->dir, name, AT_REMOVEDIR) < 0)
		rc = -errno;
	return rc < 0 ? err_set(e, rc, "cannot remove its directory") : 0;
}

static char *tell_name(const char *to)
{
	return xasprintf(STAGING_TELL "%s", to);
}

int registry_tell_later(const struct registry *r, const char *to, struct err *e)
{
	auto_free char *name = tell_name(to);
	auto_close int fd = openat(r->dir, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd < 0 ? err_set(e, -errno, "cannot make a file in %s", r->path) : 0;
}

void registry_tell(const struct registry *r, const char *to)
{
	auto_setinfo struct setinfo info = { 0 };
	auto_free char *name = tell_name(to);

	if (set_name_check(to, NULL) == 0 && registry_info(r, to, &info) == 0 &&
	    setplace_has_our_pids(r->proc, &info)) {
		keeper_rename(r->proc, &info.holder, to);
		keeper_rename(r->proc, &info.init, to);
	}
	unlinkat(r->dir, name, 0);
}

static int is_left_over(const struct dirent *d)
{
	return str_after(d->d_name, STAGING_NEW) || str_after(d->d_name, STAGING_OLD) ||
	       str_after(d->d_name, STAGING_TELL);
}

void registry_sweep(const struct registry *r)
{
	struct dirent **entries = NULL;
	int n = scandirat(r->dir, ".", &entries, is_left_over, NULL);

	for (int i = 0; i < n; i++) {
		const char *named = str_after(entries[i]->d_name, STAGING_TELL);

		if (named)
			registry_tell(r, named);
		else
			registry_destroy(r, entries[i]->d_name, NULL, NULL);
		free(entries[i]);
	}
	free(entries);
}
