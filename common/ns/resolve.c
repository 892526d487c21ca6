/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resolve.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/nsfile.h"
#include "../sys/nsfs.h"
#include "../sys/pidfd.h"
#include "../sys/procfs.h"
#include "../sys/sockns.h"
#include "containers.h"
#include "lookup.h"
#include "netns.h"
#include "set_resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Adds FD, which is taken over, as the namespace that it is. */
static int add_namespace(struct target *t, int fd, struct err *e)
{
	int type = ns_type_from_clone(nsfs_type(fd));

	if (type < 0) {
		cleanup_fd(&fd);
		return err_say(e, -EINVAL, "%s is a namespace of an unknown type", t->label);
	}
	t->kind = TARGET_NAMESPACES;
	target_add(t, (enum ns_type)type, fd);
	return 0;
}

/* --- processes */

/* Whether the process held is the one that BIRTH tells of. */
static int check_birth(const struct target *t, uint64_t birth, struct err *e)
{
	struct proc_stat st;
	uint64_t is;
	int r = t->pidfd >= 0 ? pidfd_inode(t->pidfd, &is) : -ENOTSUP;

	if (r < 0) {
		r = proc_stat_read(t->proc, t->pid, &st);
		if (r < 0 || target_check(t, NULL) < 0)
			return err_say(e, -ESRCH, "process %d has ended", t->pid);
		is = st.starttime;
	}
	if (is == birth)
		return 0;
	err_say(e, -ESTALE, "%s is stale: process %d is another one by now", t->label, t->pid);
	err_hint(e, "the process that has the pid now is 'pid:%d:%" PRIu64 "'", t->pid, is);
	return -ESTALE;
}

static int resolve_process(struct resolver *r, const struct ref *ref, struct target *t,
			   struct err *e)
{
	int rc = target_hold(t, r->proc, ref->pid, false, e);

	return rc < 0 || !ref->birth ? rc : check_birth(t, ref->birth, e);
}

static int resolve_thread(struct resolver *r, const struct ref *ref, struct target *t,
			  struct err *e)
{
	return target_hold(t, r->proc, ref->pid, true, e);
}

/* This process, as /proc numbers it. */
static int own_pid(int proc, pid_t *ret, struct err *e)
{
	char text[16];
	ssize_t n = proc_link(proc, "self", text, sizeof(text));

	if (n < 0 || num_pid(text, ret) < 0)
		return err_say(e, -ENOENT,
			       "/proc does not show this process: it is of another pid "
			       "namespace");
	return 0;
}

/*
 * Nobody knows the caller's namespaces better than the process it started: they are inherited,
 * readable, and the caller may be gone. They are opened now, because this process may soon join
 * others. What a process passes to its children only (unshare(CLONE_NEWPID)) arrived as well.
 */
static int resolve_self(struct resolver *r, const struct ref *ref, struct target *t, struct err *e)
{
	pid_t self;
	int rc = own_pid(r->proc, &self, e);

	(void)ref;
	if (rc == 0)
		rc = target_hold(t, r->proc, self, false, e);
	for (int type = 0; rc == 0 && type < NS_NTYPES; type++)
		if (target_ns(t, (enum ns_type)type, NULL) < 0)
			t->types &= ~(1U << type);
	return rc;
}

static int parent_of(int proc, pid_t pid, pid_t *ret, struct err *e)
{
	struct proc_stat st;
	int r = proc_stat_read(proc, pid, &st);

	if (r < 0)
		return err_set(e, r, "cannot tell the parent of process %d", pid);
	if (!st.ppid)
		return err_say(e, -ESRCH, "the parent of process %d is not visible in /proc", pid);
	*ret = st.ppid;
	return 0;
}

static int callers_parent(int proc, pid_t *ret, struct err *e)
{
	pid_t self, caller;
	int r = own_pid(proc, &self, e);

	if (r == 0)
		r = parent_of(proc, self, &caller, e);
	if (r == 0)
		r = parent_of(proc, caller, ret, e);
	return r;
}

/* A child's parent changes when the parent ends: asked twice, the same answer was true throughout. */
static int resolve_parent(struct resolver *r, const struct ref *ref, struct target *t,
			  struct err *e)
{
	pid_t pid, again;
	int rc = callers_parent(r->proc, &pid, e);

	(void)ref;
	if (rc == 0)
		rc = target_hold(t, r->proc, pid, false, e);
	if (rc == 0)
		rc = callers_parent(r->proc, &again, e);
	if (rc == 0 && again != pid)
		return err_say(e, -ESRCH, "the caller's parent, process %d, has ended", pid);
	return rc;
}

/* --- namespaces by number */

static int resolve_host(struct resolver *r, const struct ref *ref, struct target *t, struct err *e)
{
	(void)ref;
	return lookup_host(r, t, e);
}

static int check_type(const struct target *t, const struct ref *ref, struct err *e)
{
	if (ref->type < 0 || t->types & 1U << ref->type)
		return 0;
	return err_say(e, -EINVAL, "%" PRIu64 " is a %s namespace, not a %s namespace", ref->number,
		       ns_types[__builtin_ctz(t->types)].name, ns_types[ref->type].name);
}

