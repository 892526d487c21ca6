/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privmount.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/compat.h"
#include "../sys/filelook.h"
#include "../sys/fsmake.h"
#include "../sys/mountat.h"
#include "mountof.h"
#include "userns.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* What mount_setattr(2) is to do; the map is open as long as it is needed. */
static struct mount_attr attr_of(const struct privmount *m, int mapper)
{
	struct mount_attr attr = {
		.attr_set = m->opts->set,
		.attr_clr = m->opts->clear,
		.propagation = m->propagation == PROPAGATION_SLAVE ? MS_SLAVE : MS_PRIVATE,
	};

	if (mapper >= 0) {
		attr.attr_set |= MOUNT_ATTR_IDMAP;
		attr.userns_fd = (unsigned)mapper;
	}
	return attr;
}

/* The user namespace that carries the id map; 0 in *RET: none is needed. */
static int open_mapper(const struct privmount *m, const struct privmount_user *u, int *ret,
		       struct err *e)
{
	struct idmap maps[ID_NKINDS] = { 0 };
	struct idmap_plan by_root = { .writer = { WRITER_ROOT, WRITER_ROOT } };
	int r = privmount_map(m, u->maps, maps, e);

	if (r > 0 && m->idmap == PRIVMOUNT_AS_TARGET)
		*ret = r = fcntl(u->userns, F_DUPFD_CLOEXEC, 0);
	else if (r > 0)
		*ret = r = userns_make(u->proc, maps, &by_root, e);
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_done(&maps[k]);
	return MIN(r, 0);
}

/* FD is what is mounted, or the mount itself. */
static int map_refused(int code, const struct privmount *m, const struct privmount_user *u, int fd,
		       struct err *e)
{
	auto_mount_of struct mount_of of = { 0 };
	auto_free char *q = quoted(m->src ? m->src : m->type);
	struct privmount_refusal why = { .code = code, .what = q, .is_new = u->is_new };

	if (m->src)
		mount_of_find(u->proc, -EBADF, fd, &of, NULL);
	why.fstype = m->src ? of.fstype : m->type;
	why.is_mapped = of.attr & MOUNT_ATTR_IDMAP;
	return privmount_explain(&why, e);
}

/* Whether it is for the map that TREE cannot have these attributes. */
static int change_refused(int code, const struct privmount *m, const struct privmount_user *u,
			  int src, int tree, int mapper, struct err *e)
{
	struct mount_attr unmapped = attr_of(m, -EBADF);
	auto_free char *q = quoted(m->src ? m->src : m->type);

	if (mapper >= 0 && mount_change(tree, m->recursive, &unmapped) == 0)
		return map_refused(code, m, u, src, e);
	return err_set(e, code, "cannot set the flags of the mount of %s", q);
}

/* The kernel has one answer, EINVAL, to two questions. */
static int bind_refused(int code, const struct privmount *m, int proc, int src, struct err *e)
{
	auto_mount_of struct mount_of of = { 0 };
	auto_free char *q = quoted(m->src);

	if (code != -EINVAL)
		return err_set(e, code, "cannot bind %s", q);
	if (mount_of_find(proc, -EBADF, src, &of, NULL) == -ENOENT) {
		err_say(e, code, "cannot bind %s: it is in another mount namespace", q);
		err_hint(e, "'nstool enter' goes there");
	} else if (m->recursive) {
		err_set(e, code, "cannot bind %s", q);
	} else {
		err_say(e, code, "cannot bind %s without what is mounted below it", q);
		err_hint(e, "that may hide what an ordinary user must not see: --recursive binds "
			    "all of it");
	}
	return code;
}

/* In one call, or in two, of which the second says what the first was refused for. */
static int clone_source(const struct privmount *m, const struct privmount_user *u, int src,
			int mapper, struct err *e)
{
	struct mount_attr attr = attr_of(m, mapper);
	auto_close int tree = mount_clone_attr(src, m->recursive, &attr);
	int r;

	if (tree >= 0)
		return take_fd(&tree);
	tree = mount_clone_fd(src, m->recursive);
	if (tree < 0)
		return bind_refused(tree, m, u->proc, src, e);
	r = mount_change(tree, m->recursive, &attr);
	return r < 0 ? change_refused(r, m, u, src, tree, mapper, e) : take_fd(&tree);
}

static int open_bind(const struct privmount *m, const struct privmount_user *u, int mapper,
		     struct err *e)
{
	auto_close int src = open(m->src, O_PATH | O_CLOEXEC);
	auto_free char *q = quoted(m->src);

	if (src < 0)
		return err_set(e, -errno, "cannot open %s", q);
	return clone_source(m, u, src, mapper, e);
}

static void fresh_hint(int code, struct err *e)
{
	if (code == -EPERM)
		err_hint(e, "a user namespace may make some: tmpfs, ramfs, overlay, fuse; others, "
			    "as on a device, are for root of the host");
	if (code == -ENOTBLK)
		err_hint(e, "losetup(8) makes a device of a file");
}

static int open_fresh(const struct privmount *m, const struct privmount_user *u, int mapper,
		      struct err *e)
{
	auto_str struct str said = { 0 };
	struct mount_attr attr = attr_of(m, mapper);
	auto_close int tree = fs_make(m->type, m->source, m->opts, m->opts->set, &said);
	auto_free char *q = quoted(m->type);
	auto_free char *text = said.len ? quoted(said.s) : NULL;
	int r;

