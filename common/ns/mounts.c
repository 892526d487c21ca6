/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mounts.h"

#include "../base/fd.h"
#include "../sys/mntns.h"
#include "../sys/mountinfo.h"
#include "../sys/procfs.h"
#include "../sys/statmount.h"
#include "discover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

void mounts_add(struct mounts *m, uint32_t ns, uint32_t owner, const struct mount_line *line)
{
	vec_push(&m->v, { .ns = ns,
			  .owner = owner,
			  .id = line->id,
			  .parent = line->parent,
			  .dev = line->dev,
			  .attr = line->attr,
			  .peers = line->peers,
			  .master = line->master,
			  .root = xstrdup(line->root),
			  .target = xstrdup(line->target),
			  .fstype = xstrdup(line->fstype),
			  .source = copy(line->source),
			  .uid_map = copy(line->uid_map),
			  .gid_map = copy(line->gid_map) });
}

static int compare_dev(const void *a, const void *b, void *data)
{
	const struct mounts *m = data;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	dev_t left = m->v.v[i].dev, right = m->v.v[j].dev;

	if (left != right)
		return left < right ? -1 : 1;
	return i < j ? -1 : i > j;
}

void mounts_finish(struct mounts *m)
{
	m->by_dev = xcalloc(m->v.n + 1, sizeof(*m->by_dev));
	for (size_t i = 0; i < m->v.n; i++)
		m->by_dev[i] = i;
	qsort_r(m->by_dev, m->v.n, sizeof(*m->by_dev), compare_dev, m);
	for (size_t i = 0; i < m->v.n; i++)
		if (i == 0 || m->v.v[i].ns != m->v.v[i - 1].ns)
			hash_put(&m->by_ns, m->v.v[i].ns, (uint32_t)i);
}

/* --- reading */

/* One mount namespace while its table is read. */
struct reading {
	struct mounts *m;
	const struct graph *g;
	int proc;
	uint32_t ns;
};

static void add_line(const struct mount_line *line, void *data)
{
	const struct reading *r = data;

	if (line->root && line->target && line->fstype)
		mounts_add(r->m, r->ns, r->g->ns.v[r->ns].owner, line);
}

static void mount_done(struct mount *m)
{
	free(m->root);
	free(m->target);
	free(m->fstype);
	free(m->source);
	free(m->uid_map);
	free(m->gid_map);
}

/* Takes back what a reading that failed half way has added. */
static void shorten(struct mounts *m, size_t n)
{
	while (m->v.n > n)
		mount_done(&m->v.v[--m->v.n]);
}

static int read_by_listing(struct reading *r)
{
	uint64_t id = r->g->ns.v[r->ns].id;
	size_t before = r->m->v.n;
	int result = id ? mounts_each(id, 0, add_line, r) : -ENOSYS;

	if (result < 0)
		shorten(r->m, before);
	return result;
}

static int open_by_joining(const struct reading *r)
{
	auto_close int ns = discover_open(r->g, r->proc, r->ns);
	auto_close int root = -EBADF;
	int mountinfo = -EBADF;
	int result = ns < 0 ? ns : mntns_open(ns, r->proc, &root, &mountinfo);

	return result < 0 ? result : mountinfo;
}

static int open_through_process(const struct reading *r)
{
	uint32_t first = r->g->ns.v[r->ns].first_proc;
	char path[PROC_PATH_MAX];
	int fd;

	if (first == GRAPH_NONE)
		return -EACCES;
	proc_path(path, r->g->procs.v[first].pid, 0, "mountinfo");
	fd = openat(r->proc, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A namespace that has gone meanwhile is no news: its process is not there any more, or dead. */
static bool is_gone(const struct reading *r)
{
	uint32_t first = r->g->ns.v[r->ns].first_proc;
	char path[PROC_PATH_MAX], link[64];
	ssize_t n;

	if (first == GRAPH_NONE)
		return false;
	proc_path(path, r->g->procs.v[first].pid, 0, "ns/mnt");
	n = proc_link(r->proc, path, link, sizeof(link));
	return n == -ENOENT || n == -ESRCH;
}

static int read_mountinfo(struct reading *r, struct err *e)
{
	auto_close int fd = open_by_joining(r);
	auto_str struct str text = { 0 };
	int result = 0;

	if (fd < 0)
		result = fd = open_through_process(r);
	if (fd >= 0)
		result = fd_read_all(fd, SIZE_MAX, &text);
	if (result < 0 || !text.len) {
		r->m->nunread += !is_gone(r);
		return 0;
	}
	return mountinfo_each(text.s, text.len, add_line, r, e);
}

int mounts_read(struct mounts *m, const struct graph *g, int proc, struct err *e)
{
	for (uint32_t ns = 0; ns < g->ns.n; ns++) {
		struct reading reading = { .m = m, .g = g, .proc = proc, .ns = ns };
		int r;

		if (g->ns.v[ns].type != NS_MNT || read_by_listing(&reading) == 0)
			continue;
		r = read_mountinfo(&reading, e);
		if (r < 0)
			return r;
	}
	mounts_finish(m);
	return 0;
}

/* --- looking */

bool path_is_below(const char *path, const char *dir, const char **rest)
{
	const char *behind = str_after(path, str_is(dir, "/") ? "" : dir);

	if (!behind || (*behind && *behind != '/'))
		return false;
	if (rest)
		*rest = str_is(behind, "/") ? "" : behind;
	return true;
}

/* The mount on mount CURRENT that a walk to PATH comes to first, or SIZE_MAX. */
static size_t next_on_the_way(const struct mounts *m, size_t current, size_t first,
			      const char *path)
{
	size_t found = SIZE_MAX;

	for (size_t i = first; i < m->v.n && m->v.v[i].ns == m->v.v[first].ns; i++) {
		const struct mount *at = &m->v.v[i];

		if (i == current || at->parent != m->v.v[current].id ||
		    !path_is_below(path, at->target, NULL))
			continue;
		if (found == SIZE_MAX || strlen(at->target) < strlen(m->v.v[found].target))
			found = i;
	}
	return found;
}

size_t mounts_with_id(const struct mounts *m, uint32_t ns, uint32_t id)
{
	uint32_t first;

	if (!hash_get(&m->by_ns, ns, &first))
		return SIZE_MAX;
	for (size_t i = first; i < m->v.n && m->v.v[i].ns == ns; i++)
		if (m->v.v[i].id == id)
			return i;
	return SIZE_MAX;
}

/* The lowest mount of the namespace that begins at FIRST: it stands on none. */
static size_t lowest(const struct mounts *m, size_t first)
{
	size_t at = first, above;

	for (size_t steps = 0; steps < m->v.n; steps++, at = above) {
		above = mounts_with_id(m, m->v.v[at].ns, m->v.v[at].parent);
		if (above == SIZE_MAX || above == at)
			break;
	}
	return at;
}

size_t mounts_at(const struct mounts *m, uint32_t ns, const char *path)
{
	uint32_t first;
	size_t current;

	if (!hash_get(&m->by_ns, ns, &first))
		return SIZE_MAX;
	current = lowest(m, first);
	for (size_t steps = 0; steps < m->v.n; steps++) {
		size_t next = next_on_the_way(m, current, first, path);

		if (next == SIZE_MAX)
			break;
		current = next;
	}
	return path_is_below(path, m->v.v[current].target, NULL) ? current : SIZE_MAX;
}

void mounts_done(struct mounts *m)
{
	shorten(m, 0);
	vec_done(&m->v);
	hash_done(&m->by_ns);
	free(m->by_dev);
	m->by_dev = NULL;
}
