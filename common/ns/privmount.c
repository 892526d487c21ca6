/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privmount.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/mountat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/stat.h>

static int open_source(const char *path, struct stat *st, struct err *e)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);
	auto_free char *q = quoted(path);

	if (fd < 0 || fstat(fd, st) < 0)
		return err_set(e, -errno, "cannot open %s", q);
	return take_fd(&fd);
}

/* Where the link leads may have been chosen by another, and changes. */
static int is_link(const char *q, struct err *e)
{
	err_say(e, -ELOOP, "%s is a symbolic link", q);
	err_hint(e, "name what it leads to");
	return -ELOOP;
}

static int open_destination(const char *path, mode_t like, struct err *e)
{
	auto_close int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	auto_free char *q = quoted(path);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		int r = err_set(e, -errno, "cannot open %s", q);

		if (r == -ENOENT)
			err_hint(e, "what is mounted over must be there: make it first");
		return r;
	}
	if (S_ISLNK(st.st_mode))
		return is_link(q, e);
	if (S_ISDIR(st.st_mode) != S_ISDIR(like))
		return err_say(e, -ENOTDIR, "of what is mounted and %s one is a directory, one not",
			       q);
	return take_fd(&fd);
}

static const unsigned long propagations[] = {
	[PROPAGATION_PRIVATE] = MS_PRIVATE,
	[PROPAGATION_SLAVE] = MS_SLAVE,
};

/* In one call, or in two. */
static int clone_source(const struct privmount *m, int src, struct err *e)
{
	struct mount_attr attr = {
		.attr_set = m->flags,
		.propagation = propagations[m->propagation],
	};
	auto_close int tree = mount_clone_attr(src, m->recursive, &attr);
	auto_free char *q = quoted(m->src);
	int r;

	if (tree >= 0)
		return take_fd(&tree);
	tree = mount_clone_fd(src, m->recursive);
	if (tree < 0)
		return err_set(e, tree, "cannot bind %s", q);
	r = mount_change(tree, m->recursive, &attr);
	return r < 0 ? err_set(e, r, "cannot set the flags of the bind of %s", q) : take_fd(&tree);
}

int privmount_bind(const struct privmount *m, struct err *e)
{
	auto_free char *q = quoted(m->dst);
	struct stat st;
	auto_close int src = open_source(m->src, &st, e);
	auto_close int tree = src < 0 ? src : clone_source(m, src, e);
	auto_close int dst = tree < 0 ? tree : open_destination(m->dst, st.st_mode, e);
	int r = dst < 0 ? dst : mount_attach_fd(tree, dst);

	return dst >= 0 && r < 0 ? err_set(e, r, "cannot mount over %s", q) : r;
}