static int resolve_number(struct resolver *r, const struct ref *ref, struct target *t,
			  struct err *e)
{
	int fd = lookup_number(r, ref, e);
	int rc = fd < 0 ? fd : add_namespace(t, fd, e);

	return rc < 0 ? rc : check_type(t, ref, e);
}

/* --- what has a name or a descriptor */

static int resolve_set(struct resolver *r, const struct ref *ref, struct target *t, struct err *e)
{
	return set_resolve(r->proc, ref->name, t, e);
}

static int resolve_netns(struct resolver *r, const struct ref *ref, struct target *t, struct err *e)
{
	int fd = netns_open(NETNS_DIR, ref->name, e);

	(void)r;
	return fd < 0 ? fd : add_namespace(t, fd, e);
}

/* A name of `ip netns` given as a path. */
static bool is_netns_path(const char *path)
{
	return str_after(path, NETNS_DIR "/") || str_after(path, "/var" NETNS_DIR "/");
}

static int resolve_file(struct resolver *r, const struct ref *ref, struct target *t, struct err *e)
{
	auto_free char *q = quoted(ref->name);
	int fd = nsfile_open(AT_FDCWD, ref->name);

	(void)r;
	if (fd == -EINVAL) {
		err_say(e, fd, "%s is not a namespace", q);
		if (is_netns_path(ref->name))
			err_hint(e, "no namespace is bound there (any more): 'ip netns delete' "
				    "removes such a name");
		return fd;
	}
	if (fd < 0)
		err_set(e, fd, "cannot open %s", q);
	if (fd == -EACCES && str_after(ref->name, "/proc/"))
		err_hint(e, "whose namespaces are looked at must be one's own process with no "
			    "more capabilities than oneself, else it needs CAP_SYS_PTRACE in its "
			    "user namespace");
	return fd < 0 ? fd : add_namespace(t, fd, e);
}

/* Only these are asked for their network namespace: an ioctl means other things to other devices. */
static bool may_have_netns(const struct stat *st)
{
	const dev_t tun = makedev(10, 200); /* Documentation/admin-guide/devices.txt */

	return S_ISSOCK(st->st_mode) || (S_ISCHR(st->st_mode) && st->st_rdev == tun);
}

static int resolve_socket(int number, struct target *t, struct err *e)
{
	int fd = sockns_of(number);

	if (fd < 0)
		return err_set(e, fd, "cannot open the network namespace of descriptor %d", number);
	return add_namespace(t, fd, e);
}

static int resolve_fd(struct resolver *r, const struct ref *ref, struct target *t, struct err *e)
{
	struct stat st;
	pid_t pid;
	int fd = nsfile_reopen(ref->fd);

	if (fd >= 0)
		return add_namespace(t, fd, e);
	if (fstat(ref->fd, &st) < 0)
		return err_say(e, -errno, "descriptor %d is not open", ref->fd);
	if (may_have_netns(&st))
		return resolve_socket(ref->fd, t, e);
	if (pidfd_pid(r->proc, ref->fd, &pid) == -EINVAL)
		return err_say(e, -EINVAL,
			       "descriptor %d is not a namespace, nor a pidfd or a socket",
			       ref->fd);
	fd = fcntl(ref->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, -errno, "cannot duplicate descriptor %d", ref->fd);
	return target_hold_pidfd(t, r->proc, fd, e);
}

/* Asked again once it is held: the pid may have become another process's in between. */
static int resolve_container(struct resolver *r, const struct ref *ref, struct target *t,
			     struct err *e)
{
	pid_t pid;
	int rc = containers_find(r->proc, ref->name, &pid, e);

	if (rc == 0)
		rc = target_hold(t, r->proc, pid, false, e);
	if (rc == 0 && !containers_has(r->proc, ref->name, pid))
		return err_say(e, -ESRCH, "process %d of %s has ended", pid, t->label);
	return rc == 0 ? target_check(t, e) : rc;
}

static int (*const act[])(struct resolver *r, const struct ref *ref, struct target *t,
			  struct err *e) = {
	[REF_PROCESS] = resolve_process, [REF_THREAD] = resolve_thread,
	[REF_SELF] = resolve_self,	 [REF_PARENT] = resolve_parent,
	[REF_HOST] = resolve_host,	 [REF_INODE] = resolve_number,
	[REF_ID] = resolve_number,	 [REF_SET] = resolve_set,
	[REF_NETNS] = resolve_netns,	 [REF_FILE] = resolve_file,
	[REF_FD] = resolve_fd,		 [REF_CONTAINER] = resolve_container,
};

int resolve_ref(struct resolver *r, const struct ref *ref, struct target *ret, struct err *e)
{
	struct target t = TARGET_NONE;
	struct str label = { 0 };
	int rc;

	escape_terminal(&label, ref->text, strlen(ref->text));
	t.label = str_take(&label);
	rc = act[ref->kind](r, ref, &t, e);
	if (rc < 0) {
		target_done(&t);
		return rc;
	}
	*ret = t;
	return 0;
}

int resolve(struct resolver *r, const char *text, struct target *ret, struct err *e)
{
	struct ref ref;
	int rc = ref_parse(text, &ref, e);

	return rc < 0 ? rc : resolve_ref(r, &ref, ret, e);
}

void resolver_done(struct resolver *r)
{
	graph_done(&r->own);
	r->scanned = 0;
}
