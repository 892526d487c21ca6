/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/link.h"

#include "younger.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

/* cgroups(7) on who may join which, "no internal processes" and threaded mode. */
static void hint_cgroup(int code, struct err *e)
{
	switch (code) {
	case -ENOENT:
	case -ENOTDIR:
		err_hint(e,
			 "a cgroup is a directory with a file cgroup.procs, below /sys/fs/cgroup");
		break;
	case -EACCES:
	case -EPERM:
		err_hint(e,
			 "this needs write access to cgroup.procs of that cgroup, and in version 2 "
			 "of the nearest one above it and the caller's");
		break;
	case -EBUSY:
		err_hint(e,
			 "that cgroup hands controllers on to those below it "
			 "(cgroup.subtree_control) and takes no process itself: join one below it");
		break;
	case -EOPNOTSUPP:
		err_hint(e, "that cgroup is threaded, or has become invalid below a threaded one "
			    "(cgroup.type)");
		break;
	}
}

static int join_cgroup(struct setup_run *run, struct err *e)
{
	auto_free char *path = xasprintf("%s/cgroup.procs", run->s->cgroup);
	auto_free char *q = quoted(run->s->cgroup);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : fd_write_all(fd, "0", 1);

	if (r == 0)
		return 0;
	err_set(e, r, "cannot join the cgroup %s", q);
	hint_cgroup(r, e);
	return r;
}

/* A change of ids makes /proc/self root's own, and with it the files that are written next. */
static int become_owner(struct setup_run *run, struct err *e)
{
	uid_t uid = run->s->owner_uid;
	gid_t gid = run->s->owner_gid;

	int r = setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
				setresuid(uid, uid, uid) < 0 ||
				prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0
			? -errno
			: 0;

	if (r == 0)
		return 0;
	err_set(e, r, "cannot become the owner %u:%u", uid, gid);
	if (r == -EPERM && run->facts->ids.can[ID_USER] && run->facts->ids.can[ID_GROUP])
		err_hint(e, "setgroups(2) is denied in this user namespace, and an owner takes it");
	else if (r == -EPERM)
		err_hint(e, "this takes CAP_SETUID and CAP_SETGID: run it as root");
	if (r == -EINVAL)
		err_hint(e, "that id is not mapped in this user namespace");
	return r;
}

static int make_namespaces(struct setup_run *run, struct err *e)
{
	unsigned types = run->s->types & ~(run->s->stage ? 1U << NS_USER : 0);
	int flags = 0, r;

	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		if (types & (1U << t))
			flags |= ns_types[t].clone;
	if (unshare(flags) == 0) {
		mntns_make_younger(run->proc, run->mnt_id);
		return 0;
	}
	r = err_set(e, -errno, "cannot make new namespaces");
	setup_why(run, WHY_UNSHARE, e);
	return r;
}

/* The limit counts in the user namespace of whoever opens the file. */
static int forbid_nested(struct setup_run *run, struct err *e)
{
	auto_close int fd = openat(run->proc, "sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : fd_write_all(fd, "0", 1);

	return r < 0 ? err_set(e, r,
			       "cannot set user.max_user_namespaces in the new user namespace")
		     : 0;
}

static int write_offset(int self, clockid_t clock, const struct setup_offset *offset, struct err *e)
{
	auto_free char *line =
		xasprintf("%d %lld %u", clock, (long long)offset->by.sec, offset->by.nsec);
	auto_close int fd = openat(self, "timens_offsets", O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : fd_write_all(fd, line, strlen(line));

	if (r == -ERANGE)
		return err_say(e, r,
			       "the clock cannot be set back to before its start, nor so far");
	return r < 0 ? err_set(e, r, "cannot set an offset of the time namespace") : 0;
}

static int write_offsets(struct setup_run *run, struct err *e)
{
	int r = 0;

	if (run->s->monotonic.set)
		r = write_offset(run->self, CLOCK_MONOTONIC, &run->s->monotonic, e);
	if (r == 0 && run->s->boottime.set)
		r = write_offset(run->self, CLOCK_BOOTTIME, &run->s->boottime, e);
	return r;
}

/* __NEW_UTS_LEN of the kernel. */
#define NAME_BYTES 64

static int set_name(int (*set)(const char *, size_t), const char *what, const char *name,
		    struct err *e)
{
	auto_free char *q = quoted(name);

	int r = set(name, strlen(name)) < 0 ? -errno : 0;

	if (r == 0)
		return 0;
	err_set(e, r, "cannot set the %s to %s", what, q);
	if (strlen(name) > NAME_BYTES)
		err_hint(e, "it has %zu bytes, and there is room for %d", strlen(name), NAME_BYTES);
	return r;
}

static int bring_lo_up(struct setup_run *run, struct err *e)
{
	int r = link_up("lo");

	(void)run;
	if (r == 0)
		return 0;
	err_set(e, r, "cannot bring lo up");
	err_hint(e, "--no-lo leaves it down");
	return r;
}

static int change_directory(struct setup_run *run, struct err *e)
{
	const char *wd = run->s->wd ? run->s->wd : "/";
	auto_free char *q = quoted(wd);

	return chdir(wd) < 0 ? err_set(e, -errno, "cannot change the directory to %s", q) : 0;
}

static int set_hostname(struct setup_run *run, struct err *e)
{
	return set_name(sethostname, "host name", run->s->hostname, e);
}

static int set_domainname(struct setup_run *run, struct err *e)
{
	return set_name(setdomainname, "domain name", run->s->domainname, e);
}

static int tie_to_parent(struct setup_run *run, struct err *e)
{
	if (prctl(PR_SET_PDEATHSIG, run->s->die_with_parent, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot tie this process to its parent");
	if (getppid() != run->parent)
		return err_say(e, -ESRCH, "the parent has died");
	return 0;
}

int setup_step(struct setup_run *run, enum step step, struct err *e)
{
	static int (*const acts[STEP_NSTEPS])(struct setup_run *, struct err *) = {
		[STEP_OUTSIDE] = setup_outside,
		[STEP_CGROUP] = join_cgroup,
		[STEP_HARD_LIMITS] = setup_raise_limits,
		[STEP_OWNER] = become_owner,
		[STEP_KEEPER] = setup_become_keeper,
		[STEP_STAGE] = setup_cross_stage,
		[STEP_UNSHARE] = make_namespaces,
		[STEP_SETGROUPS] = setup_write_setgroups,
		[STEP_MAP_UID] = setup_map_uid,
		[STEP_MAP_GID] = setup_map_gid,
		[STEP_NO_NESTED] = forbid_nested,
		[STEP_OFFSETS] = write_offsets,
		[STEP_PARENT] = tie_to_parent,
		[STEP_PROPAGATION] = setup_propagation,
		[STEP_HOSTNAME] = set_hostname,
		[STEP_DOMAINNAME] = set_domainname,
		[STEP_LO] = bring_lo_up,
		[STEP_SOURCES] = setup_open_sources,
		[STEP_INTERP_FIRST] = setup_register_first,
		[STEP_PIVOT] = setup_pivot,
		[STEP_CHROOT] = setup_change_root,
		[STEP_PROC] = setup_mount_proc,
		[STEP_MQUEUE] = setup_mount_mqueue,
		[STEP_BINFMT] = setup_mount_binfmt,
		[STEP_INTERP] = setup_register_interp,
		[STEP_MOUNTS] = setup_mount_all,
		[STEP_OLD_ROOT] = setup_leave_old_root,
		[STEP_WD] = change_directory,
		[STEP_LIMITS] = setup_set_limits,
	};

	return acts[step](run, e);
}
