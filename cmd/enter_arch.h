/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which processor uname(2) tells the command: personality(2). Programs for 32 bits that ask are
 * lost on a kernel of 64.
 */
#pragma once

#include "../common/cli/applet.h"
#include "../common/ns/target.h"

struct arch_arg {
	bool set;
	bool follow; /* the target's */
	bool is32;
};

/* struct arch_arg: a processor's name, one for any, or "follow". */
extern const struct arg_kind arg_arch;

struct enter_opts;

/* Makes RET what O wants, without "follow" any more. Returns 0 or -errno with E set. */
int enter_arch_read(struct arch_arg *ret, const struct enter_opts *o, const struct target *t,
		    struct err *e);

/* Takes A on, also for what this process executes. Returns 0 or -errno with E set. */
int enter_arch_take(const struct arch_arg *a, struct err *e);
