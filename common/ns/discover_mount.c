/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Namespaces that a bind mount keeps alive, in whatever mount namespace it stands. Each mount
 * table is read once: by its id or through a task that is in the namespace and sees all of it, else
 * by joining it.
 */
#include "../base/fd.h"
#include "../sys/compat.h"
#include "../sys/mntns.h"
#include "../sys/mountinfo.h"
#include "../sys/nsfile.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "../sys/statmount.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>

/* One mount namespace while its mounts are read. */
struct table {
	struct scan *s;
	uint32_t ns; /* the mount namespace */
	int root;    /* its root directory */
};

static void add_mount(const struct mount_line *line, void *data)
{
	const struct table *t = data;
	auto_close int fd = -EBADF;
	enum ns_type type;
	uint32_t ns;
	ino_t ino;

	if (!line->root || !line->target || !ns_link_parse(line->root, &type, &ino))
		return;
	ns = graph_add_ns(t->s->g, type, ino);
	graph_add_holder(t->s->g, (struct holder){ .ns = ns,
						   .kind = HELD_MOUNT,
						   .mnt_ns = t->ns,
						   .path = xstrdup(line->target) });
	if (t->s->g->ns.v[ns].queried)
		return;
	fd = nsfile_open_below(t->root, line->target);
	if (fd >= 0)
		scan_query(t->s, ns, fd);
}

/* The lines of TEXT that are mounts of nsfs: few or none of the many. */
static struct str nsfs_lines(const struct str *text)
{
	static const char mark[] = " - nsfs ";
	const char *p = str_text(text), *end = p + text->len;
	struct str lines = { 0 };

	while ((p = memmem(p, (size_t)(end - p), mark, strlen(mark)))) {
		const char *start = memrchr(text->s, '\n', (size_t)(p - text->s));
		const char *stop = memchr(p, '\n', (size_t)(end - p));

		start = start ? start + 1 : text->s;
		stop = stop ? stop + 1 : end;
		str_addn(&lines, start, (size_t)(stop - start));
		p = stop;
	}
	return lines;
}

static bool was_read(const struct scan *s, ino_t ino)
{
	uint32_t unused;

	return hash_get(&s->mnt_read, ino, &unused);
}

static void mark_read(struct scan *s, uint32_t ns)
{
	hash_put(&s->mnt_read, s->g->ns.v[ns].ino, 0);
}

/*
 * Calls FN with each mount of nsfs in mount namespace NS, which the kernel lists by its id: that
 * takes half the time in which it writes all mounts down. Of the caller's own it would list what he
 * sees: he may be chrooted. Returns whether it did. Linux 6.11.
 */
static bool each_by_id(const struct scan *s, uint32_t ns, mount_line_fn fn, void *data)
{
	const struct ns *n = &s->g->ns.v[ns];

	return n->id && s->mnt && n->ino != s->mnt && mounts_each(n->id, NSFS_MAGIC, fn, data) >= 0;
}

static void note_one(const struct mount_line *line, void *data)
{
	(void)line;
	*(bool *)data = true;
}

static bool is_without(const struct scan *s, uint32_t ns)
{
	bool one = false;

	return each_by_id(s, ns, note_one, &one) && !one;
}

/* Reads the table in s->text. ROOT stays the caller's. */
static int read_table(struct scan *s, uint32_t ns, int root, struct err *e)
{
	auto_str struct str lines = nsfs_lines(&s->text);
	struct table t = { .s = s, .ns = ns, .root = root };

	mark_read(s, ns);
	return lines.len ? mountinfo_each(lines.s, lines.len, add_mount, &t, e) : 0;
}

/* Reads the table of mount namespace NS, open as FD, by joining it. */
static int read_by_joining(struct scan *s, uint32_t ns, int fd, struct err *e)
{
	auto_close int root = -EBADF;
	auto_close int mountinfo = -EBADF;

	if (was_read(s, s->g->ns.v[ns].ino))
		return 0;
	if (is_without(s, ns)) {
		mark_read(s, ns);
		return 0;
	}
	if (mntns_open(fd, s->proc, &root, &mountinfo) < 0)
		return 0;
	str_clear(&s->text);
	if (fd_read_all(mountinfo, SIZE_MAX, &s->text) < 0)
		return 0;
	return read_table(s, ns, root, e);
}

/* proc_pid_mountinfo(5) is silent about what is not below the root of its task. */
static bool is_chrooted(const struct scan *s, const struct task *t)
{
	char path[PROC_PATH_MAX], root[sizeof("/.")];

	proc_path(path, t->pid, t->tid, "root");
	return proc_link(s->proc, path, root, sizeof(root)) > 0 && !str_is(root, "/");
}

static int read_through_task(struct scan *s, uint32_t ns, const struct task *t, struct err *e)
{
	auto_close int root = -EBADF;
	struct table table = { .s = s, .ns = ns };
	char path[PROC_PATH_MAX];

	proc_path(path, t->pid, t->tid, "root");
	root = table.root = openat(s->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root >= 0 && each_by_id(s, ns, add_mount, &table)) {
		mark_read(s, ns);
		return 0;
	}
	proc_path(path, t->pid, t->tid, "mountinfo");
	if (proc_read(s->proc, path, &s->text) < 0)
		return 0;
	return read_table(s, ns, root, e);
}

/* For a task that is chrooted: by joining, if the caller may. */
static int read_around_chroot(struct scan *s, uint32_t ns, const struct task *t, struct err *e)
{
	auto_close int fd = -EBADF;
	char path[PROC_PATH_MAX];

	proc_path(path, t->pid, t->tid, "ns/mnt");
	fd = openat(s->proc, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? 0 : read_by_joining(s, ns, fd, e);
}

int scan_mounts_of_task(struct scan *s, const struct task *t, struct err *e)
{
	uint32_t ns;
	int r = 0;

	if (!t->ino[NS_MNT] || was_read(s, t->ino[NS_MNT]))
		return 0;
	ns = scan_add_at(s, NS_MNT, t->ino[NS_MNT], t->ns_dir, "mnt");
	if (is_chrooted(s, t))
		r = read_around_chroot(s, ns, t, e);
	if (r < 0 || was_read(s, t->ino[NS_MNT]))
		return r;
	return read_through_task(s, ns, t, e);
}

/* Every mount namespace above (or below) FD in the kernel's order of ids. Linux 6.12. */
static int walk_all(struct scan *s, int (*step)(int), struct err *e)
{
	auto_close int fd = openat(s->proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int r = 0;

	while (r == 0 && fd >= 0) {
		int next = step(fd);
		uint32_t ns = scan_add_fd(s, next);

		cleanup_fd(&fd);
		fd = next;
		if (ns != GRAPH_NONE)
			r = read_by_joining(s, ns, fd, e);
	}
	return r;
}

int scan_mounts_elsewhere(struct scan *s, struct err *e)
{
	int r = walk_all(s, nsfs_mnt_next, e);

	if (r == 0)
		r = walk_all(s, nsfs_mnt_prev, e);
	/* The graph grows while it is walked: a mount may hold a mount namespace. */
	for (uint32_t i = 0; r == 0 && i < s->g->ns.n; i++) {
		auto_close int fd = -EBADF;

		if (s->g->ns.v[i].type != NS_MNT || was_read(s, s->g->ns.v[i].ino))
			continue;
		fd = discover_open(s->g, s->proc, i);
		if (fd >= 0)
			r = read_by_joining(s, i, fd, e);
	}
	return r;
}
