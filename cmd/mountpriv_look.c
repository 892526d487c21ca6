/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountpriv_look.h"

#include "../common/base/fd.h"
#include "../common/ns/discover.h"
#include "../common/ns/resolve.h"
#include "../common/out/header.h"
#include "../common/sys/compat.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/mount.h>
#include <sys/stat.h>

static uint32_t own(const struct mountlook *l, const char *link)
{
	struct stat st;

	return fstatat(l->proc, link, &st, 0) < 0 ? GRAPH_NONE
						  : graph_find_ns(&l->graph, st.st_ino);
}

int mountlook_read(struct mountlook *l, struct err *e)
{
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	l->proc = r;
	r = discover(&l->graph, l->proc, SOURCE_DEFAULT, e);
	if (r == 0)
		r = mounts_read(&l->mounts, &l->graph, l->proc, e);
	l->own_user = own(l, "self/ns/user");
	l->own_mnt = own(l, "self/ns/mnt");
	return r;
}

static int named_ns(struct mountlook *l, struct target *t, enum ns_type type, uint32_t *ret,
		    struct err *e)
{
	int fd = target_ns(t, type, e);

	if (fd < 0)
		return fd;
	*ret = graph_find_ns(&l->graph, fd_inode(fd));
	if (*ret == GRAPH_NONE)
		return err_say(e, -ENOENT, "%s: its %s namespace is not to be found", t->label,
			       ns_types[type].name);
	return 0;
}

int mountlook_resolve(struct mountlook *l, const struct ref *ref, uint32_t *mnt, uint32_t *user,
		      struct err *e)
{
	auto_resolver struct resolver resolver = { .proc = l->proc, .graph = &l->graph };
	auto_target struct target t = TARGET_NONE;
	int r = resolve_ref(&resolver, ref, &t, e);

	*mnt = *user = GRAPH_NONE;
	if (r < 0)
		return r;
	if (t.types & 1U << NS_MNT)
		return named_ns(l, &t, NS_MNT, mnt, e);
	if (t.types & 1U << NS_USER)
		return named_ns(l, &t, NS_USER, user, e);
	return err_say(e, -EINVAL, "%s names neither a mount nor a user namespace", t.label);
}

void mountlook_note(FILE *out, const struct mountlook *l)
{
	uint32_t n = l->mounts.nunread;

	header_note(out, &l->graph);
	if (n)
		fprintf(out,
			"note: the mounts of %" PRIu32 " mount namespace%s could not be read\n", n,
			n == 1 ? "" : "s");
}

void mountlook_flags(const struct mount *m, bool private, struct str *ret)
{
	static const struct {
		uint64_t attr;
		const char *name;
	} names[] = {
		{ MOUNT_ATTR_NOSUID, "nosuid" },	 { MOUNT_ATTR_NODEV, "nodev" },
		{ MOUNT_ATTR_NOEXEC, "noexec" },	 { MOUNT_ATTR_NOATIME, "noatime" },
		{ MOUNT_ATTR_NODIRATIME, "nodiratime" }, { MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow" },
		{ MOUNT_ATTR_IDMAP, "idmapped" },
	};

	str_add(ret, m->attr & MOUNT_ATTR_RDONLY ? "ro" : "rw");
	if (private)
		str_add(ret, ",privuserns");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (m->attr & names[i].attr)
			str_join(ret, ",", names[i].name);
}

/* --- JSON */

/* "a,b" or "a\nb" as a list of strings. */
static struct json_object *words_json(struct json *j, const char *text, char separator)
{
	struct json_object *list = json_list(j);

	while (*text) {
		const char *end = strchrnul(text, separator);

		json_append(j, list, json_bytes(j, text, (size_t)(end - text)));
		text = *end ? end + 1 : end;
	}
	return list;
}

static struct json_object *map_json(struct json *j, const char *map)
{
	return map ? words_json(j, map, '\n') : NULL;
}

static struct json_object *inode_json(const struct mountlook *l, struct json *j, uint32_t ns)
{
	return ns == GRAPH_NONE ? NULL : json_u64(j, l->graph.ns.v[ns].ino);
}

/* Null where it is not known. */
static struct json_object *locked_json(struct json *j, enum mount_lock lock, enum mount_lock part)
{
	if (lock == LOCK_UNKNOWN)
		return NULL;
	return json_boolean(j, lock == LOCK_ALL || lock == part);
}

void mountlook_json(const struct mountlook *l, struct json *j, struct json_object *o,
		    const struct mount *m, bool private, enum mount_lock lock)
{
	const struct ns *ns = &l->graph.ns.v[m->ns];
	auto_str struct str flags = { 0 };
	uint32_t first = ns->first_proc;

	mountlook_flags(m, private, &flags);
	json_set(j, o, "mntns", json_u64(j, ns->ino));
	json_set(j, o, "userns", inode_json(l, j, m->owner));
	json_set(j, o, "pid",
		 first == GRAPH_NONE ? NULL : json_i64(j, l->graph.procs.v[first].pid));
	json_set(j, o, "target", json_string(j, m->target));
	json_set(j, o, "root", json_string(j, m->root));
	json_set(j, o, "fstype", json_string(j, m->fstype));
	json_set(j, o, "source", json_string(j, m->source));
	json_set(j, o, "flags", words_json(j, str_text(&flags), ','));
	json_set(j, o, "idmapped", json_boolean(j, m->attr & MOUNT_ATTR_IDMAP));
	json_set(j, o, "uid_map", map_json(j, m->uid_map));
	json_set(j, o, "gid_map", map_json(j, m->gid_map));
	json_set(j, o, "flags_locked", locked_json(j, lock, LOCK_FLAGS));
	json_set(j, o, "mount_locked", locked_json(j, lock, LOCK_MOUNT));
}

void mountlook_inode(const struct mountlook *l, uint32_t ns, struct str *ret)
{
	if (ns != GRAPH_NONE)
		str_addf(ret, "%" PRIu64, (uint64_t)l->graph.ns.v[ns].ino);
}

void mountlook_done(struct mountlook *l)
{
	mounts_done(&l->mounts);
	graph_done(&l->graph);
	cleanup_fd(&l->proc);
}
