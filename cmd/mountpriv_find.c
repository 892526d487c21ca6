/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountpriv_find.h"

#include "../common/base/escape.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* DST from the caller's working directory on, without slashes at its end. */
static char *absolute(const char *dst)
{
	auto_free char *cwd = dst[0] == '/' ? NULL : getcwd(NULL, 0);
	char *path = cwd ? xasprintf("%s/%s", cwd, dst) : xstrdup(dst);
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	return path;
}

/* The mount whose mount point is PATH, SIZE_MAX: there is none. */
static size_t mount_point(const struct mountlook *l, uint32_t ns, const char *path)
{
	size_t at = mounts_at(&l->mounts, ns, path);

	return at != SIZE_MAX && str_is(l->mounts.v.v[at].target, path) ? at : SIZE_MAX;
}

static int find_in(const struct mountlook *l, uint32_t ns, const char *path, struct mountfind *ret,
		   struct err *e)
{
	auto_free char *q = quoted(path);
	size_t at = mount_point(l, ns, path);

	if (at == SIZE_MAX)
		return err_say(e, -ENOENT, "nothing is mounted at %s in mount namespace %" PRIu64,
			       q, (uint64_t)l->graph.ns.v[ns].ino);
	vec_push(&ret->found, at);
	return 0;
}

static int find_private(const struct mountlook *l, uint32_t mnt, uint32_t user,
			struct mountfind *ret, struct err *e)
{
	for (size_t i = 0; i < l->mounts.v.n; i++) {
		const struct mount *m = &l->mounts.v.v[i];

		if ((m->ns == mnt || m->owner == user) &&
		    mounts_at(&l->mounts, m->ns, m->target) == i &&
		    mount_is_private(&l->mounts, i, l->own_user))
			vec_push(&ret->found, i);
	}
	if (ret->found.n)
		return 0;
	err_say(e, -ENOENT, "there is no private mount");
	err_hint(e, "name the mount that should be one: --verify -t REF DST");
	return -ENOENT;
}

static int ambiguous(const struct mountlook *l, const char *path, const struct mountfind *f,
		     struct err *e)
{
	auto_free char *q = quoted(path);

	err_say(e, -ENOTUNIQ, "several mount namespaces have a mount at %s", q);
	for (size_t i = 0; i < f->found.n && i < 16; i++)
		err_hint(e, "-t mnt:%" PRIu64,
			 (uint64_t)l->graph.ns.v[l->mounts.v.v[f->found.v[i]].ns].ino);
	return -ENOTUNIQ;
}

static uint32_t level(const struct mountlook *l, size_t index)
{
	return graph_level(&l->graph, l->mounts.v.v[index].owner);
}

/* Of copies of one mount the one that is meant is that of the uppermost user namespace. */
static bool keep_uppermost(const struct mountlook *l, struct mountfind *f)
{
	size_t best = f->found.v[0];

	for (size_t i = 1; i < f->found.n; i++) {
		size_t at = f->found.v[i];

		if (mount_tie(&l->mounts.v.v[best], &l->mounts.v.v[at]) == TIE_NONE)
			return false;
		if (level(l, at) < level(l, best))
			best = at;
	}
	f->found.v[0] = best;
	f->found.n = 1;
	return true;
}

/* In the mount namespaces of others; private ones are meant before others. */
static int find_anywhere(const struct mountlook *l, const char *path, struct mountfind *ret,
			 struct err *e)
{
	bool private = false;

	for (uint32_t ns = 0; ns < l->graph.ns.n; ns++) {
		size_t at = l->graph.ns.v[ns].type == NS_MNT ? mount_point(l, ns, path) : SIZE_MAX;
		uint32_t owner = l->graph.ns.v[ns].owner;

		if (at == SIZE_MAX || owner == l->own_user || owner == GRAPH_NONE)
			continue;
		if (mount_is_private(&l->mounts, at, l->own_user) != private) {
			if (private)
				continue;
			private = true;
			ret->found.n = 0;
		}
		vec_push(&ret->found, at);
	}
	if (!ret->found.n)
		return find_in(l, l->own_mnt, path, ret, e);
	return ret->found.n == 1 || keep_uppermost(l, ret) ? 0 : ambiguous(l, path, ret, e);
}

int mountfind(struct mountlook *l, const struct ref *ref, const char *dst, struct mountfind *ret,
	      struct err *e)
{
	uint32_t mnt = GRAPH_NONE, user = GRAPH_NONE;
	auto_free char *path = dst ? absolute(dst) : NULL;
	int r = ref ? mountlook_resolve(l, ref, &mnt, &user, e) : 0;

	if (r < 0)
		return r;
	if (!path)
		return ref ? find_private(l, mnt, user, ret, e)
			   : err_say(e, -EINVAL, "--verify needs DST or -t REF");
	if (!ref)
		return find_anywhere(l, path, ret, e);
	if (mnt == GRAPH_NONE)
		return err_say(e, -EINVAL, "%s is no mount namespace: leave DST out", ref->text);
	return find_in(l, mnt, path, ret, e);
}

void mountfind_done(struct mountfind *f)
{
	vec_done(&f->found);
}
