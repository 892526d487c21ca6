/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/procfs.h"
#include "idmap.h"
#include "registry_tidy.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_name_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (!first && (c == '.' || c == '+' || c == '-'));
}

static bool is_name(const char *name)
{
	size_t n = 0;

	while (name[n] && n <= SET_NAME_MAX && is_name_char(name[n], n == 0))
		n++;
	return n > 0 && n <= SET_NAME_MAX && !name[n] && !str_is(name, "0");
}

int set_name_check(const char *name, struct err *e)
{
	auto_free char *q = quoted(name);

	if (is_name(name))
		return 0;
	err_say(e, -EINVAL, "%s cannot be the name of a set", q);
	if (str_is(name, "0"))
		err_hint(e, "0 is the set of the host, which always is");
	else
		err_hint(e, "a name is a letter, a digit or '_', then at most 63 of these and of "
			    "'.', '+' and '-'");
	return -EINVAL;
}

/* --- where it is, and whether it is to be trusted */

/* What there is to do where no registry can be: only root's is always in the same place. */
static void place_hint(const struct registry *r, struct err *e)
{
	if (r->of_root)
		err_hint(e,
			 "root's sets are kept in /run, a directory that only root can write to");
	else
		err_hint(e, "XDG_RUNTIME_DIR should name a directory that only you can write to");
}

/*
 * Whether /run is root's, and we are that only in a user namespace that somebody made for himself:
 * his sets are in the same place whether he is in there or not.
 */
static bool is_run_above(int proc)
{
	auto_str struct str text = { 0 };
	auto_idmap struct idmap map = { 0 };
	struct stat st;

	if (stat("/run", &st) < 0 || st.st_uid == 0 || proc_read(proc, "self/uid_map", &text) < 0)
		return false;
	idmap_read(&map, str_text(&text));
	return map.ranges.n != 1 || map.ranges.v[0].outer || map.ranges.v[0].count != UINT32_MAX;
}

/* The directory in which the registry is, or is made; to be freed. */
static char *parent_path(struct registry *r, struct err *e)
{
	const char *path = secure_getenv("XDG_RUNTIME_DIR");
	auto_free char *usual = NULL;

	r->of_root = geteuid() == 0 && !is_run_above(r->proc);
	if (r->of_root)
		return xstrdup("/run");
	if (path && *path == '/')
		return xstrdup(path);
	usual = xasprintf("/run/user/%u", geteuid());
	if (access(usual, F_OK) == 0)
		return take_ptr(&usual);
	err_say(e, -ENOENT, "there is no place for the names of sets");
	place_hint(r, e);
	return NULL;
}

static int distrust(const char *path, const char *why, struct err *e)
{
	auto_free char *q = quoted(path);

	err_say(e, -EPERM, "the registry of sets is not to be trusted: %s %s", q, why);
	err_hint(e, "sets are kept only where nobody else can change them");
	return -EPERM;
}

/* Whether FD, the directory at PATH, is ours, or root's, and nobody else can write there. */
static int check_directory(int fd, const char *path, struct err *e)
{
	auto_free char *q = quoted(path);
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(e, -errno, "cannot look at %s", q);
	if (st.st_uid != geteuid())
		return distrust(path, "belongs to another user", e);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return distrust(path, "can be written to by others", e);
	return 0;
}

/* Opens NAME below DIR, which PATH tells of. -ENOENT without a sentence if there is none. */
static int open_directory(int dir, const char *name, const char *path, struct err *e)
{
	auto_close int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_free char *q = quoted(path);
	int r;

	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return distrust(path, "is no directory, or a symbolic link", e);
	if (fd < 0)
		return err_set(e, -errno, "cannot open %s", q);
	r = check_directory(fd, path, e);
	return r < 0 ? r : take_fd(&fd);
}

/* Opens the place where all is, and tells the registry's path. */
static int open_parent(struct registry *r, char **base_path, struct err *e)
{
	auto_free char *parent = parent_path(r, e);
	auto_free char *q = NULL;
	auto_str struct str shown = { 0 };
	auto_close int fd = -EBADF;
	int rc;

	if (!parent)
		return -ENOENT;
	q = quoted(parent);
	fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		rc = err_set(e, -errno, "cannot open %s", q);
		place_hint(r, e);
		return rc;
	}
	rc = check_directory(fd, parent, e);
	if (rc < 0)
		return rc;
	*base_path = xasprintf("%s/nstool", parent);
	escape_terminal(&shown, *base_path, strlen(*base_path));
	r->path = xasprintf("%s/ns", str_text(&shown));
	return take_fd(&fd);
}

/* The same; with MAKE it is made where it is missing. */
static int enter_directory(const struct registry *r, int dir, const char *name, const char *path,
			   bool make, struct err *e)
{
	auto_free char *q = quoted(path);
	int fd;

	if (make && mkdirat(dir, name, r->of_root ? 0755 : 0700) < 0 && errno != EEXIST) {
		fd = err_set(e, -errno, "cannot make %s", q);
		if (fd == -EACCES)
			place_hint(r, e);
		return fd;
	}
	fd = open_directory(dir, name, path, e);
	return fd == -ENOENT && make ? err_set(e, fd, "cannot open %s", q) : fd;
}

