/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel lists itself: 64-bit ids, page by page, each opened through its file handle. */
#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "scan.h"

#include <errno.h>

#define PAGE_OF_IDS 512

static struct hash known_ids(const struct graph *g)
{
	struct hash known = { 0 };
	uint32_t unused;

	for (uint32_t i = 0; i < g->ns.n; i++)
		if (g->ns.v[i].id && !hash_get(&known, g->ns.v[i].id, &unused))
			hash_put(&known, g->ns.v[i].id, i);
	return known;
}

static void add_id(struct scan *s, uint64_t id)
{
	auto_close int fd = nsfs_open_handle(id, 0, 0);

	scan_add_fd(s, fd);
}

void scan_listns(struct scan *s)
{
	struct hash known = known_ids(s->g);
	uint64_t ids[PAGE_OF_IDS], last = 0;
	uint32_t unused;
	ssize_t n;

	while ((n = nsfs_list(last, ids, PAGE_OF_IDS)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (!hash_get(&known, ids[i], &unused))
				add_id(s, ids[i]);
		if (ids[n - 1] <= last) /* a kernel that does not advance must not hang us */
			break;
		last = ids[n - 1];
	}
	hash_done(&known);
}