	if (tree < 0) {
		err_set(e, tree, "cannot make a file system of type %s", q);
		if (text)
			err_hint(e, "the kernel says %s", text);
		fresh_hint(tree, e);
		why_hint(e, u->proc, WHY_MOUNT, 0);
		return tree;
	}
	if (mapper < 0)
		return take_fd(&tree);
	r = mount_change(tree, false, &attr);
	return r < 0 ? change_refused(r, m, u, tree, tree, mapper, e) : take_fd(&tree);
}

int privmount_open(const struct privmount *m, const struct privmount_user *u, struct err *e)
{
	auto_close int mapper = -EBADF;
	int r = open_mapper(m, u, &mapper, e);

	if (r < 0)
		return r;
	return m->src ? open_bind(m, u, mapper, e) : open_fresh(m, u, mapper, e);
}

/* Where the link leads may have been chosen by another, and changes. */
static int is_link(const char *q, struct err *e)
{
	err_say(e, -ELOOP, "%s is a symbolic link", q);
	err_hint(e, "name what it leads to");
	return -ELOOP;
}

/* Where the path is another's, no link leads out of ROOT. */
static int open_in(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = root == AT_FDCWD ? open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC)
				  : (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

static int look(int fd, const char *q, mode_t *ret, struct err *e)
{
	struct statx st;
	int r = file_look(fd, "", AT_EMPTY_PATH, STATX_TYPE, &st);

	if (r == 0)
		*ret = st.stx_mode;
	else
		err_set(e, r, "cannot look at %s", q);
	if (r == -EACCES)
		err_hint(e,
			 "a FUSE file system is its user's alone, without the option allow_other");
	return r;
}

int privmount_kind(int fd, const char *q, struct err *e)
{
	mode_t mode = 0;
	int r = look(fd, q, &mode, e);

	return r < 0 ? r : S_ISDIR(mode) ? PRIVMOUNT_DIRECTORY : PRIVMOUNT_FILE;
}

int privmount_open_point(int root, const char *path, enum privmount_kind kind, struct err *e)
{
	auto_close int fd = open_in(root, path);
	auto_free char *q = quoted(path);
	mode_t mode = 0;
	int r;

	if (fd < 0) {
		err_set(e, fd, "cannot open %s", q);
		if (fd == -ENOENT && kind != PRIVMOUNT_ANY)
			err_hint(e, "what is mounted over must be there: make it first");
		return fd;
	}
	r = look(fd, q, &mode, e);
	if (r < 0)
		return r;
	if (S_ISLNK(mode))
		return is_link(q, e);
	if (kind == PRIVMOUNT_DIRECTORY && !S_ISDIR(mode))
		return err_say(e, -ENOTDIR, "%s is no directory, what is mounted there is one", q);
	if (kind == PRIVMOUNT_FILE && S_ISDIR(mode))
		return err_say(e, -EISDIR, "%s is a directory, what is mounted there is not", q);
	return take_fd(&fd);
}

int privmount_attach(const struct privmount *m, int tree, int root, struct err *e)
{
	auto_free char *q = quoted(m->dst);
	auto_free char *what = quoted(m->src ? m->src : m->type);
	int kind = privmount_kind(tree, what, e), r;
	auto_close int dst = kind < 0 ? kind : privmount_open_point(root, m->dst, kind, e);

	if (dst < 0)
		return dst;
	r = mount_attach_fd(tree, dst);
	return r < 0 ? err_set(e, r, "cannot mount over %s", q) : 0;
}

int privmount_stage(const struct privmount *m, struct err *e)
{
	unsigned long type = m->propagation == PROPAGATION_SLAVE ? MS_SLAVE : MS_PRIVATE;

	if (unshare(CLONE_NEWNS) < 0)
		return err_set(e, -errno, "cannot make a mount namespace");
	if (mount("none", "/", NULL, MS_REC | type, NULL) < 0)
		return err_set(e, -errno, "cannot change the propagation of the mounts");
	return 0;
}

/* A kernel without these calls, or a filter that refuses them. */
static bool is_missing(int code)
{
	return code == -ENOSYS || code == -EPERM;
}

int privmount_make(const struct privmount *m, const struct privmount_user *u, struct err *e)
{
	struct idmap maps[ID_NKINDS] = { 0 };
	auto_err struct err classic = { 0 };
	auto_close int tree = privmount_open(m, u, e);
	int r = tree < 0 ? tree : privmount_attach(m, tree, AT_FDCWD, e);
	int mapped;

	if (r == 0 || !is_missing(r))
		return r;
	mapped = privmount_map(m, u->maps, maps, NULL);
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_done(&maps[k]);
	if (mapped) {
		if (r == -ENOSYS)
			err_hint(e, "a mount with an id map needs Linux 5.12; --idmap none goes "
				    "without");
		return r;
	}
	if (privmount_classic(m, &classic) < 0) {
		if (r == -ENOSYS) { /* then the older call knows why */
			err_done(e);
			*e = classic;
			classic = (struct err){ 0 };
		}
		return r == -ENOSYS ? e->code : r;
	}
	err_done(e);
	return 0;
}
