/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mount by mount(2), on kernels before 5.12 and below filters that refuse the newer calls. That
 * its flags come after it hurts nobody where nobody is; its propagation is that of all there.
 */
#include "privmount.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/filelook.h"
#include "../sys/mountapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

static char *link_of(int fd)
{
	return xasprintf("/proc/self/fd/%d", fd);
}

static int bind(const struct privmount *m, int src, int dst)
{
	auto_free char *from = link_of(src);
	auto_free char *to = link_of(dst);

	return mount(from, to, NULL, MS_BIND | (m->recursive ? MS_REC : 0), NULL) < 0 ? -errno : 0;
}

static int make_new(const struct privmount *m, int dst)
{
	auto_free char *to = link_of(dst);
	auto_str struct str data = { 0 };

	for (size_t i = 0; i < m->opts->rest.n; i++) {
		const struct fs_option *o = &m->opts->rest.v[i];

		str_join(&data, ",", o->name);
		if (o->value)
			str_addf(&data, "=%s", o->value);
	}
	return mount(m->source ? m->source : m->type, to, m->type, mount_ms_flags(m->opts->set),
		     data.len ? data.s : NULL) < 0
		       ? -errno
		       : 0;
}

static int look(int fd, struct statx *ret)
{
	return file_look(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, ret);
}

/* The mount is what stands at DST now; a bind must show SRC there, or DST was replaced meanwhile. */
static int set_flags(const struct privmount *m, const struct statx *src)
{
	auto_close int top = open(m->dst, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	auto_free char *path = link_of(top);
	struct statx st = { 0 };
	int r = top < 0 ? -errno : look(top, &st);

	if (r < 0)
		return r;
	if (st.stx_dev_major != src->stx_dev_major || st.stx_dev_minor != src->stx_dev_minor ||
	    st.stx_ino != src->stx_ino)
		return -ESTALE;
	return mount_add_flags(path, mount_ms_flags(m->opts->set));
}

static int bind_whole(const struct privmount *m, struct err *e)
{
	auto_close int src = open(m->src, O_PATH | O_CLOEXEC);
	auto_free char *q = quoted(m->src);
	struct statx st;
	int kind, r;

	if (src < 0)
		return err_set(e, -errno, "cannot open %s", q);
	kind = privmount_kind(src, q, e);
	auto_close int dst = kind < 0 ? kind : privmount_open_point(AT_FDCWD, m->dst, kind, e);

	if (dst < 0)
		return dst;
	r = look(src, &st);
	if (r == 0)
		r = bind(m, src, dst);
	if (r < 0)
		return err_set(e, r, "cannot bind %s", q);
	r = set_flags(m, &st);
	return r < 0 ? err_set(e, r, "cannot set the flags of the mount of %s", q) : 0;
}

int privmount_classic(const struct privmount *m, struct err *e)
{
	auto_free char *q = quoted(m->src ? m->src : m->type);
	int r;

	if (m->recursive) {
		err_say(e, -ENOSYS, "cannot set the flags of all that is mounted below %s", q);
		err_hint(e, "--recursive needs mount_setattr(2), which Linux has since 5.12");
		return -ENOSYS;
	}
	if (m->src)
		return bind_whole(m, e);
	auto_close int dst = privmount_open_point(AT_FDCWD, m->dst, PRIVMOUNT_DIRECTORY, e);

	if (dst < 0)
		return dst;
	r = make_new(m, dst);
	return r < 0 ? err_set(e, r, "cannot make a file system of type %s", q) : 0;
}
