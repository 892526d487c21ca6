/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join.h"

#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "../sys/pidfd.h"
#include "joinwhy.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

static int inode_of(int fd, ino_t *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = st.st_ino;
	return 0;
}

/* Without /proc, or where it is that of another pid namespace, a pidfd of our own knows. */
static int own_by_pidfd(enum ns_type type, ino_t *ret)
{
	struct target self = TARGET_NONE;
	int fd, r;

	self.types = NS_ALL;
	self.pidfd = pidfd_of(getpid());
	fd = self.pidfd < 0 ? self.pidfd : target_ns(&self, type, NULL);
	r = fd < 0 ? fd : inode_of(fd, ret);
	target_done(&self);
	return r;
}

static int own_inode(int proc, enum ns_type type, ino_t *ret)
{
	static const char *const links[NS_NTYPES] = {
		[NS_MNT] = "self/ns/mnt",	[NS_UTS] = "self/ns/uts",
		[NS_IPC] = "self/ns/ipc",	[NS_NET] = "self/ns/net",
		[NS_PID] = "self/ns/pid",	[NS_USER] = "self/ns/user",
		[NS_CGROUP] = "self/ns/cgroup", [NS_TIME] = "self/ns/time",
	};
	struct stat st;

	if (fstatat(proc, links[type], &st, 0) < 0)
		return own_by_pidfd(type, ret);
	*ret = st.st_ino;
	return 0;
}

static int open_type(struct join *j, enum ns_type type, struct err *e)
{
	int fd = target_ns(j->from[type], type, e);
	int r;

	if (fd == -ENOENT && j->optional & 1U << type) {
		if (e)
			err_done(e);
		return 0;
	}
	if (fd < 0)
		return target_refused(j->from[type], fd, e);
	r = own_inode(j->proc, type, &j->request.own[type]);
	if (r == 0)
		r = inode_of(fd, &j->request.theirs[type]);
	if (r < 0)
		return err_set(e, r, "cannot tell the caller's %s namespace", ns_types[type].name);
	j->request.wanted |= 1U << type;
	return 0;
}

/* The process that has all of TYPES, if it is one and held by a pidfd, else NULL. */
static const struct target *only_process(const struct join *j, unsigned types)
{
	const struct target *one = NULL;

	for (int t = 0; t < NS_NTYPES; t++) {
		if (!(types & 1U << t))
			continue;
		if (one && one != j->from[t])
			return NULL;
		one = j->from[t];
	}
	return one && one->kind == TARGET_PROCESS && one->pidfd >= 0 ? one : NULL;
}

/*
 * Opens the user namespaces between the caller's and the wanted one, as far as the kernel lets
 * itself be asked. Returns how many there are, the wanted one with them; 0 if the caller's is not
 * above it.
 */
static unsigned open_way(struct join *j)
{
	int up[PLAN_MAX_LEVELS], fd;
	unsigned n = 0;
	ino_t ino = j->request.theirs[NS_USER];

	if (!(j->plan.types & 1U << NS_USER))
		return 0;
	fd = fcntl(j->from[NS_USER]->ns[NS_USER], F_DUPFD_CLOEXEC, 3);
	while (fd >= 0 && n < PLAN_MAX_LEVELS && ino != j->request.own[NS_USER]) {
		up[n++] = fd;
		fd = nsfs_parent(fd);
		if (fd >= 0 && inode_of(fd, &ino) < 0)
			cleanup_fd(&fd);
	}
	if (fd < 0) { /* it ended above the caller's, or aside */
		while (n > 1)
			cleanup_fd(&up[--n]);
		j->way[1] = n ? up[0] : -EBADF;
		return 0;
	}
	cleanup_fd(&fd);
	for (unsigned level = 1; level <= n; level++)
		j->way[level] = up[n - level];
	return n;
}

static unsigned level_of_inode(const struct join *j, unsigned n, ino_t ino)
{
	ino_t seen = 0;

	for (unsigned level = 1; level <= n; level++)
		if (inode_of(j->way[level], &seen) == 0 && seen == ino)
			return level;
	return 0;
}

