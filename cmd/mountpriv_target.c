/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountpriv_target.h"

#include "../common/base/fd.h"
#include "../common/ns/userns.h"
#include "../common/sys/nsfs.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <sched.h>
#include <sys/prctl.h>

int mountpriv_refused(int code, struct err *e)
{
	if (code == -EPERM || code == -EACCES)
		err_hint(e, "-t needs CAP_SYS_ADMIN over the caller's mount namespace and over the "
			    "user namespace of the target");
	return code;
}

static int open_userns(struct mountpriv_target *t, struct err *e)
{
	int fd = target_ns(&t->target, NS_USER, NULL);

	if (fd >= 0)
		t->userns = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	else if (t->mntns >= 0)
		t->userns = nsfs_userns(t->mntns);
	if (t->userns < 0)
		return err_say(e, -ENOENT,
			       "%s has neither a user nor a mount namespace that can be "
			       "opened",
			       t->target.label);
	return 0;
}

static int read_user(struct mountpriv_target *t, bool needs_maps, struct err *e)
{
	auto_close int own = openat(t->resolver.proc, "self/ns/user", O_RDONLY | O_CLOEXEC);

	int r;

	t->is_own = own >= 0 && fd_inode(own) == fd_inode(t->userns);
	if (t->is_own || !needs_maps)
		return 0;
	r = userns_maps(t->resolver.proc, t->userns, t->maps, e);
	if (r == -ENODATA)
		err_hint(e, "write it first, or mount with --idmap none");
	return r < 0 ? mountpriv_refused(r, e) : 0;
}

int mountpriv_target(struct mountpriv_target *t, const struct mountpriv_opts *o, struct err *e)
{
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	t->resolver.proc = r;
	r = resolve_ref(&t->resolver, &o->target, &t->target, e);
	if (r == 0 && t->target.types & 1U << NS_MNT)
		t->mntns = r = target_ns(&t->target, NS_MNT, e);
	if (r >= 0)
		r = open_userns(t, e);
	if (r < 0)
		return mountpriv_refused(r, e);
	r = read_user(t, o->idmap.kind != PRIVMOUNT_UNMAPPED, e);
	return r < 0 ? r : target_check(&t->target, e);
}

void mountpriv_hide(void)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setlocale(LC_ALL, "C");
}

int mountpriv_join(const struct mountpriv_target *t, struct err *e)
{
	mountpriv_hide();
	if (setns(t->mntns, CLONE_NEWNS) < 0)
		return err_set(e, -errno, "cannot join the mount namespace of %s", t->target.label);
	return 0;
}

void mountpriv_target_done(struct mountpriv_target *t)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_done(&t->maps[k]);
	cleanup_fd(&t->userns);
	target_done(&t->target);
	resolver_done(&t->resolver);
	cleanup_fd(&t->resolver.proc);
}
