/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_cgroup.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/ns/cgroups.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int need_process(const struct target *t, struct err *e)
{
	if (t->kind == TARGET_PROCESS && t->pid)
		return 0;
	return err_say(e, -EINVAL, "cgroup and label have only a target that is a process");
}

static int open_procs(struct enter_cgroups *c, const char *dir, struct err *e)
{
	auto_free char *path = xasprintf("%s/cgroup.procs", dir);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0) {
		auto_free char *q = quoted(path);

		return err_set(e, -errno, "cannot open %s", q);
	}
	vec_push(&c->procs, fd);
	return 0;
}

static int read_target(const struct target *t, const char *name, struct str *ret, struct err *e)
{
	char path[PROC_PATH_MAX];
	int r;

	proc_path(path, t->pid, t->tid, name);
	r = proc_read(t->proc, path, ret);
	return r < 0 ? err_set(e, r, "cannot read the %s of %s", name, t->label)
		     : target_check(t, e);
}

static int open_cgroups(struct enter_cgroups *c, const struct target *t, struct err *e)
{
	auto_call(cgroup_dirs_done) struct cgroup_dirs dirs = { 0 };
	auto_str struct str mounts = { 0 }, theirs = { 0 }, own = { 0 };
	int r = read_target(t, "cgroup", &theirs, e);

	if (r == 0)
		r = proc_read(t->proc, "self/mountinfo", &mounts);
	if (r == 0)
		r = proc_read(t->proc, "self/cgroup", &own);
	if (r == 0)
		r = cgroup_dirs_find(str_text(&mounts), str_text(&theirs), str_text(&own), &dirs,
				     e);
	for (size_t i = 0; r == 0 && i < dirs.v.n; i++)
		r = open_procs(c, dirs.v.v[i], e);
	return r;
}

/*
 * SELinux takes the label as it is, AppArmor with a word before it; where both are, AppArmor has
 * files of its own (since Linux 5.1).
 */
static int open_label(struct enter_cgroups *c, const struct target *t, struct err *e)
{
	auto_str struct str label = { 0 };
	bool selinux = access("/sys/fs/selinux/enforce", F_OK) == 0;
	bool apparmor = access("/sys/kernel/security/apparmor", F_OK) == 0;
	int r;

	if (!selinux && !apparmor)
		return err_say(
			e, -EOPNOTSUPP,
			"there are no security labels: neither SELinux nor AppArmor is here");
	r = read_target(t, "attr/current", &label, e);
	if (r < 0)
		return r;
	label.len = strcspn(str_text(&label), selinux ? "\n" : " \n"); /* "profile (enforce)" */
	c->label = xasprintf("%s%.*s", selinux ? "" : "exec ", (int)label.len, str_text(&label));
	c->attr_exec = openat(t->proc, "self/attr/exec", O_WRONLY | O_CLOEXEC);
	return c->attr_exec < 0 ? err_set(e, -errno, "cannot open attr/exec") : 0;
}

int enter_cgroups_open(struct enter_cgroups *c, const struct enter_opts *o, const struct target *t,
		       struct err *e)
{
	int r = o->join_cgroup || o->follow_context ? need_process(t, e) : 0;

	if (r == 0 && o->join_cgroup)
		r = open_cgroups(c, t, e);
	if (r == 0 && o->follow_context)
		r = open_label(c, t, e);
	return r;
}

int enter_cgroups_join(const struct enter_cgroups *c, struct err *e)
{
	int r;

	for (size_t i = 0; i < c->procs.n; i++) {
		r = fd_write_all(c->procs.v[i], "0", 1);
		if (r < 0)
			return err_set(e, r, "cannot join the cgroup of the target");
	}
	if (!c->label)
		return 0;
	r = fd_write_all(c->attr_exec, c->label, strlen(c->label));
	return r < 0 ? err_set(e, r, "cannot take over the label of the target") : 0;
}

void enter_cgroups_done(struct enter_cgroups *c)
{
	for (size_t i = 0; i < c->procs.n; i++)
		cleanup_fd(&c->procs.v[i]);
	vec_done(&c->procs);
	cleanup_fd(&c->attr_exec);
	free(c->label);
}
