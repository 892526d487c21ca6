/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the names `enter` and `nsenter` share: the options as a struct, and what is done with them. */
#pragma once

#include "../common/base/vec.h"
#include "../common/cli/kinds.h"
#include "enter_arch.h"
#include "enter_kinds.h"
#include "enter_turns.h"

struct enter_opts {
	struct ref target;	      /* .text is NULL: none */
	struct enter_targets targets; /* for enter_turns(), which makes them the target in turn */
	bool tied;		      /* the command dies when the process that started us does */
	bool all;
	struct enter_sources sources;
	unsigned except;	  /* bits 1 << type */
	struct fd_arg net_socket; /* of the target */
	bool user_parent;

	struct id_arg uid, gid;
	bool preserve_credentials, keep_caps, no_new_privs;
	uint64_t cap_drop; /* bits */

	const char *root, *wd; /* NULL: not given; "": the target's own */
	const char *wdns;
	bool any_wd; /* it may lie outside of the root, and stays there if only the root changes */
	bool clear_env;
	const char *env; /* NULL: not given; "": all; "A,B": these */

	VEC(const char *) set_env; /* "NAME=VALUE", or "NAME": the caller's */
	bool env_all;		   /* nsenter's way to say env == "" */
	bool join_cgroup, follow_context;
	const char *context; /* a label instead of the target's, or NULL */
	struct arch_arg arch;

	enum enter_like like;

	bool compat; /* as nsenter does: nothing that was not asked for */
	bool no_fork, detach, pty, no_pty, no_etc, host_tools, mount_proc, mount_sys;
	const char *pty_log; /* or NULL */
	VEC(int) keep_fds;
};

/* For opts_done of struct applet. */
void enter_opts_done(void *opts);

/* Runs ARGV, ended by NULL, as O says. Returns what run() of struct applet returns. */
int enter_run(const struct enter_opts *o, char **argv, struct err *e);
