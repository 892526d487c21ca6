/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why setns(2) refused a namespace: the sentence, the owner, the cause and the remedy. */
#pragma once

#include "target.h"

struct refusal {
	enum ns_type type;
	int code;	  /* -errno */
	ino_t own_user;	  /* the user namespace that the caller is in; 0: not known */
	ino_t owner;	  /* the one that owns the namespace, for a user namespace itself */
	bool is_own;	  /* it is the caller's own namespace */
	bool owner_above; /* the owner is above the caller's user namespace, or aside of it */
	bool has_admin;	  /* CAP_SYS_ADMIN, in own_user */
	bool has_chroot;  /* CAP_SYS_CHROOT */
	bool shares_fs;	  /* root and working directory are another process's too */
	unsigned threads; /* of the caller; 0: not known */
	unsigned seccomp; /* 2: a filter */
};

/* Adds to E the causes that fit R, the most certain first, each with its remedy. Pure. */
void refusal_explain(const struct refusal *r, struct err *e);

/*
 * Words the refusal, CODE, of the namespace FD of T, and explains it. Returns CODE.
 */
int join_refused(int proc, enum ns_type type, int fd, const struct target *t, int code,
		 struct err *e);
