/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a namespace of a graph again, through whatever the graph knows to lead to it. */
#include "../base/fd.h"
#include "../sys/nsfile.h"
#include "../sys/nsfs.h"
#include "../sys/pidfd.h"
#include "../sys/procfs.h"
#include "../sys/sockns.h"
#include "discover.h"

#include <errno.h>
#include <fcntl.h>

/* As many levels as user namespaces and, in one of them, pid namespaces can be nested. */
#define DEEPEST 64

struct opener {
	const struct graph *g;
	int proc;
};

static int open_at(const struct opener *o, pid_t pid, pid_t tid, const char *name, int flags)
{
	char path[PROC_PATH_MAX];
	int fd;

	proc_path(path, pid, tid, name);
	fd = openat(o->proc, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int open_link(const struct opener *o, pid_t pid, pid_t tid, const char *name)
{
	auto_free char *path = xasprintf("ns/%s", name);

	return open_at(o, pid, tid, path, O_RDONLY);
}

static int open_descriptor(const struct opener *o, const struct holder *h)
{
	auto_free char *path = xasprintf("fd/%d", h->fd);

	return open_at(o, h->pid, h->tid, path, O_RDONLY | O_NONBLOCK);
}

static int open_socket(const struct holder *h)
{
	auto_close int pidfd = h->tid ? pidfd_of_thread(h->tid) : pidfd_of(h->pid);

	return pidfd < 0 ? pidfd : sockns_of_other(pidfd, h->fd);
}

/* Through the root directory of a process in the mount namespace: of the first that has the path. */
static int open_mount(const struct opener *o, const struct holder *h)
{
	for (size_t i = 0; i < o->g->procs.n; i++) {
		const struct proc *p = &o->g->procs.v[i];
		auto_close int root = -EBADF;
		int fd;

		if (p->ns[NS_MNT] != h->mnt_ns)
			continue;
		root = open_at(o, p->pid, 0, "root", O_PATH | O_DIRECTORY);
		fd = root < 0 ? root : nsfile_open_below(root, h->path);
		if (fd >= 0)
			return fd;
	}
	return -ESTALE;
}

static int open_holder(const struct opener *o, const struct holder *h)
{
	const struct ns_type_info *type = &ns_types[o->g->ns.v[h->ns].type];

	switch (h->kind) {
	case HELD_THREAD:
		return open_link(o, h->pid, h->tid, type->name);
	case HELD_PENDING:
		return open_link(o, h->pid, h->tid, type->for_children);
	case HELD_FD:
		return open_descriptor(o, h);
	case HELD_SOCKET:
		return open_socket(h);
	case HELD_MOUNT:
		return open_mount(o, h);
	case HELD_PROC:
	case HELD_CHILD:
	case HELD_OWNER:
		break;
	}
	return -ESTALE;
}

/* Gives FD back if it is the namespace wanted; else closes it. */
static int verified(const struct ns *want, int fd)
{
	if (fd >= 0 && nsfs_is(fd) && fd_inode(fd) == want->ino)
		return fd;
	cleanup_fd(&fd);
	return -ESTALE;
}

static int open_through(const struct opener *o, uint32_t index, int depth);

/* Through a namespace that it owns or is the parent of. */
static int open_from_below(const struct opener *o, uint32_t index, int depth)
{
	for (uint32_t i = 0; i < o->g->ns.n; i++) {
		const struct ns *below = &o->g->ns.v[i];
		auto_close int fd = -EBADF;
		int found;

		if (below->owner != index && below->parent != index)
			continue;
		fd = open_through(o, i, depth + 1);
		if (fd < 0)
			continue;
		found = below->owner == index ? nsfs_userns(fd) : nsfs_parent(fd);
		found = verified(&o->g->ns.v[index], found);
		if (found >= 0)
			return found;
	}
	return -ESTALE;
}

static int open_from_members(const struct opener *o, uint32_t index)
{
	const struct ns *want = &o->g->ns.v[index];

	for (size_t i = 0; i < o->g->procs.n; i++) {
		const struct proc *p = &o->g->procs.v[i];
		int fd;

		if (p->ns[want->type] != index)
			continue;
		fd = verified(want, open_link(o, p->pid, 0, ns_types[want->type].name));
		if (fd >= 0)
			return fd;
	}
	return -ESTALE;
}

static int open_from_holders(const struct opener *o, uint32_t index)
{
	for (size_t i = 0; i < o->g->holders.n; i++) {
		const struct holder *h = &o->g->holders.v[i];
		int fd;

		if (h->ns != index)
			continue;
		fd = verified(&o->g->ns.v[index], open_holder(o, h));
		if (fd >= 0)
			return fd;
	}
	return -ESTALE;
}

static int open_through(const struct opener *o, uint32_t index, int depth)
{
	const struct ns *want = &o->g->ns.v[index];
	int fd = -ESTALE;

	if (depth > DEEPEST)
		return -ESTALE;
	if (want->id)
		fd = verified(want, nsfs_open_handle(want->id, (uint32_t)ns_types[want->type].clone,
						     (uint32_t)want->ino));
	if (fd < 0)
		fd = open_from_members(o, index);
	if (fd < 0)
		fd = open_from_holders(o, index);
	if (fd < 0)
		fd = open_from_below(o, index, depth);
	return fd;
}

int discover_open(const struct graph *g, int proc, uint32_t ns)
{
	struct opener o = { .g = g, .proc = proc };

	return open_through(&o, ns, 0);
}
