/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "statmount.h"

#include "../base/str.h"
#include "compat.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BATCH 512

/* More than any table of texts that a kernel gives. */
#define LARGEST (1U << 20)

#define WANTED                                                                                     \
	(COMPAT_STATMOUNT_SB_BASIC | COMPAT_STATMOUNT_MNT_BASIC | COMPAT_STATMOUNT_MNT_ROOT |      \
	 COMPAT_STATMOUNT_MNT_POINT | COMPAT_STATMOUNT_FS_TYPE | COMPAT_STATMOUNT_SB_SOURCE |      \
	 COMPAT_STATMOUNT_MNT_UIDMAP | COMPAT_STATMOUNT_MNT_GIDMAP)

/* What has no text is of no use. */
#define NEEDED                                                                                     \
	(COMPAT_STATMOUNT_SB_BASIC | COMPAT_STATMOUNT_MNT_BASIC | COMPAT_STATMOUNT_MNT_ROOT |      \
	 COMPAT_STATMOUNT_MNT_POINT | COMPAT_STATMOUNT_FS_TYPE)

ssize_t mounts_list(uint64_t ns, uint64_t after, uint64_t *ids, size_t n)
{
	struct compat_mnt_id_req req = {
		.size = sizeof(req), .mnt_id = COMPAT_LSMT_ROOT, .param = after, .mnt_ns_id = ns
	};
	long r = syscall(SYS_listmount, &req, ids, n, 0);

	return r < 0 ? -errno : r;
}

/* A buffer that grows to what the kernel has to say. */
struct answer {
	struct compat_statmount_answer *v;
	size_t size;
};

static int ask(uint64_t ns, uint64_t id, uint64_t wanted, struct answer *a)
{
	struct compat_mnt_id_req req = {
		.size = sizeof(req), .mnt_id = id, .param = wanted, .mnt_ns_id = ns
	};

	while (syscall(SYS_statmount, &req, a->v, a->size, 0) < 0) {
		if (errno != EOVERFLOW || a->size >= LARGEST)
			return -errno;
		a->size *= 2;
		a->v = xreallocarray(a->v, 1, a->size);
	}
	return 0;
}

/* The N texts at offset AT, one a line; NULL if this kernel does not tell them. */
static const char *join_texts(const struct compat_statmount_answer *v, uint64_t bit, uint32_t at,
			      uint32_t n, struct str *ret)
{
	const char *p = v->str + at;

	if (!(v->mask & bit))
		return NULL;
	str_clear(ret);
	for (; n; n--, p += strlen(p) + 1)
		str_join(ret, "\n", p);
	return str_text(ret);
}

static void tell(const struct compat_statmount_answer *v, mount_line_fn fn, void *data)
{
	auto_str struct str uids = { 0 }, gids = { 0 };
	struct mount_line line = {
		.id = v->mnt_id_old,
		.parent = v->mnt_parent_id_old,
		.dev = makedev(v->sb_dev_major, v->sb_dev_minor),
		.root = v->str + v->mnt_root,
		.target = v->str + v->mnt_point,
		.fstype = v->str + v->fs_type,
		.attr = v->mnt_attr,
		.peers = (uint32_t)v->mnt_peer_group,
		.master = (uint32_t)v->mnt_master,
	};

	if ((v->mask & NEEDED) != NEEDED)
		return;
	if (v->mask & COMPAT_STATMOUNT_SB_SOURCE)
		line.source = v->str + v->sb_source;
	if (v->mnt_attr & MOUNT_ATTR_IDMAP) {
		line.uid_map = join_texts(v, COMPAT_STATMOUNT_MNT_UIDMAP, v->mnt_uidmap,
					  v->mnt_uidmap_num, &uids);
		line.gid_map = join_texts(v, COMPAT_STATMOUNT_MNT_GIDMAP, v->mnt_gidmap,
					  v->mnt_gidmap_num, &gids);
	}
	fn(&line, data);
}

/* The texts are asked for only where the file system is the wanted one: they take the time. */
static int ask_if(uint64_t ns, uint64_t id, uint64_t magic, struct answer *a)
{
	int r = magic ? ask(ns, id, COMPAT_STATMOUNT_SB_BASIC, a) : 0;

	if (r < 0)
		return r;
	return magic && a->v->sb_magic != magic ? -ENOENT : ask(ns, id, WANTED, a);
}

static int tell_all(uint64_t ns, const uint64_t *ids, size_t n, uint64_t magic, struct answer *a,
		    mount_line_fn fn, void *data)
{
	for (size_t i = 0; i < n; i++) {
		int r = ask_if(ns, ids[i], magic, a);

		if (r == 0)
			tell(a->v, fn, data);
		else if (r != -ENOENT)
			return r;
	}
	return 0;
}

int mounts_each(uint64_t ns, uint64_t magic, mount_line_fn fn, void *data)
{
	struct answer a = { .size = 4096 };
	uint64_t ids[BATCH], after = 0;
	ssize_t n;
	int r = 0;

	a.v = xmalloc(a.size);
	while (r == 0 && (n = mounts_list(ns, after, ids, BATCH)) != 0) {
		r = n < 0 ? (int)n : tell_all(ns, ids, (size_t)n, magic, &a, fn, data);
		if (r == 0)
			after = ids[n - 1];
	}
	free(a.v);
	return r;
}
