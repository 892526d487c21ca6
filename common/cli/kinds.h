/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of argument that several applets take: for the kind column of their tables. Each
 * says which type of field it fills. Words stay where they are: fields point into argv.
 */
#pragma once

#include "applet.h"

#include <stdint.h>

/* const char *: any text. An option given without its optional value gives "". */
extern const struct arg_kind arg_string;

/* const char *: a path; the same. */
extern const struct arg_kind arg_file;

/* pid_t: 1 to INT_MAX. */
extern const struct arg_kind arg_pid;

/* int: a descriptor's number, 0 to INT_MAX; whether it is open is for its user to see. */
extern const struct arg_kind arg_fd;

/* VEC(int): descriptors; each option adds one. */
extern const struct arg_kind arg_fds;

/* struct fd_arg: a descriptor where 0 is one too. */
struct fd_arg {
	bool set;
	int fd;
};
extern const struct arg_kind arg_fd_given;

/* uint32_t: a decimal number. */
extern const struct arg_kind arg_u32;

/* The largest user or group id: the number above it, (uid_t)-1, is nobody's. */
#define ID_MAX (UINT32_MAX - 1)

/* A user or a group. */
struct id_arg {
	bool set;
	bool follow;	  /* "follow": that of whom else the applet deals with */
	const char *name; /* not looked up so far; NULL: a number */
	uint32_t id;
};

/* struct id_arg: a number, or a name, which the caller's databases turn into one. */
extern const struct arg_kind arg_user, arg_group;

/* struct id_arg: a number, a name that is left to be looked up elsewhere, or "follow". */
extern const struct arg_kind arg_user_inside, arg_group_inside;

/* uint64_t: capabilities as CAP_BIT()s, from a comma-separated list of names or "all". */
extern const struct arg_kind arg_caps;
/* uint64_t: a length of time, "90", "1.5h", "250ms", in nanoseconds; at least 1. */
extern const struct arg_kind arg_duration;

/*
 * unsigned: types of namespace as bits 1 << enum ns_type, from a comma-separated list of names
 * ("net", also "network") and letters ("n"), or "all". A repeated option adds to the set.
 */
extern const struct arg_kind arg_types;

/* const char *: the name of a set of bind-ns; whether it can be one is for its user to see. */
extern const struct arg_kind arg_set;

/* struct ref: a set as the option -l has it: its name, 0 for the host, -PID for a process. */
extern const struct arg_kind arg_bound;

/* uint64_t: a namespace as lsns(8) takes one, a number. */
extern const struct arg_kind arg_inode;

/* struct ref: a reference, read but not yet looked up. */
extern const struct arg_kind arg_ref;

/* char **: the command to run and its arguments; only as an operand. */
extern const struct arg_kind arg_command;
