/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountties.h"

#include "../base/str.h"
#include "../sys/compat.h"

#include <errno.h>
#include <sys/mount.h>

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && str_is(a, b));
}

/* Whether ids appear in both in the same way. */
static bool same_ids(const struct mount *a, const struct mount *b)
{
	return ((a->attr ^ b->attr) & MOUNT_ATTR_IDMAP) == 0 && same_text(a->uid_map, b->uid_map) &&
	       same_text(a->gid_map, b->gid_map);
}

static bool are_peers(const struct mount *a, const struct mount *b)
{
	return (a->peers && (a->peers == b->peers || a->peers == b->master)) ||
	       (b->peers && b->peers == a->master);
}

enum mount_tie mount_tie(const struct mount *m, const struct mount *other)
{
	if (m->dev != other->dev || (!path_is_below(m->root, other->root, NULL) &&
				     !path_is_below(other->root, m->root, NULL)))
		return TIE_NONE;
	if (are_peers(m, other))
		return TIE_PEER;
	return str_is(m->root, other->root) && same_ids(m, other) ? TIE_SAME : TIE_CONTENT;
}

/* Where in by_dev the mounts of file system DEV begin. */
static size_t first_of_dev(const struct mounts *m, dev_t dev)
{
	size_t low = 0, high = m->v.n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (m->v.v[m->by_dev[middle]].dev < dev)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void mount_each_tie(const struct mounts *m, size_t index,
		    bool (*fn)(size_t other, enum mount_tie tie, void *data), void *data)
{
	const struct mount *mount = &m->v.v[index];

	for (size_t i = first_of_dev(m, mount->dev); i < m->v.n; i++) {
		const struct mount *other = &m->v.v[m->by_dev[i]];
		enum mount_tie tie;

		if (other->dev != mount->dev)
			return;
		if (other->owner == mount->owner)
			continue;
		tie = mount_tie(mount, other);
		if (tie != TIE_NONE && !fn(m->by_dev[i], tie, data))
			return;
	}
}

static bool note_copy(size_t other, enum mount_tie tie, void *data)
{
	bool *copied = data;

	(void)other;
	*copied |= tie != TIE_CONTENT;
	return !*copied;
}

bool mount_is_private(const struct mounts *m, size_t index, uint32_t own)
{
	uint32_t owner = m->v.v[index].owner;
	bool copied = false;

	if (owner == GRAPH_NONE || owner == own)
		return false;
	mount_each_tie(m, index, note_copy, &copied);
	return !copied;
}

bool mount_is_alone(const struct mounts *m, size_t index)
{
	const struct mount *mount = &m->v.v[index];

	for (size_t i = first_of_dev(m, mount->dev); i < m->v.n; i++) {
		const struct mount *other = &m->v.v[m->by_dev[i]];

		if (other->dev != mount->dev)
			break;
		if (other->owner != mount->owner)
			return false;
	}
	return true;
}

/* Who receives what is mounted below the mount that is looked at. */
struct receiver {
	const struct mounts *m;
	uint32_t group;
	size_t found;
};

static bool note_receiver(size_t other, enum mount_tie tie, void *data)
{
	struct receiver *r = data;
	const struct mount *o = &r->m->v.v[other];

	(void)tie;
	if (o->peers == r->group || o->master == r->group)
		r->found = other;
	return r->found == SIZE_MAX;
}

size_t mount_shared_above(const struct mounts *m, size_t index, size_t *elsewhere)
{
	uint32_t ns = m->v.v[index].ns;
	size_t at = mounts_with_id(m, ns, m->v.v[index].parent), steps = 0;

	for (; at != SIZE_MAX && steps < m->v.n; steps++) {
		struct receiver r = { .m = m, .group = m->v.v[at].peers, .found = SIZE_MAX };
		size_t above = mounts_with_id(m, ns, m->v.v[at].parent);

		if (r.group)
			mount_each_tie(m, at, note_receiver, &r);
		if (r.found != SIZE_MAX) {
			*elsewhere = r.found;
			return at;
		}
		at = above == at ? SIZE_MAX : above;
	}
	return SIZE_MAX;
}

/* A path that begins at TARGET and goes on with REST. */
static char *path_below(const char *target, const char *rest)
{
	return *rest && str_is(target, "/") ? xstrdup(rest) : xasprintf("%s%s", target, rest);
}

char *mount_path_of(const struct mount *m, const struct mount *other, char **inside)
{
	const char *rest = "";

	if (path_is_below(m->root, other->root, &rest)) {
		*inside = xstrdup(m->target);
		return path_below(other->target, rest);
	}
	path_is_below(other->root, m->root, &rest);
	*inside = path_below(m->target, rest);
	return xstrdup(other->target);
}

/* --- whether it is locked */

const char *mount_lock_name(enum mount_lock lock)
{
	static const char *const names[] = {
		[LOCK_UNKNOWN] = NULL,	[LOCK_NONE] = "no", [LOCK_FLAGS] = "flags",
		[LOCK_MOUNT] = "mount", [LOCK_ALL] = "yes",
	};

	return names[lock];
}

uint64_t mount_restrictions(uint64_t attr)
{
	return attr &
	       (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

/* mount(2): a locked flag is EPERM; umount(2): a locked mount is EINVAL. */
enum mount_lock mount_lock_of(const int *cleared, size_t ncleared, int unmounted)
{
	bool flags = true, mount = unmounted == -EINVAL;

	if (unmounted != 0 && !mount)
		return LOCK_UNKNOWN;
	for (size_t i = 0; i < ncleared; i++) {
		if (cleared[i] != 0 && cleared[i] != -EPERM)
			return LOCK_UNKNOWN;
		flags &= cleared[i] == -EPERM;
	}
	if (!ncleared)
		flags = mount;
	if (flags)
		return mount ? LOCK_ALL : LOCK_FLAGS;
	return mount ? LOCK_MOUNT : LOCK_NONE;
}
