/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "why.h"

#include "../base/escape.h"

#include <errno.h>
#include <limits.h>

/* How deep user and pid namespaces can nest (since Linux 3.7 and 3.12). */
#define MAX_LEVELS 32

/* What a cause says of itself: nothing, that it may be the one, that no other needs a look. */
enum verdict { NO, PERHAPS, SURELY };

static bool wants(const struct why *w, enum ns_type type)
{
	return w->types & (1U << type);
}

static enum verdict chroot_caller(const struct why *w, struct err *e)
{
	if (!wants(w, NS_USER) || !w->in_chroot)
		return NO;
	err_hint(
		e,
		"the caller is in a chroot, and in one the kernel makes and joins no user "
		"namespace; change the root with pivot_root(2) instead ('unshare-ns --pivot DIR')");
	return SURELY;
}

static enum verdict unmapped_ids(const struct why *w, struct err *e)
{
	if (!wants(w, NS_USER) || (w->uid_mapped && w->gid_mapped))
		return NO;
	err_hint(e,
		 "the caller's own %s has no mapping in its user namespace, so it cannot own one; "
		 "map it when that namespace is made (-r, -c or --map-users)",
		 w->uid_mapped ? "group id" : "user id");
	return SURELY;
}

static enum verdict userns_clone_off(const struct why *w, struct err *e)
{
	if (!wants(w, NS_USER) || w->has_admin || w->userns_clone != 0)
		return NO;
	err_hint(e, "kernel.unprivileged_userns_clone is 0: only root makes user namespaces here; "
		    "root can allow it with 'sysctl -w kernel.unprivileged_userns_clone=1'");
	return SURELY;
}

static enum verdict apparmor_restricts(const struct why *w, struct err *e)
{
	auto_free char *q = NULL;

	if (w->apparmor <= 0)
		return NO;
	q = quoted(w->label ? w->label : "unconfined");
	err_hint(
		e,
		"kernel.apparmor_restrict_unprivileged_userns is %lld and the caller's AppArmor "
		"profile is %s: give the program a profile that has 'userns,', or let root set the "
		"sysctl to 0",
		(long long)w->apparmor, q);
	return PERHAPS;
}

static enum verdict no_admin(const struct why *w, struct err *e)
{
	if (w->has_admin || (wants(w, NS_USER) && w->call == WHY_UNSHARE))
		return NO;
	if (w->call == WHY_UNSHARE)
		err_hint(e, "this needs CAP_SYS_ADMIN, which the caller lacks: run it as root, or "
			    "add a user namespace (-U, -r or -c)");
	else
		err_hint(e, "this needs CAP_SYS_ADMIN, which the caller lacks: run it as root, or "
			    "in a user namespace that owns what it works on");
	return SURELY;
}

static enum verdict seccomp_filter(const struct why *w, struct err *e)
{
	if (w->seccomp != 2)
		return NO;
	err_hint(e, "a seccomp filter is on the caller ('Seccomp: 2' in /proc/self/status) and may "
		    "refuse the call; container engines have an option for it "
		    "('docker run --security-opt seccomp=…', or '--cap-add SYS_ADMIN')");
	return PERHAPS;
}

static char *limit_name(enum ns_type t)
{
	return xasprintf("user.max_%s_namespaces", ns_types[t].name);
}

static char *limit_place(const struct why *w)
{
	if (!w->user_ns)
		return xstrdup("the caller's user namespace");
	return xasprintf("user:[%llu]", (unsigned long long)w->user_ns);
}

static enum verdict limit_zero(const struct why *w, struct err *e)
{
	auto_free char *place = limit_place(w);
	enum verdict v = NO;

	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		auto_free char *name = limit_name(t);

		if (!wants(w, t) || w->limit[t] != 0)
			continue;
		err_hint(e,
			 "%s is 0 in %s, so it may have none; raise it there: 'sysctl -w %s=1000'",
			 name, place, name);
		v = SURELY;
	}
	return v;
}

