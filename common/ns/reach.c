/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reach.h"

#include "../base/str.h"

#include "../sys/filelook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static bool everybody(const struct reach_step *s, bool last)
{
	return s->mode & S_IXOTH || (last && s->mode & S_IROTH);
}

static bool members(const struct reach_step *s, gid_t gid, bool last)
{
	if (s->gid == gid)
		return s->mode & S_IXGRP || (last && s->mode & S_IRGRP);
	return everybody(s, last);
}

static bool owner(const struct reach_step *s, uid_t uid, bool last)
{
	if (s->uid == uid)
		return s->mode & S_IXUSR || (last && s->mode & S_IRUSR);
	return everybody(s, last);
}

/* The first step that not everybody can take says who could be the one that can take them all. */
struct reach reach_of(const struct reach_way *way)
{
	const struct reach_step *v = way->steps.v, *narrow = NULL;
	size_t n = way->steps.n;
	bool group = true, user = true;

	for (size_t i = 0; i < n && !narrow; i++)
		if (!everybody(&v[i], i + 1 == n))
			narrow = &v[i];
	if (!narrow)
		return (struct reach){ REACH_EVERYBODY, 0, 0 };
	for (size_t i = 0; i < n; i++) {
		group &= members(&v[i], narrow->gid, i + 1 == n);
		user &= owner(&v[i], narrow->uid, i + 1 == n);
	}
	if (group && narrow->gid != 0)
		return (struct reach){ REACH_GROUP, 0, narrow->gid };
	if (user && narrow->uid != 0)
		return (struct reach){ REACH_USER, narrow->uid, 0 };
	return (struct reach){ REACH_ROOT, 0, 0 };
}

static int look_at(const char *path, struct reach_way *ret)
{
	struct statx st;
	int r = file_look(AT_FDCWD, path, 0, STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID, &st);

	if (r == 0)
		vec_push(&ret->steps, { st.stx_uid, st.stx_gid, st.stx_mode });
	return r;
}

int reach_look(int fd, struct reach_way *ret)
{
	auto_free char *link = xasprintf("/proc/self/fd/%d", fd);
	char path[PATH_MAX];
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	int r = n < 0 ? -errno : look_at("/", ret);

	if (r < 0)
		return r;
	path[n] = '\0';
	for (char *p = path + 1; r == 0 && *p; p++) {
		p += strcspn(p, "/");
		char end = *p;

		*p = '\0';
		r = look_at(path, ret);
		*p = end;
		if (!end)
			break;
	}
	return r;
}

void reach_way_done(struct reach_way *way)
{
	vec_done(&way->steps);
}
