/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountsource.h"

#include "../base/fd.h"
#include "../sys/filelook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static struct mountplace place_of(const char *path, const struct statx *st)
{
	return (struct mountplace){ .userns = -EBADF,
				    .mntns = -EBADF,
				    .path = xstrdup(path),
				    .inside = xstrdup(path),
				    .dev = makedev(st->stx_dev_major, st->stx_dev_minor),
				    .ino = st->stx_ino,
				    .mode = st->stx_mode };
}

static bool look(const char *path, struct statx *ret)
{
	return file_look(AT_FDCWD, path, 0, STATX_TYPE | STATX_MODE | STATX_INO, ret) == 0;
}

/* The path of the file behind loop device DEV as losetup(8) had it; "": there is none. */
static void read_backing(dev_t dev, struct str *ret)
{
	auto_free char *path =
		xasprintf("/sys/dev/block/%u:%u/loop/backing_file", major(dev), minor(dev));
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fd_read_all(fd, PATH_MAX, ret) < 0)
		str_clear(ret);
	if (ret->len && ret->s[ret->len - 1] == '\n')
		ret->s[--ret->len] = '\0';
}

size_t mountsource_find(const struct mount *m, struct mountplace ret[MOUNTSOURCE_MAX])
{
	auto_str struct str backing = { 0 };
	struct statx st;
	size_t n = 0;

	/* What has no device, major 0, has a source that its owner makes up. */
	if (!major(m->dev))
		return 0;
	if (m->source && m->source[0] == '/' && look(m->source, &st) && S_ISBLK(st.stx_mode) &&
	    makedev(st.stx_rdev_major, st.stx_rdev_minor) == m->dev)
		ret[n++] = place_of(m->source, &st);
	read_backing(m->dev, &backing);
	if (backing.len && look(backing.s, &st) && S_ISREG(st.stx_mode))
		ret[n++] = place_of(backing.s, &st);
	return n;
}