static enum verdict pid_depth(const struct why *w, struct err *e)
{
	if (!wants(w, NS_PID) || w->pid_levels <= MAX_LEVELS)
		return NO;
	err_hint(e, "pid namespaces nest at most %d deep, and the caller is at the bottom",
		 MAX_LEVELS);
	return SURELY;
}

/* A namespace made by unshare(2) starts with limits of INT_MAX: only those above it count then. */
static enum verdict limit_reached(const struct why *w, struct err *e)
{
	auto_free char *place = limit_place(w);

	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		auto_free char *name = limit_name(t);

		if (!wants(w, t) || w->limit[t] <= 0 || w->limit[t] >= INT_MAX)
			continue;
		err_hint(e,
			 "%s is %lld in %s, and the caller's user has that many already or a user "
			 "namespace above is stricter; raise it: 'sysctl -w %s=N'",
			 name, (long long)w->limit[t], place, name);
	}
	return PERHAPS;
}

static enum verdict limit_above(const struct why *w, struct err *e)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		if (wants(w, t) && w->limit[t] >= INT_MAX) {
			auto_free char *name = limit_name(t);

			err_hint(e,
				 "%s has no bound here, so a user namespace above this one has "
				 "reached its own",
				 name);
			return PERHAPS;
		}
	return NO;
}

static enum verdict user_depth(const struct why *w, struct err *e)
{
	if (!wants(w, NS_USER))
		return NO;
	err_hint(e, "user namespaces nest at most %d deep, which is refused in the same way",
		 MAX_LEVELS);
	return PERHAPS;
}

static enum verdict kernel_lacks(const struct why *w, struct err *e)
{
	enum verdict v = NO;

	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		if (wants(w, t) && w->lacking & (1U << t)) {
			err_hint(e, "this kernel has no %s namespaces", ns_types[t].name);
			v = SURELY;
		}
	return v;
}

static enum verdict many_threads(const struct why *w, struct err *e)
{
	if (w->threads < 2 || !(wants(w, NS_USER) || wants(w, NS_MNT)))
		return NO;
	err_hint(e,
		 "the caller has %u threads, and only a process with one can change its user "
		 "namespace",
		 w->threads);
	return SURELY;
}

static enum verdict children_elsewhere(const struct why *w, struct err *e)
{
	if (!wants(w, NS_PID) || !w->children_elsewhere)
		return NO;
	err_hint(e, "the caller has a new pid namespace for its children already, as after "
		    "'unshare -p' without --fork, and only such a child can make the next one");
	return SURELY;
}

static enum verdict no_memory(const struct why *w, struct err *e)
{
	(void)w;
	err_hint(e, "the kernel got no memory for them: the machine has too little left, or "
		    "memory.max of the caller's cgroup or of one above allows no more");
	return PERHAPS;
}

static enum verdict init_died(const struct why *w, struct err *e)
{
	(void)w;
	err_hint(e,
		 "the first process of the pid namespace has died, and nothing can be born in it "
		 "any more: make a new one");
	return SURELY;
}

static enum verdict proc_covered(const struct why *w, struct err *e)
{
	auto_free char *q = NULL;

	if (!w->covered)
		return NO;
	q = quoted(w->covered);
	err_hint(e,
		 "\"mount too revealing\": parts of /proc are covered here (%s), and a user "
		 "namespace "
		 "gets no fresh proc that would show them; go without one, keep the old one "
		 "('unshare-ns --bind-proc'), or start the container with its /proc unmasked "
		 "('docker run --security-opt systempaths=unconfined')",
		 q);
	return SURELY;
}

static enum verdict proc_unseen(const struct why *w, struct err *e)
{
	(void)w;
	err_hint(e,
		 "\"mount too revealing\": a user namespace gets a fresh proc only where a whole "
		 "one is mounted already and the pid namespace is its own too (-p)");
	return PERHAPS;
}

static enum verdict groups_first(const struct why *w, struct err *e)
{
	if (w->call != WHY_GID_MAP || w->setgroups_denied)
		return NO;
	err_hint(e, "without privilege a group map can be written only after setgroups was denied "
		    "(--setgroups=deny)");
	return PERHAPS;
}

