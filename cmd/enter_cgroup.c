/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_cgroup.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/sys/procfs.h"
#include "enter_like.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int refused(int code, struct err *e)
{
	if (code == -EACCES || code == -EPERM)
		err_hint(e,
			 "this needs write access to that cgroup and to the nearest one above it "
			 "and the caller's, cgroups(7)");
	return code;
}

static int open_procs(struct enter_cgroups *c, const char *dir, struct err *e)
{
	auto_free char *path = xasprintf("%s/cgroup.procs", dir);
	auto_free char *q = NULL;
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	vec_push(&c->procs, fd); /* of each directory, that of this one too */
	if (fd >= 0)
		return 0;
	q = quoted(path);
	return refused(err_set(e, -errno, "cannot open %s", q), e);
}

int enter_cgroups_open(struct enter_cgroups *c, const struct enter_opts *o, const struct target *t,
		       struct err *e)
{
	auto_str struct str mounts = { 0 }, theirs = { 0 }, own = { 0 };
	int r;

	if (!o->join_cgroup)
		return 0;
	if (!t->pid)
		return err_say(e, -EINVAL, "a cgroup has only a target that is a process");
	r = target_read(t, "cgroup", &theirs, e);
	if (r < 0)
		return r;
	r = proc_read(t->proc, "self/mountinfo", &mounts);
	if (r == 0)
		r = proc_read(t->proc, "self/cgroup", &own);
	if (r < 0)
		return err_set(e, r, "cannot read the caller's cgroups");
	r = cgroup_dirs_find(str_text(&mounts), str_text(&theirs), str_text(&own), &c->dirs, e);
	r = enter_like_forgive(o, r, e);
	for (size_t i = 0; r == 0 && i < c->dirs.v.n; i++)
		r = enter_like_forgive(o, open_procs(c, c->dirs.v.v[i], e), e);
	return r;
}

int enter_cgroups_join(const struct enter_cgroups *c, const struct enter_opts *o, struct err *e)
{
	for (size_t i = 0; i < c->procs.n; i++) {
		int r = c->procs.v[i] < 0 ? 0 : fd_write_all(c->procs.v[i], "0", 1);

		if (r < 0) {
			auto_free char *q = quoted(c->dirs.v.v[i]);

			err_set(e, r, "cannot join the target's cgroup, %s", q);
			refused(r, e);
		}
		r = enter_like_forgive(o, r, e);
		if (r < 0)
			return r;
	}
	return 0;
}

void enter_cgroups_done(struct enter_cgroups *c)
{
	for (size_t i = 0; i < c->procs.n; i++)
		cleanup_fd(&c->procs.v[i]);
	vec_done(&c->procs);
	cgroup_dirs_done(&c->dirs);
}
