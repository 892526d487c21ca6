/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: the end of a mount that is not locked. */
#include "mountpriv_target.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/sys/filelook.h"
#include "../common/sys/mntns.h"
#include "../common/sys/nsfs.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_USERNS 4026531837 /* PROC_USER_INIT_INO of Linux */

struct removing {
	struct mountpriv_target target; /* without -t the caller's /proc alone */
	const char *dst;
	int point; /* the root of the mount */
};

static void removing_done(struct removing *m)
{
	cleanup_fd(&m->point);
	mountpriv_target_done(&m->target);
}

static int check_owner(int mntns, const char *q, struct err *e)
{
	auto_close int owner = nsfs_userns(mntns);

	if (owner >= 0 && fd_inode(owner) != FIRST_USERNS)
		return 0;
	err_say(e, -EINVAL,
		"%s is in a mount namespace of the host's user namespace: no mount "
		"there is private",
		q);
	err_hint(e, "umount(8) unmounts others");
	return -EINVAL;
}

/* STATX_ATTR_MOUNT_ROOT, since Linux 5.8; before it umount2(2) finds out. */
static int check_root(int point, const char *q, struct err *e)
{
	struct statx st;

	int r = file_look(point, "", AT_EMPTY_PATH, 0, &st);

	if (r < 0)
		return err_set(e, r, "cannot look at %s", q);
	if (st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT &&
	    !(st.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return err_say(e, -EINVAL, "%s is no mount point", q);
	return 0;
}

static int open_there(struct removing *m, const struct mountpriv_opts *o, struct err *e)
{
	auto_close int root = -EBADF;
	auto_close int table = -EBADF;
	int r = mountpriv_target(&m->target, o, e);

	if (r == 0 && m->target.mntns < 0)
		r = err_say(e, -ENOENT, "%s names no mount namespace", m->target.target.label);
	if (r < 0)
		return r;
	r = mntns_open(m->target.mntns, m->target.resolver.proc, &root, &table);
	if (r < 0) {
		err_set(e, r, "cannot look into the mount namespace of %s", m->target.target.label);
		return mountpriv_refused(r, e);
	}
	m->point = r = privmount_open_point(root, m->dst, PRIVMOUNT_ANY, e);
	return MIN(r, 0);
}

static int open_here(struct removing *m, struct err *e)
{
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	m->target.resolver.proc = r;
	m->point = r = privmount_open_point(AT_FDCWD, m->dst, PRIVMOUNT_ANY, e);
	return MIN(r, 0);
}

static int check(struct removing *m, const char *q, struct err *e)
{
	auto_close int own = m->target.mntns < 0 ? openat(m->target.resolver.proc, "self/ns/mnt",
							  O_RDONLY | O_CLOEXEC)
						 : -EBADF;
	int r = check_owner(own < 0 ? m->target.mntns : own, q, e);

	return r < 0 ? r : check_root(m->point, q, e);
}

static int locked(const char *q, struct err *e)
{
	err_say(e, -EINVAL, "%s is locked in its mount namespace and goes with it alone", q);
	err_hint(e, "end the processes in it; if it has a name, 'nstool bind-ns --remove NAME'");
	return -EINVAL;
}

/* By the descriptor, through the caller's own /proc, which the target's mounts cannot replace. */
static int unmount(const struct removing *m, const char *q, struct err *e)
{
	auto_free char *path = xasprintf("self/fd/%d", m->point);

	if (fchdir(m->target.resolver.proc) < 0)
		return err_set(e, -errno, "cannot change to /proc");
	if (umount2(path, MNT_DETACH) == 0)
		return 0;
	return errno == EINVAL ? locked(q, e) : err_set(e, -errno, "cannot unmount %s", q);
}

int mountpriv_remove(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	auto_call(removing_done) struct removing m = { .target = MOUNTPRIV_TARGET_NONE,
						       .dst = argv[0],
						       .point = -EBADF };
	auto_free char *q = quoted(argv[0] ? argv[0] : "");
	int r = 0;

	(void)ctx;
	if (!argv[0])
		return err_say(e, -EINVAL, "DST is missing");
	if (argv[1])
		return err_say(e, -EINVAL, "--remove takes DST and no more words");
	r = o->target.text ? open_there(&m, o, e) : open_here(&m, e);
	if (r == 0)
		r = check(&m, q, e);
	if (r == 0 && m.target.mntns >= 0)
		r = mountpriv_join(&m.target, e);
	return r < 0 ? r : unmount(&m, q, e);
}