static enum verdict groups_denied(const struct why *w, struct err *e)
{
	if (w->call != WHY_SETGROUPS || !w->setgroups_denied)
		return NO;
	err_hint(e, "setgroups is denied in this user namespace: its group map was written without "
		    "privilege; make it as root, or with --map-groups and newgidmap");
	return SURELY;
}

static enum verdict groups_unmapped(const struct why *w, struct err *e)
{
	if (w->call != WHY_SETGROUPS || w->gid_mapped)
		return NO;
	err_hint(e, "no group is mapped in this user namespace yet; map some (--map-groups)");
	return SURELY;
}

static enum verdict ids_not_ours(const struct why *w, struct err *e)
{
	(void)w;
	err_hint(e, "every outer id must be mapped in the caller's own user namespace; without "
		    "privilege "
		    "only the caller's id can be mapped, and by newuidmap and newgidmap those that "
		    "/etc/subuid and /etc/subgid give to it; mapping its id 0 needs CAP_SETFCAP");
	return PERHAPS;
}

static enum verdict map_malformed(const struct why *w, struct err *e)
{
	(void)w;
	err_hint(e,
		 "ranges of a map must not overlap or run past 4294967294, and there can be 340 of "
		 "them at most");
	return PERHAPS;
}

#define WHY_MAKE (WHY_UNSHARE | WHY_SETNS)
#define WHY_MAPS (WHY_UID_MAP | WHY_GID_MAP)
#define WHY_ANY	 0xffffU

static const struct cause {
	int code;
	unsigned calls;
	enum verdict (*tell)(const struct why *w, struct err *e);
} causes[] = {
	{ EPERM, WHY_MAKE, chroot_caller },
	{ EPERM, WHY_UNSHARE, unmapped_ids },
	{ EPERM, WHY_UNSHARE, userns_clone_off },
	{ EPERM, WHY_MOUNT_PROC, proc_covered },
	{ EPERM, WHY_MAKE | WHY_MOUNT | WHY_MOUNT_PROC, no_admin },
	{ EPERM, WHY_MOUNT_PROC, proc_unseen },
	{ EPERM, WHY_SETGROUPS, groups_denied },
	{ EPERM, WHY_SETGROUPS, groups_unmapped },
	{ EPERM, WHY_GID_MAP, groups_first },
	{ EPERM, WHY_ANY & ~(unsigned)WHY_SETGROUPS, apparmor_restricts },
	{ EACCES, WHY_ANY, apparmor_restricts },
	{ EPERM, WHY_MAPS, ids_not_ours },
	{ EPERM, WHY_ANY, seccomp_filter },
	{ EACCES, WHY_ANY, seccomp_filter },
	{ ENOSYS, WHY_ANY, seccomp_filter },
	{ ENOSPC, WHY_MAKE, limit_zero },
	{ ENOSPC, WHY_MAKE, pid_depth },
	{ ENOSPC, WHY_MAKE, limit_reached },
	{ ENOSPC, WHY_MAKE, user_depth },
	{ ENOSPC, WHY_MAKE, limit_above },
	{ EUSERS, WHY_MAKE, limit_zero }, /* ENOSPC by its name before Linux 4.9 */
	{ EUSERS, WHY_MAKE, limit_reached },
	{ EUSERS, WHY_MAKE, user_depth },
	{ EINVAL, WHY_MAKE, kernel_lacks },
	{ EINVAL, WHY_MAKE, many_threads },
	{ EINVAL, WHY_UNSHARE, children_elsewhere },
	{ EINVAL, WHY_MAPS, map_malformed },
	{ ENOMEM, WHY_FORK, init_died },
	{ ENOMEM, WHY_UNSHARE, no_memory },
};

void why_explain(const struct why *w, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		if (causes[i].code == -w->code && causes[i].calls & w->call &&
		    causes[i].tell(w, e) == SURELY)
			return;
}