/* The level of the namespace's owner, or of the nearest one above it that is on the way. */
static unsigned owner_level(const struct join *j, unsigned n, int ns)
{
	auto_close int owner = nsfs_userns(ns);
	unsigned level = 0;
	ino_t ino = 0;

	while (owner >= 0 && !level && inode_of(owner, &ino) == 0) {
		int above;

		if (ino == j->request.own[NS_USER])
			return 0;
		level = level_of_inode(j, n, ino);
		above = nsfs_parent(owner);
		cleanup_fd(&owner);
		owner = above;
	}
	return level;
}

static void plan_by_owner(struct join *j)
{
	unsigned n = open_way(j);

	for (int t = 0; t < NS_NTYPES; t++)
		if (j->plan.types & 1U << t && t != NS_USER)
			j->request.level[t] = owner_level(j, n, j->from[t]->ns[t]);
	j->request.level[NS_USER] = n;
	j->request.whole = false;
	plan_make(&j->request, &j->plan);
}

void join_init(struct join *j, int proc)
{
	*j = (struct join){ .proc = proc };
	for (size_t i = 0; i < ARRAY_LEN(j->way); i++)
		j->way[i] = -EBADF;
}

int join_open(struct join *j, struct err *e)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		int r = j->from[t] ? open_type(j, (enum ns_type)t, e) : 0;

		if (r < 0)
			return r;
	}
	j->request.whole = true;
	plan_make(&j->request, &j->plan);
	if (j->plan.types && !only_process(j, j->plan.types))
		plan_by_owner(j);
	return 0;
}

static int clone_flags(unsigned types)
{
	int flags = 0;

	for (int t = 0; t < NS_NTYPES; t++)
		if (types & 1U << t)
			flags |= ns_types[t].clone;
	return flags;
}

/*
 * Who shares his root and working directory with another process (CLONE_FS of clone(2)) is refused
 * these two types; he may have his own.
 */
static int join_unshared(enum ns_type type, int fd)
{
	if (type != NS_MNT && type != NS_USER)
		return -EINVAL;
	return unshare(CLONE_FS) == 0 && setns(fd, ns_types[type].clone) == 0 ? 0 : -EINVAL;
}

static int join_type(struct join *j, enum ns_type type, int fd, struct err *e)
{
	int r = setns(fd, ns_types[type].clone) < 0 ? -errno : 0;

	if (r == -EINVAL)
		r = join_unshared(type, fd);
	return r < 0 ? join_refused(j->proc, type, fd, j->from[type], r, e) : 0;
}

static int join_step(struct join *j, const struct plan_step *step, struct err *e)
{
	int r = 0;

	if (step->level)
		r = join_type(j, NS_USER, j->way[step->level], e);
	for (int t = 0; r == 0 && t < NS_NTYPES; t++)
		if (step->types & 1U << t)
			r = join_type(j, (enum ns_type)t, j->from[t]->ns[t], e);
	return r;
}

/*
 * All at once. What that is refused for is not said by type; and a kernel before 5.8 refuses it
 * (EINVAL), as a filter may. The steps, one by one, either do it or find out what is in the way.
 */
static int join_at_once(struct join *j)
{
	const struct target *t = only_process(j, j->plan.types);

	return setns(t->pidfd, clone_flags(j->plan.types)) == 0 ? 0 : -errno;
}

static int gone(const struct target *t, struct err *e)
{
	int r = target_check(t, e);

	return r < 0 ? r : err_say(e, -ESRCH, "%s is about to end", t->label);
}

int join_act(struct join *j, struct err *e)
{
	int r = j->plan.whole ? join_at_once(j) : 0;

	if (r == 0 && j->plan.whole)
		return 0;
	if (r == -ESRCH)
		return gone(only_process(j, j->plan.types), e);
	if (r < 0)
		plan_by_owner(j);
	r = 0;
	for (size_t i = 0; r == 0 && i < j->plan.n; i++)
		r = join_step(j, &j->plan.steps[i], e);
	return r;
}

void join_done(struct join *j)
{
	for (size_t i = 0; i < ARRAY_LEN(j->way); i++)
		cleanup_fd(&j->way[i]);
}
