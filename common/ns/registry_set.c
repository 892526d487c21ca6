/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry_set.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/suggest.h"
#include "../sys/nsfile.h"
#include "../sys/nsfs.h"
#include "holder.h"
#include "procbirth.h"
#include "setplace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define INFO_MAX 65536

static int read_info(const struct registry *r, int set, struct setinfo *ret)
{
	auto_close int fd = openat(set, "info", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	auto_str struct str text = { 0 };
	struct stat st;
	int rc;

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno == ENOENT ? -EBADMSG : -errno;
	if (!S_ISREG(st.st_mode))
		return -EBADMSG;
	rc = fd_read_all(fd, INFO_MAX, &text);
	if (rc >= 0)
		rc = setinfo_parse(str_text(&text), ret);
	if (rc == 0)
		setplace_forget_past(r->proc, ret);
	/* An ordinary user's are his own, whatever he is called where they were made. */
	if (rc == 0 && !r->of_root)
		ret->uid = geteuid();
	return rc;
}

int registry_info(const struct registry *r, const char *name, struct setinfo *ret)
{
	auto_close int set = openat(r->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return set < 0 ? -errno : read_info(r, set, ret);
}

static int no_such_set(const struct registry *r, const char *name, struct err *e)
{
	auto_set_names struct set_names known = { 0 };
	struct suggestion s = { .word = name };

	err_say(e, -ENOENT, "there is no set named '%s'", name);
	registry_names(r, &known, NULL);
	for (size_t i = 0; i < known.names.n; i++)
		suggest_consider(&s, known.names.v[i]);
	if (s.nearest)
		err_hint(e, "did you mean '%s'?", s.nearest);
	else if (known.names.n)
		err_hint(e, "'nstool bind-ns --list' shows those that there are");
	else
		err_hint(e, "there are no sets in %s", r->path);
	return -ENOENT;
}

static int distrust(const char *name, struct err *e)
{
	err_say(e, -EPERM,
		"the set '%s' is not to be trusted: its directory is not one that nobody else can "
		"write to",
		name);
	err_hint(e,
		 "somebody changed it after it was made; 'nstool bind-ns --remove %s' removes it",
		 name);
	return -EPERM;
}

static int damaged(const char *name, int code, struct err *e)
{
	if (code != -EBADMSG)
		return err_set(e, code, "cannot read what is written down of the set '%s'", name);
	err_say(e, code, "the set '%s' is damaged: what is written down of it cannot be read",
		name);
	err_hint(e, "'nstool bind-ns --remove %s' removes it", name);
	return code;
}

/* The directory is ours as the registry is; what was put there by others is not looked at. */
static int open_set(const struct registry *r, const char *name, struct err *e)
{
	auto_close int set = -EBADF;
	struct stat st;

	if (r->dir < 0)
		return no_such_set(r, name, e);
	set = openat(r->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (set < 0 && errno == ENOENT)
		return no_such_set(r, name, e);
	if (set < 0 && errno != ELOOP && errno != ENOTDIR)
		return err_set(e, -errno, "cannot open the set '%s'", name);
	if (set < 0 || fstat(set, &st) < 0 || st.st_uid != geteuid() ||
	    st.st_mode & (S_IWGRP | S_IWOTH))
		return distrust(name, e);
	return take_fd(&set);
}

/* What is there but was never bound there is not a part of the set. */
static int open_bound(int set, enum ns_type type)
{
	auto_close int found = openat(set, ns_types[type].name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return found < 0 ? -errno : nsfile_reopen(found);
}

static int check_namespace(int fd, enum ns_type type, ino_t ino)
{
	return ns_type_from_clone(nsfs_type(fd)) == (int)type && fd_inode(fd) == ino;
}

/*
 * What is not there, or not to be seen from here, is missing. Other failures are ours, too many open
 * files say: nothing follows from them for the set.
 */
static bool is_missing(int code)
{
	return code == -ENOENT || code == -EINVAL || code == -ESRCH || code == -EXDEV ||
	       code == -EACCES || code == -EPERM || code == -ENOTDIR || code == -ELOOP;
}

/* Opens the descriptors of the holder of S, if it has one. */
static int open_holder(const struct registry *r, const struct nsset *s, bool ours)
{
	if (!s->info.holder.pid)
		return -ENOENT;
	return ours ? holder_open(r->proc, &s->info.holder) : -EXDEV;
}

static int open_one(int set, int held, struct nsset *s, enum ns_type t)
{
	bool holder = s->info.holder.pid;
	int fd = !holder ? open_bound(set, t) : held < 0 ? held : holder_ns(held, t);

	if (fd < 0 && holder)
		s->held = fd == -ENOENT ? -ESRCH : fd;
	if (fd < 0 && !is_missing(fd))
		return fd;
	if (fd >= 0 && !check_namespace(fd, t, s->info.ns[t].ino))
		cleanup_fd(&fd);
	s->ns[t] = fd < 0 ? -EBADF : fd;
	s->missing |= fd < 0 ? 1U << t : 0;
	return 0;
}

static int open_namespaces(const struct registry *r, int set, struct nsset *s)
{
	bool ours = setplace_has_our_pids(r->proc, &s->info);
	auto_close int held = open_holder(r, s, ours);
	int rc = 0;

	for (enum ns_type t = 0; rc == 0 && t < NS_NTYPES; t++)
		if (s->info.ns[t].ino)
			rc = open_one(set, held, s, t);
	if (rc == 0 && s->info.init.pid && ours) {
		s->init = procbirth_hold(r->proc, &s->info.init);
		rc = s->init < 0 && s->init != -ESRCH ? s->init : 0;
	}
	return rc;
}

/* Whether the name still is SET's: what was opened meanwhile was opened whole then. */
static bool still_named(const struct registry *r, const char *name, int set)
{
	struct stat is, was;

	return fstat(set, &was) == 0 && fstatat(r->dir, name, &is, AT_SYMLINK_NOFOLLOW) == 0 &&
	       is.st_dev == was.st_dev && is.st_ino == was.st_ino;
}

int registry_load(const struct registry *r, const char *name, struct nsset *ret, struct err *e)
{
	for (;;) {
		auto_nsset struct nsset s = NSSET_NONE;
		auto_close int set = -EBADF;
		int rc = set_name_check(name, e), opened;

		if (rc < 0)
			return rc;
		set = open_set(r, name, e);
		if (set < 0)
			return set;
		rc = read_info(r, set, &s.info);
		opened = rc == 0 ? open_namespaces(r, set, &s) : 0;
		if (!still_named(r, name, set)) /* removed or replaced under our eyes */
			continue;
		if (rc < 0)
			return damaged(name, rc, e);
		if (opened < 0)
			return err_set(e, opened, "cannot open the namespaces of the set '%s'",
				       name);
		s.name = xstrdup(name);
		*ret = s;
		s = (struct nsset)NSSET_NONE;
		return 0;
	}
}

char *set_path(const struct nsset *set, enum ns_type type)
{
	if (set->info.holder.pid)
		return holder_path(&set->info.holder, type);
	return xasprintf("%s/ns/%s/%s", REGISTRY_ROOT, set->name, ns_types[type].name);
}

void nsset_done(struct nsset *set)
{
	for (int t = 0; t < NS_NTYPES; t++)
		cleanup_fd(&set->ns[t]);
	cleanup_fd(&set->init);
	setinfo_done(&set->info);
	free(set->name);
	set->name = NULL;
}
