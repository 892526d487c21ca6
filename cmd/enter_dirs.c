/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_dirs.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPEN_DIR (O_PATH | O_DIRECTORY | O_CLOEXEC)

/* The target's "root" or "cwd": a magic link, so that the directory itself is opened. */
static int open_targets(const struct target *t, const char *link, struct err *e)
{
	char path[PROC_PATH_MAX];
	int fd, r;

	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL,
			       "without a target that is a process, say which directory");
	proc_path(path, t->pid, t->tid, link);
	fd = openat(t->proc, path, OPEN_DIR);
	if (fd < 0)
		return err_set(e, -errno, "cannot open the %s of %s",
			       str_is(link, "cwd") ? "working directory" : "root", t->label);
	r = target_check(t, e);
	if (r < 0)
		cleanup_fd(&fd);
	return r < 0 ? r : fd;
}

/* PATH is NULL if the option was not given, "" if it was given without a value. */
static int open_dir(const char *path, const struct target *t, const char *link, int *ret,
		    struct err *e)
{
	auto_free char *q = NULL;
	int fd;

	if (!path)
		return 0;
	if (!*path) {
		fd = open_targets(t, link, e);
		if (fd < 0)
			return fd;
	} else {
		q = quoted(path);
		fd = open(path, OPEN_DIR);
		if (fd < 0)
			return err_set(e, -errno, "cannot open %s", q);
	}
	*ret = fd;
	return 0;
}

int enter_dirs_open(struct enter_dirs *d, const struct enter_opts *o, const struct target *t,
		    struct err *e)
{
	int r = open_dir(o->root, t, "root", &d->root, e);

	if (r == 0)
		r = open_dir(o->wd, t, "cwd", &d->wd, e);
	d->wdns = o->wdns;
	d->check = !o->any_wd && (o->root || o->wd);
	d->stay = o->any_wd && !o->wd && !o->wdns;
	return r;
}

/* Whether it is the root already: the mount, which tells one from a copy, since Linux 5.8. */
static bool is_root(int fd)
{
	struct statx a, b;

	return statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &a) == 0 &&
	       statx(AT_FDCWD, "/", 0, STATX_INO | STATX_MNT_ID, &b) == 0 &&
	       a.stx_mask & b.stx_mask & STATX_MNT_ID && a.stx_mnt_id == b.stx_mnt_id &&
	       a.stx_ino == b.stx_ino;
}

/* An ordinary user may not change to it even if it is the root already. */
static int change_root(int root, bool stay, struct err *e)
{
	auto_close int wd = stay ? open(".", OPEN_DIR) : -EBADF;
	int r = fchdir(root) < 0 || chroot(".") < 0 || chdir("/") < 0 ? -errno : 0;

	if (r == -EPERM && is_root(root) && chdir("/") == 0)
		r = 0;
	if (r < 0)
		err_set(e, r, "cannot change the root directory");
	if (r == -EPERM)
		err_hint(e, "this needs CAP_SYS_CHROOT in the user namespace where the command "
			    "runs");
	if (r < 0)
		return r;
	if (wd >= 0 && fchdir(wd) < 0)
		return err_set(e, -errno, "cannot return to the working directory");
	return 0;
}

static int change_wd(const struct enter_dirs *d, struct err *e)
{
	auto_free char *q = d->wdns ? quoted(d->wdns) : NULL;

	if (d->wd >= 0 && fchdir(d->wd) < 0)
		return err_set(e, -errno, "cannot change the working directory");
	if (d->wdns && chdir(d->wdns) < 0)
		return err_set(e, -errno, "cannot change the working directory to %s", q);
	return 0;
}

/* getcwd(2): since Linux 2.6.36 the path begins with "(unreachable)" then. */
static int check_wd(struct err *e)
{
	char path[PATH_MAX];

	if (syscall(SYS_getcwd, path, sizeof(path)) > 0 && path[0] == '/')
		return 0;
	err_say(e, -EXDEV, "the working directory is outside of the root");
	err_hint(e, "-w takes a directory of the caller, -W one that is looked up inside");
	return -EXDEV;
}

int enter_dirs_name_wd(struct enter_dirs *d, int proc, struct err *e)
{
	auto_free char *link = xasprintf("self/fd/%d", d->wd);
	char path[PATH_MAX];
	ssize_t n = d->wd < 0 ? 0 : proc_link(proc, link, path, sizeof(path));

	if (n < 0)
		return err_set(e, (int)n, "cannot tell the name of the working directory");
	if (n > 0) {
		d->wdns = d->name = xstrdup(path);
		cleanup_fd(&d->wd);
	}
	return 0;
}

int enter_dirs_change(const struct enter_dirs *d, struct err *e)
{
	int r = d->root >= 0 ? change_root(d->root, d->stay, e) : 0;

	if (r == 0)
		r = change_wd(d, e);
	return r == 0 && d->check ? check_wd(e) : r;
}

void enter_dirs_done(struct enter_dirs *d)
{
	cleanup_fd(&d->root);
	cleanup_fd(&d->wd);
	free(d->name);
}
