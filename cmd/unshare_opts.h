/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options of unshare-ns and unshare fill, and what they come to mean. */
#pragma once

#include "../common/base/vec.h"
#include "../common/cli/kinds.h"
#include "../common/ns/setup.h"

/* An id given as a number or a name. */
struct id_arg {
	bool set;
	uint32_t id;
};

struct unshare_opts {
	const char *ns[NS_NTYPES]; /* NULL, "" or a file */
	bool all;

	bool fork, forward_signals;
	int kill_child;
	const char *mount_proc, *mount_binfmt, *interp; /* "": the usual place */
	enum propagation propagation;
	const char *root, *wd;

	struct id_arg setuid, setgid;
	struct id_arg map_user, map_group;
	VEC(const char *) map_users, map_groups;
	bool map_root, map_current, map_auto, map_subids;
	struct {
		bool set;
		uint32_t uid, gid;
	} owner;
	enum setgroups setgroups;
	bool keep_caps;

	struct setup_offset monotonic, boottime;
	bool clear_env;
	const char *keep_env;

	/* Not util-linux's. */
	const char *pivot;
	bool no_proc, no_lo, init, no_init;
	VEC(struct setup_mount) mounts; /* the strings of sources are owned */
	const char *hostname, *domainname;
	const char *cgroup;
	VEC(struct setup_limit) limits;
	uint64_t cap_drop;
	bool no_new_privs, die_with_parent, detach;
	struct {
		bool set;
		int fd;
	} ready, info;
	const char *pid_file;
};

/* const char * */
extern const struct arg_kind arg_dir, arg_name, arg_names, arg_program;

extern const struct arg_kind arg_user, arg_group; /* struct id_arg */
extern const struct arg_kind arg_owner;
extern const struct arg_kind arg_map;	 /* adds to a vector of words */
extern const struct arg_kind arg_signal; /* int; SIGKILL without a value */
extern const struct arg_kind arg_propagation, arg_setgroups;
extern const struct arg_kind arg_offset;
extern const struct arg_kind arg_tmpfs, arg_bind; /* add to a vector of mounts */
extern const struct arg_kind arg_limit;		  /* adds to a vector of limits */
extern const struct arg_kind arg_cap;		  /* adds to a set of CAP_BIT()s */
extern const struct arg_kind arg_report;	  /* a descriptor */

/* Releases what OPTS, a struct unshare_opts, owns. */
void unshare_opts_done(void *opts);

/* The environment that options ask for, ended by NULL, to be freed; NULL: the caller's. */
char **unshare_env(const struct unshare_opts *o);

/*
 * Turns options into wishes, as util-linux understands them. SUBIDS is how blocks of subordinate
 * ids are used. Returns 0, or -errno with E set. S borrows from O.
 */
int unshare_wish(const struct unshare_opts *o, const struct setup_facts *f, enum subid_use subids,
		 struct setup *s, struct err *e);