/* Nobody else can open the file, so that nobody else can keep it locked. */
static int take_lock(struct registry *r, struct err *e)
{
	int rc;

	r->lock = openat(r->base, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (r->lock < 0)
		return err_set(e, -errno, "cannot open the lock of %s", r->path);
	do
		rc = flock(r->lock, LOCK_EX);
	while (rc < 0 && errno == EINTR);
	return rc < 0 ? err_set(e, -errno, "cannot lock %s", r->path) : 0;
}

/*
 * Opens what the registry consists of; with LOCK it is made where it is missing, and locked. No
 * directory is -ENOENT without a sentence.
 */
static int open_all(struct registry *r, bool lock, struct err *e)
{
	auto_free char *base_path = NULL, *dir_path = NULL;
	auto_close int parent = open_parent(r, &base_path, e);
	int rc;

	if (parent < 0)
		return parent;
	r->base = enter_directory(r, parent, "nstool", base_path, lock, e);
	if (r->base < 0)
		return r->base;
	rc = lock ? take_lock(r, e) : 0;
	if (rc < 0)
		return rc;
	dir_path = xasprintf("%s/ns", base_path);
	r->dir = enter_directory(r, r->base, "ns", dir_path, lock, e);
	return MIN(r->dir, 0);
}

int registry_open(struct registry *r, int proc, struct err *e)
{
	int rc;

	*r = (struct registry)REGISTRY_NONE;
	r->proc = proc;
	rc = open_all(r, false, e);
	if (rc == -ENOENT && r->path) /* there is a place for it */
		return 0;
	if (rc < 0)
		registry_close(r);
	return rc;
}

/* --- a mount of its own */

/* The number of the mount that FD is on; proc_pid_fdinfo(5), Linux 3.15. */
static int mount_id(int proc, int fd, uint64_t *ret)
{
	auto_free char *path = xasprintf("self/fdinfo/%d", fd);
	auto_str struct str text = { 0 };
	int r = proc_read(proc, path, &text);
	const char *id = r < 0 ? NULL : proc_field(str_text(&text), "mnt_id:");

	if (r < 0)
		return r;
	return id ? num_prefix(&id, ret) : -ENOTSUP;
}

static int reopen(struct registry *r)
{
	int fd = openat(r->base, "ns", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	cleanup_fd(&r->dir);
	r->dir = fd;
	return 0;
}

/* Binds the directory over itself. */
static int bind_self(struct registry *r)
{
	auto_free char *path = xasprintf("/proc/self/fd/%d", r->dir);

	return mount(path, path, NULL, MS_BIND, NULL) < 0 ? -errno : reopen(r);
}

static void unbind_self(struct registry *r)
{
	auto_free char *path = xasprintf("/proc/self/fd/%d", r->dir);

	umount2(path, MNT_DETACH);
	reopen(r);
}

/*
 * Has the directory be a mount which can be private whatever the one below is. Whoever was killed
 * between the two steps left the second to us: it is done again.
 */
static int make_private(struct registry *r)
{
	uint64_t above = 0, here = 0;
	auto_free char *path = NULL;
	int rc = mount_id(r->proc, r->base, &above);

	if (rc == 0)
		rc = mount_id(r->proc, r->dir, &here);
	if (rc == 0 && above == here)
		rc = bind_self(r);
	if (rc < 0)
		return rc;
	path = xasprintf("/proc/self/fd/%d", r->dir);
	if (mount(NULL, path, NULL, MS_PRIVATE, NULL) == 0)
		return 0;
	rc = -errno;
	if (above == here)
		unbind_self(r);
	return rc;
}

/* Where mounting is not allowed, by whatever, sets are held by processes. */
static int find_backend(struct registry *r, struct err *e)
{
	int rc = r->of_root ? make_private(r) : -EPERM;

	r->mounts = rc == 0;
	if (rc == -EPERM || rc == -EACCES)
		return 0;
	return rc < 0 ? err_set(e, rc, "cannot make %s a private mount", r->path) : 0;
}

int registry_lock(struct registry *r, int proc, struct err *e)
{
	int rc;

	*r = (struct registry)REGISTRY_NONE;
	r->proc = proc;
	rc = open_all(r, true, e);
	if (rc == 0)
		rc = find_backend(r, e);
	if (rc < 0) {
		registry_close(r);
		return rc;
	}
	registry_sweep(r);
	return 0;
}

/* --- what is in it */

static int is_set(const struct dirent *d)
{
	return is_name(d->d_name);
}

/* Byte by byte, whatever the locale. */
static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int registry_names(const struct registry *r, struct set_names *ret, struct err *e)
{
	struct dirent **entries = NULL;
	int n;

	*ret = (struct set_names){ 0 };
	if (r->dir < 0)
		return 0;
	n = scandirat(r->dir, ".", &entries, is_set, compare);
	if (n < 0)
		return err_set(e, -errno, "cannot read %s", r->path);
	for (int i = 0; i < n; i++) {
		vec_push(&ret->names, xstrdup(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* Whether NAME below SETS is what IS tells of. */
static bool is_called(int sets, const char *name, const struct stat *is)
{
	struct stat st;

	return fstatat(sets, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == is->st_dev &&
	       st.st_ino == is->st_ino;
}

char *registry_name_of(int sets, int set)
{
	struct dirent **entries = NULL;
	char *name = NULL;
	struct stat st;
	int n;

	if (fstat(set, &st) < 0)
		return NULL;
	n = scandirat(sets, ".", &entries, is_set, NULL);
	for (int i = 0; i < n; i++) {
		if (!name && is_called(sets, entries[i]->d_name, &st))
			name = xstrdup(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return name;
}

void set_names_done(struct set_names *names)
{
	for (size_t i = 0; i < names->names.n; i++)
		free(names->names.v[i]);
	vec_done(&names->names);
}

void registry_close(struct registry *r)
{
	cleanup_fd(&r->lock);
	cleanup_fd(&r->dir);
	cleanup_fd(&r->base);
	free(r->path);
	r->path = NULL;
}
