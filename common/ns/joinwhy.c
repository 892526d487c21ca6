/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "joinwhy.h"

#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/caps.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long long owner_of(const struct refusal *r)
{
	return (unsigned long long)r->owner;
}

static bool own_user(const struct refusal *r, struct err *e)
{
	if (r->type != NS_USER || !r->is_own)
		return false;
	err_hint(e, "it is the user namespace that the caller is in already");
	return true;
}

static bool pid_not_below(const struct refusal *r, struct err *e)
{
	if (r->type != NS_PID)
		return false;
	err_hint(e, "a pid namespace can be joined only from itself or from one above it");
	return true;
}

static bool threads(const struct refusal *r, struct err *e)
{
	if (r->threads < 2)
		return false;
	err_hint(e, "the caller has %u threads, and only a process with one can join it",
		 r->threads);
	return true;
}

static bool shared_fs(const struct refusal *r, struct err *e)
{
	if (!r->shares_fs || (r->type != NS_USER && r->type != NS_MNT))
		return false;
	err_hint(e, "the caller shares its root and working directory with another process "
		    "(CLONE_FS of clone(2)); start nstool from a process of its own");
	return true;
}

static bool user_not_below(const struct refusal *r, struct err *e)
{
	if (r->type != NS_USER)
		return false;
	if (r->owner_above)
		err_hint(e,
			 "user:[%llu] is not below the caller's user namespace user:[%llu]: "
			 "nobody can go up or aside",
			 owner_of(r), (unsigned long long)r->own_user);
	else
		err_hint(e,
			 "the caller lacks CAP_SYS_ADMIN in user:[%llu]: only who made it, or "
			 "has that capability above it, can join",
			 owner_of(r));
	return true;
}

static bool owner_not_ours(const struct refusal *r, struct err *e)
{
	if (!r->owner_above)
		return false;
	err_hint(e,
		 "it is owned by a user namespace above that of the caller, user:[%llu], where "
		 "the caller has no capabilities: start nstool there",
		 (unsigned long long)r->own_user);
	return true;
}

static bool no_admin(const struct refusal *r, struct err *e)
{
	if (r->has_admin || !r->owner)
		return false;
	if (r->owner == r->own_user)
		err_hint(e,
			 "this needs CAP_SYS_ADMIN in its owner, user:[%llu], which the caller "
			 "lacks: run nstool as root",
			 owner_of(r));
	else
		err_hint(e,
			 "this needs CAP_SYS_ADMIN in its owner, user:[%llu], and in the "
			 "caller's own user namespace: join the owner too (-U), or run nstool as "
			 "root",
			 owner_of(r));
	return true;
}

static bool no_chroot(const struct refusal *r, struct err *e)
{
	if (r->type != NS_MNT || r->has_chroot)
		return false;
	err_hint(e, "a mount namespace needs CAP_SYS_CHROOT as well, which the caller lacks");
	return true;
}

static bool filtered(const struct refusal *r, struct err *e)
{
	if (r->seccomp != 2)
		return false;
	err_hint(e, "a seccomp filter is on the caller ('Seccomp: 2' in /proc/self/status) and may "
		    "refuse setns(2)");
	return true;
}

static bool security_module(const struct refusal *r, struct err *e)
{
	(void)r;
	err_hint(e, "the capabilities are there, so a security module (SELinux, AppArmor …) may "
		    "refuse it: look at the kernel's log");
	return true;
}

/* In order: the first that fits is told, and those after it are not the cause. */
static const struct cause {
	int code;
	bool (*tell)(const struct refusal *r, struct err *e);
} causes[] = {
	{ EINVAL, own_user },	     { EINVAL, pid_not_below }, { EINVAL, threads },
	{ EINVAL, shared_fs },	     { EUSERS, threads },	{ EPERM, user_not_below },
	{ EPERM, owner_not_ours },   { EPERM, no_admin },	{ EPERM, no_chroot },
	{ EPERM, filtered },	     { ENOSYS, filtered },	{ EPERM, security_module },
	{ EACCES, security_module },
};

void refusal_explain(const struct refusal *r, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		if (causes[i].code == -r->code && causes[i].tell(r, e))
			return;
}

static ino_t inode_of(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static unsigned status_number(const char *status, const char *field)
{
	const char *value = proc_field(status, field);
	uint64_t n;

	return value && num_prefix(&value, &n) == 0 ? (unsigned)n : 0;
}

static ino_t own_inode(int proc, const char *link)
{
	struct stat st;

	return fstatat(proc, link, &st, 0) == 0 ? st.st_ino : 0;
}

static void probe(struct refusal *r, int proc, int fd)
{
	auto_close int owner = r->type == NS_USER ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : nsfs_userns(fd);
	auto_close int above = r->type == NS_USER ? nsfs_userns(fd) : -EBADF;
	auto_str struct str status = { 0 };
	struct caps caps = { 0 };

	r->own_user = own_inode(proc, "self/ns/user");
	r->owner = inode_of(owner);
	r->is_own = r->type == NS_USER && r->owner == r->own_user;
	r->owner_above = owner == -EPERM || above == -EPERM;
	r->shares_fs = unshare(CLONE_FS) < 0; /* join_act() has tried it */
	if (caps_get(&caps) == 0) {
		r->has_admin = caps.effective & CAP_BIT(CAP_SYS_ADMIN);
		r->has_chroot = caps.effective & CAP_BIT(CAP_SYS_CHROOT);
	}
	if (proc_read(proc, "self/status", &status) == 0) {
		r->threads = status_number(str_text(&status), "Threads:");
		r->seccomp = status_number(str_text(&status), "Seccomp:");
	}
}

int join_refused(int proc, enum ns_type type, int fd, const struct target *t, int code,
		 struct err *e)
{
	struct refusal r = { .type = type, .code = code };

	if (!e)
		return code;
	probe(&r, proc, fd);
	if (type != NS_USER && r.owner)
		err_set(e, code, "cannot join the %s namespace of %s, owned by user:[%llu]",
			ns_types[type].name, t->label, owner_of(&r));
	else
		err_set(e, code, "cannot join the %s namespace of %s", ns_types[type].name,
			t->label);
	refusal_explain(&r, e);
	return code;
}
