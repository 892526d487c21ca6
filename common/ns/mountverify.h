/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The proof that a mount is private to its user namespace: what the tables of all mount namespaces
 * say, and what comes of trying to use it from outside (mountprobe.h).
 *
 * Nobody can keep an ancestor out that has CAP_SYS_ADMIN, as root of the host has: that it gets in
 * is a limit of the thing, not a leak. A user namespace inside is another one: that it gets in is
 * a leak.
 */
#pragma once

#include "mountscene.h"
#include "mountties.h"

enum verdict {
	VERDICT_REFUSED,
	VERDICT_LIMIT,
	VERDICT_LEAK,
	VERDICT_UNTRIED, /* it proves nothing */
};

/* What OUTCOME means where ACTOR had it. */
enum verdict mountverify_verdict(enum actor actor, enum outcome outcome);

/* Tries of one actor in one way. */
struct mountcheck {
	enum actor actor;
	enum way way;
	char *path; /* WAY_PATH: which; NULL: several, or another way */
	uint32_t
		mntns; /* WAY_PATH: in which mount namespace; GRAPH_NONE: several, or another way */
	size_t ntries; /* those that came out alike */
	struct mounttry result;
};

enum leak_kind {
	LEAK_OWN,    /* it is the caller's own user namespace that has it: nothing outside to try */
	LEAK_PEER,   /* a peer or slave of it in a mount namespace of another user namespace */
	LEAK_SAME,   /* the same mount there */
	LEAK_SOURCE, /* the same files there, which a try could use */
	LEAK_SHARED, /* a mount above the place is shared with such a mount namespace */
	LEAK_STRANGER, /* a process of another user namespace is in its mount namespace */
	LEAK_OPEN,     /* a process of another user namespace has something of it open */
	LEAK_NESTED,   /* a user namespace inside can use it */
	LEAK_WAY,      /* another try got in */
	LEAK_NKINDS,
};

struct mountleak {
	enum leak_kind kind;
	size_t count;	  /* how many of the kind there are; this is the first */
	char *path;	  /* where; NULL: LEAK_NESTED … */
	uint32_t mntns;	  /* in which mount namespace; GRAPH_NONE: not said */
	pid_t pid;	  /* LEAK_STRANGER: which */
	enum actor actor; /* LEAK_WAY: who, how */
	enum way way;
};

struct mountproof {
	VEC(struct mountcheck) checks;
	VEC(struct mountleak) leaks; /* at most one of a kind, but for LEAK_WAY */
	bool incomplete;	     /* a try that counts could not be made */
};

#define auto_proof auto_call(mountproof_done)

/*
 * Examines mount INDEX, which no other mount hides (mounts_at()). Returns 0, or -errno with a sentence if it cannot even be looked at.
 * RET is empty before.
 */
int mountverify(const struct mountview *v, size_t index, struct mountproof *ret, struct err *e);

void mountproof_done(struct mountproof *p);
