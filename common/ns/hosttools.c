/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hosttools.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/fsmake.h"
#include "../sys/mountat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Where links of /usr/bin lead that have several programs to choose from. */
#define ALTERNATIVES "etc/alternatives"

#define TOOLS_FLAGS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

/* Where programs and libraries are (hier(7)). A target's own are hidden. */
static const char *const places[] = { "usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32" };

void host_tools_init(struct host_tools *h)
{
	*h = (struct host_tools){ .alternatives = -EBADF };
	for (size_t i = 0; i < HOST_TOOLS_MAX; i++)
		h->trees[i] = -EBADF;
}

/* The text of link NAME in DIR, or NULL if it is none. */
static char *read_link(int dir, const char *name)
{
	char text[4096];
	ssize_t n = readlinkat(dir, name, text, sizeof(text));

	return n > 0 && (size_t)n < sizeof(text) ? xstrndup(text, (size_t)n) : NULL;
}

static int not_taken(int code, const char *place, struct err *e)
{
	err_set(e, code, "cannot take the caller's /%s along", place);
	if (code == -EPERM)
		err_hint(e, "this needs CAP_SYS_ADMIN where the caller is: run nstool as root");
	return code;
}

int host_tools_open(struct host_tools *h, struct err *e)
{
	auto_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return err_set(e, -errno, "cannot open the caller's root directory");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		h->links[i] = read_link(root, places[i]);
		if (h->links[i])
			continue;
		h->trees[i] = mount_clone_at(root, places[i]);
		if (h->trees[i] < 0 && h->trees[i] != -ENOENT)
			return not_taken(h->trees[i], places[i], e);
	}
	h->alternatives = mount_clone_at(root, ALTERNATIVES);
	return 0;
}

static int put_tree(int root, const char *name, int tree, mode_t type)
{
	if (type == S_IFDIR ? mkdirat(root, name, 0755) < 0
			    : mknodat(root, name, S_IFREG | 0644, 0) < 0)
		return -errno;
	return mount_attach_at(tree, root, name);
}

static int put_places(struct host_tools *h, int root, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		int r = 0;

		if (h->links[i])
			r = symlinkat(h->links[i], root, places[i]) < 0 ? -errno : 0;
		else if (h->trees[i] >= 0)
			r = put_tree(root, places[i], h->trees[i], S_IFDIR);
		if (r < 0)
			return err_set(e, r, "cannot put the caller's /%s into place", places[i]);
	}
	return 0;
}

static bool is_place(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (str_is(name, places[i]))
			return true;
	return str_is(name, ".") || str_is(name, "..");
}

static int put_entry(int from, int root, const char *name)
{
	auto_free char *link = read_link(from, name);
	auto_close int tree = -EBADF;
	struct stat st;

	if (link)
		return symlinkat(link, root, name) < 0 ? -errno : 0;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	tree = mount_clone_at(from, name);
	return tree < 0 ? tree : put_tree(root, name, tree, st.st_mode & S_IFMT);
}

static int put_targets(int from, int root, struct err *e)
{
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int r = 0;

	if (!d)
		return err_set(e, -errno, "cannot read the target's root directory");
	while (r == 0 && (entry = readdir(d))) {
		auto_free char *q = NULL;

		if (is_place(entry->d_name))
			continue;
		r = put_entry(from, root, entry->d_name);
		q = quoted(entry->d_name);
		if (r < 0)
			err_set(e, r, "cannot put the target's %s into place", q);
	}
	closedir(d);
	return r;
}

/*
 * Over the target's, or in an /etc of the new root if the target has none. Where its /etc has no
 * such directory there is no place for it, and the programs behind it are missed.
 */
static int put_alternatives(struct host_tools *h, int root, struct err *e)
{
	auto_close int dir = -EBADF;
	int r;

	if (h->alternatives < 0)
		return 0;
	if (mkdirat(root, "etc", 0755) == 0 && mkdirat(root, ALTERNATIVES, 0755) < 0)
		return err_set(e, -errno, "cannot make an /etc for the tools");
	dir = openat(root, "etc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	r = dir < 0 ? -errno : mount_attach_at(h->alternatives, dir, "alternatives");
	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return 0;
	return r < 0 ? err_set(e, r, "cannot put the caller's /" ALTERNATIVES " into place") : 0;
}

/* Programs expect a /proc, and one that the target has made up would tell them lies. */
static int put_proc(int root, struct err *e)
{
	auto_close int old = openat(root, "proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_close int tree = -EBADF;
	struct statfs fs;
	int r;

	if (old >= 0 && fstatfs(old, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return 0;
	tree = fs_make("proc", NULL, NULL, TOOLS_FLAGS, NULL);
	r = tree < 0 ? tree : 0;
	if (r == 0 && old < 0 && mkdirat(root, "proc", 0555) < 0)
		r = -errno;
	if (r == 0)
		r = mount_attach_at(tree, root, "proc");
	return r < 0 ? err_set(e, r, "cannot mount a /proc") : 0;
}

/* The new root lies over the old one, whose descriptor still leads below it. */
static int cover_root(int *ret_old, int *ret_root, struct err *e)
{
	auto_close int root = -EBADF;
	int r;

	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return err_set(e, -errno, "cannot copy the target's mount namespace");
	*ret_old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_old < 0)
		return err_set(e, -errno, "cannot open the target's root directory");
	root = fs_make("tmpfs", NULL, NULL, TOOLS_FLAGS, NULL);
	r = root < 0 ? root : mount_attach_at(root, AT_FDCWD, "/");
	if (r < 0)
		return err_set(e, r, "cannot make a root directory for the tools");
	*ret_root = take_fd(&root);
	return 0;
}

int host_tools_enter(struct host_tools *h, struct err *e)
{
	auto_close int old = -EBADF;
	auto_close int root = -EBADF;
	int r = cover_root(&old, &root, e);

	if (r == 0)
		r = put_targets(old, root, e);
	if (r == 0)
		r = put_places(h, root, e);
	if (r == 0)
		r = put_alternatives(h, root, e);
	if (r == 0)
		r = put_proc(root, e);
	if (r < 0)
		return r;
	if (fchdir(root) < 0 || chroot(".") < 0)
		return err_set(e, -errno, "cannot go to the new root directory");
	return 0;
}

void host_tools_done(struct host_tools *h)
{
	for (size_t i = 0; i < HOST_TOOLS_MAX; i++) {
		cleanup_fd(&h->trees[i]);
		free(h->links[i]);
	}
	cleanup_fd(&h->alternatives);
}
