/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options of unshare-ns and unshare fill, and what they come to mean. */
#pragma once

#include "../common/base/vec.h"
#include "../common/cli/kinds.h"
#include "../common/ns/setup.h"

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
	VEC(const char *) keep_env; /* lists of names */

	/* Not util-linux's. */
	const char *pivot;
	bool no_proc, bind_proc, no_lo, init, no_init;
	VEC(struct setup_mount) mounts; /* the strings of sources are owned */
	VEC(const char *) links;	/* network interfaces */
	const char *hostname, *domainname;
	const char *cgroup;
	VEC(struct setup_limit) limits;
	uint64_t cap_drop;
	bool no_new_privs, die_with_parent, detach;
	struct fd_arg ready, info;
	const char *pid_file;
	const char *name; /* of the set that they become */
};

/* const char * */
extern const struct arg_kind arg_dir, arg_name;

extern const struct arg_kind arg_owner;
extern const struct arg_kind arg_map;	 /* adds to a vector of words */
extern const struct arg_kind arg_signal; /* int; SIGKILL without a value */
extern const struct arg_kind arg_propagation, arg_setgroups;
extern const struct arg_kind arg_offset;
extern const struct arg_kind arg_tmpfs, arg_bind; /* add to a vector of mounts */
extern const struct arg_kind arg_link, arg_names; /* add to a vector of words */
extern const struct arg_kind arg_limit;		  /* adds to a vector of limits */

/* Options that say which ids the user namespace has, for tables whose struct begins with O. */
#define MAP_OPTIONS(O)                                                                             \
	VALUE(0, "map-user", &arg_user, O, map_user, "map the caller's user id to this one"),      \
		VALUE(0, "map-group", &arg_group, O, map_group,                                    \
		      "map the caller's group id to this one"),                                    \
		FLAG('r', "map-root-user", O, map_root, "map the caller to root"),                 \
		FLAG('c', "map-current-user", O, map_current, "map the caller to itself"),         \
		VALUE(0, "map-users", &arg_map, O, map_users,                                      \
		      "map these user ids, or auto, subids, all; repeatable"),                     \
		VALUE(0, "map-groups", &arg_map, O, map_groups, "the same for group ids"),         \
		FLAG(0, "map-auto", O, map_auto, "map the subordinate ids from 0 on"),             \
		FLAG(0, "map-subids", O, map_subids, "map the subordinate ids to themselves")

/* Options that say what the namespaces shall be like, for tables whose struct begins with O. */
#define SETUP_OPTIONS(O)                                                                           \
	MAYBE(0, "mount-proc", &arg_dir, O, mount_proc, "mount a fresh proc on DIR (/proc)"),      \
		MAYBE(0, "mount-binfmt", &arg_dir, O, mount_binfmt,                                \
		      "mount a fresh binfmt_misc, in a user namespace"),                           \
		VALUE(0, "propagation", &arg_propagation, O, propagation,                          \
		      "of mounts: private, slave, shared or unchanged"),                           \
		MAP_OPTIONS(O),                                                                    \
		VALUE(0, "owner", &arg_owner, O, owner, "who owns the user namespace"),            \
		VALUE(0, "setgroups", &arg_setgroups, O, setgroups,                                \
		      "allow or deny setgroups(2) in the user namespace"),                         \
		VALUE(0, "monotonic", &arg_offset, O, monotonic, "offset of the monotonic clock"), \
		VALUE(0, "boottime", &arg_offset, O, boottime, "offset of the boot time clock")

/* The same, of those that util-linux does not have. */
#define OWN_SETUP_OPTIONS(O)                                                                       \
	FLAG(0, "no-proc", O, no_proc, "no fresh /proc with -p and -m"),                           \
		FLAG(0, "bind-proc", O, bind_proc,                                                 \
		     "the caller's /proc if a fresh one is refused"),                              \
		FLAG(0, "no-lo", O, no_lo, "leave lo down"),                                       \
		VALUE(0, "move-link", &arg_link, O, links,                                         \
		      "move this network interface in; implies -n; repeatable"),                   \
		VALUE(0, "hostname", &arg_name, O, hostname, "set the host name; implies -u"),     \
		VALUE(0, "domainname", &arg_name, O, domainname,                                   \
		      "set the NIS domain name; implies -u"),                                      \
		VALUE(0, "tmpfs", &arg_tmpfs, O, mounts,                                           \
		      "mount a tmpfs there; implies -m; repeatable"),                              \
		VALUE(0, "bind", &arg_bind, O, mounts,                                             \
		      "bind SRC over DST; implies -m; repeatable"),                                \
		VALUE(0, "pivot", &arg_dir, O, pivot,                                              \
		      "a root directory by pivot_root(2); implies -m")

/* Releases what OPTS, a struct unshare_opts, owns. */
void unshare_opts_done(void *opts);

/* The environment that options ask for, ended by NULL, to be freed; NULL: the caller's. */
char **unshare_env(const struct unshare_opts *o);

/*
 * Fills the maps of S from options; if they say nothing, with all ids that the caller has, each
 * mapped to itself. Returns 0, or -errno with E set.
 */
int unshare_wish_maps(const struct unshare_opts *o, const struct setup_facts *f, struct setup *s,
		      struct err *e);

/*
 * Turns options into wishes, as util-linux understands them. SUBIDS is how blocks of subordinate
 * ids are used. Returns 0, or -errno with E set. S borrows from O.
 */
int unshare_wish(const struct unshare_opts *o, const struct setup_facts *f, enum subid_use subids,
		 struct setup *s, struct err *e);

/*
 * The same with the wishes that util-linux does not know, for nstool's own names. --all stands for
 * all types that this kernel has.
 */
int unshare_wish_own(const struct unshare_opts *o, const struct setup_facts *f, struct setup *s,
		     struct err *e);
