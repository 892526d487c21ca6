/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why the kernel refused a namespace: from a bare errno to the cause and the remedy.
 *
 *	r = sys_unshare(flags);
 *	if (r < 0) {
 *		err_set(e, r, "cannot make new namespaces");
 *		why_hint(e, proc, WHY_UNSHARE, types);
 *	}
 *
 * why_probe() collects facts, after the refusal; why_explain() is pure and turns them into hints.
 */
#pragma once

#include "../base/err.h"
#include "nstype.h"

#include <stdint.h>

/* What was refused, as bits. */
enum why_call {
	WHY_UNSHARE = 1 << 0,	 /* unshare(2), clone3(2) with namespaces */
	WHY_SETNS = 1 << 1,	 /* setns(2) */
	WHY_FORK = 1 << 2,	 /* a fork into a pid namespace */
	WHY_UID_MAP = 1 << 3,	 /* a write to /proc/PID/uid_map */
	WHY_GID_MAP = 1 << 4,	 /* a write to /proc/PID/gid_map */
	WHY_SETGROUPS = 1 << 5,	 /* setgroups(2), or a write to /proc/PID/setgroups */
	WHY_MOUNT_PROC = 1 << 6, /* a new instance of proc */
	WHY_MOUNT = 1 << 7,	 /* any other mount */
};

struct why {
	enum why_call call;
	int code;	/* the -errno of the refusal */
	unsigned types; /* the types asked for, as bits 1 << enum ns_type */

	bool has_admin;	 /* CAP_SYS_ADMIN is effective */
	bool in_chroot;	 /* the root directory is not that of its mount namespace */
	bool uid_mapped; /* the effective ids have a place in the caller's user namespace */
	bool gid_mapped;
	bool setgroups_denied; /* /proc/self/setgroups says "deny" */
	unsigned threads;      /* of the caller; 0: not known */
	unsigned seccomp;      /* "Seccomp:" of /proc/self/status: 2 is a filter */
	int64_t userns_clone;  /* kernel.unprivileged_userns_clone; -1: there is none */
	int64_t apparmor;      /* kernel.apparmor_restrict_unprivileged_userns; -1: there is none */
	char *label;	       /* the caller's security label, or NULL */
	unsigned lacking;      /* types this kernel lacks */
	int64_t limit[NS_NTYPES]; /* user.max_…_namespaces; -1: not known */
	ino_t user_ns;		  /* the caller's user namespace, where these limits stand; or 0 */
	unsigned pid_levels;	  /* how deep in pid namespaces, counted from that of PROC */
	bool children_elsewhere;  /* its next child is born in another pid namespace than its own */
	char *covered;		  /* what is mounted over parts of /proc, or NULL */
};

#define auto_why auto_call(why_done)

/* Fills the facts of W from PROC, a descriptor of /proc. What cannot be read stays unknown. */
void why_probe(struct why *w, int proc);

/* Adds to E the causes that fit W, the most certain first, each with its remedy. Pure. */
void why_explain(const struct why *w, struct err *e);

/* Probes and explains the failure that is in E, if there is one. */
void why_hint(struct err *e, int proc, enum why_call call, unsigned types);

void why_done(struct why *w);
