/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security labels: what SELinux calls a context, AppArmor a profile. */
#pragma once

#include "target.h"

/* All zeros: none. */
struct label {
	char *text;	  /* as the kernel wants it written */
	const char *file; /* where, below /proc */
};

#define auto_label auto_call(label_done)

/*
 * Reads the label of the process T. Returns 0; -EOPNOTSUPP with a sentence if no security module
 * of this kernel gives labels; or -errno with a sentence.
 */
int label_read(struct label *l, const struct target *t, struct err *e);

/*
 * Makes L the label TEXT, as the security module that is active here writes it. PROC is a
 * descriptor of /proc. Returns 0 or as label_read().
 */
int label_choose(struct label *l, int proc, const char *text, struct err *e);

/*
 * Makes L the label that the calling process has from its next exec on. The file of it is opened
 * here, by PROC, a descriptor of /proc: the kernel lets a process write only to what it has opened
 * itself (proc_pid_attr_write()), so after a fork this is the child's to call. Returns 0 or -errno
 * with a sentence.
 */
int label_take(const struct label *l, int proc, struct err *e);

void label_done(struct label *l);
