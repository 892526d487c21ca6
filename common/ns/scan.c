/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A namespace is asked for its id, owner and parent at its first sight, through whatever showed
 * it; where that vanished meanwhile, the next sight tries again. So a namespace costs its ioctls
 * once, however many processes are in it.
 */
#include "scan.h"

#include "../base/fd.h"
#include "../sys/nsfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static uint32_t add_and_close(struct scan *s, int fd)
{
	uint32_t ns = scan_add_fd(s, fd);

	cleanup_fd(&fd);
	return ns;
}

/* Adding may move the array of namespaces: each field is stored after the call that adds. */
static void query_ancestors(struct scan *s, uint32_t index, int fd)
{
	enum ns_type type = s->g->ns.v[index].type;
	uint32_t owner = add_and_close(s, nsfs_userns(fd));
	uint32_t parent = GRAPH_NONE;

	if (type == NS_USER) /* NS_GET_USERNS of a user namespace is its parent */
		parent = owner;
	else if (type == NS_PID)
		parent = add_and_close(s, nsfs_parent(fd));
	s->g->ns.v[index].owner = owner;
	s->g->ns.v[index].parent = parent;
}

void scan_query(struct scan *s, uint32_t index, int fd)
{
	struct ns *ns = &s->g->ns.v[index];
	struct stat st;

	if (ns->queried || fstat(fd, &st) < 0 || st.st_ino != ns->ino)
		return;
	ns->queried = true;
	s->g->dev = st.st_dev;
	if (nsfs_id(fd, &ns->id) < 0)
		ns->id = 0;
	if (!scan_wants(s, SOURCE_ANCESTOR))
		return;
	if (ns->type == NS_USER)
		ns->has_creator = nsfs_owner_uid(fd, &ns->creator) == 0;
	query_ancestors(s, index, fd);
}

uint32_t scan_add_fd(struct scan *s, int fd)
{
	uint32_t index;
	struct stat st;
	int type;

	if (fd < 0 || fstat(fd, &st) < 0)
		return GRAPH_NONE;
	index = graph_find_ns(s->g, st.st_ino);
	if (index == GRAPH_NONE) {
		type = ns_type_from_clone(nsfs_type(fd));
		if (type < 0)
			return GRAPH_NONE;
		index = graph_add_ns(s->g, (enum ns_type)type, st.st_ino);
	}
	scan_query(s, index, fd);
	return index;
}

uint32_t scan_add_at(struct scan *s, enum ns_type type, ino_t ino, int dir, const char *name)
{
	uint32_t ns = graph_add_ns(s->g, type, ino);
	auto_close int fd = -EBADF;

	if (s->g->ns.v[ns].queried)
		return ns;
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		scan_query(s, ns, fd);
	return ns;
}
