/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "netns.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/suggest.h"
#include "../sys/nsfile.h"
#include "../sys/nsfs.h"
#include "nstype.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

bool netns_name_is_valid(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX && !strchr(name, '/') && !str_is(name, ".") &&
	       !str_is(name, "..");
}

static int is_name(const struct dirent *d)
{
	return netns_name_is_valid(d->d_name);
}

/* Byte by byte, whatever the locale. */
static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A mount point is looked at without being opened, as any file that stands there instead. */
static ino_t bound_at(int dir, const char *name)
{
	auto_close int fd = openat(dir, name, O_PATH | O_CLOEXEC);

	return fd >= 0 && nsfs_is(fd) ? fd_inode(fd) : 0;
}

int netns_read(const char *path, struct netns_names *ret)
{
	auto_close int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries = NULL;
	int n;

	*ret = (struct netns_names){ 0 };
	if (dir < 0)
		return errno == ENOENT ? 0 : -errno;
	n = scandirat(dir, ".", &entries, is_name, compare);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		vec_push(&ret->names, { xstrdup(name), bound_at(dir, name) });
		free(entries[i]);
	}
	free(entries);
	return 0;
}

void netns_done(struct netns_names *names)
{
	for (size_t i = 0; i < names->names.n; i++)
		free(names->names.v[i].name);
	vec_done(&names->names);
}

static void hint_nearest(const char *dir, const char *name, struct err *e)
{
	auto_call(netns_done) struct netns_names known = { 0 };
	struct suggestion s = { .word = name };

	if (netns_read(dir, &known) < 0)
		return;
	for (size_t i = 0; i < known.names.n; i++)
		suggest_consider(&s, known.names.v[i].name);
	if (s.nearest) {
		auto_free char *q = quoted(s.nearest);

		err_hint(e, "did you mean %s?", q);
	} else if (!known.names.n) {
		err_hint(e, "there are no names in %s", dir);
	}
}

static int no_such_name(const char *dir, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);

	err_say(e, -ENOENT, "there is no network namespace named %s", q);
	hint_nearest(dir, name, e);
	return -ENOENT;
}

/* A file, or a link to a process that has ended, with nothing bound over it. */
static int is_stale(const char *dir, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);

	err_say(e, -EINVAL,
		"the name %s is stale: %s has a file of that name, but no namespace is bound to it",
		q, dir);
	err_hint(e, "its namespace has gone, or was bound in another mount namespace; 'ip netns "
		    "delete' removes the name");
	return -EINVAL;
}

static int check_type(int fd, const char *name, struct err *e)
{
	int type = ns_type_from_clone(nsfs_type(fd));
	auto_free char *q = quoted(name);

	if (type == NS_NET)
		return 0;
	return err_say(e, -EINVAL, "the name %s is bound to a namespace of type %s", q,
		       type < 0 ? "unknown" : ns_types[type].name);
}

int netns_open(const char *dir, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	auto_free char *path = NULL;
	auto_close int fd = -EBADF;
	struct stat st;
	int r;

	if (!netns_name_is_valid(name))
		return err_say(e, -EINVAL, "%s cannot be the name of a network namespace", q);
	path = xasprintf("%s/%s", dir, name);
	fd = nsfile_open(AT_FDCWD, path);
	if (fd == -ENOENT)
		return lstat(path, &st) < 0 ? no_such_name(dir, name, e) : is_stale(dir, name, e);
	if (fd == -EINVAL)
		return is_stale(dir, name, e);
	if (fd < 0)
		return err_set(e, fd, "cannot open the network namespace %s", q);
	r = check_type(fd, name, e);
	return r < 0 ? r : take_fd(&fd);
}
