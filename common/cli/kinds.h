/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of argument that several applets take: for the kind column of their tables. Each
 * says which type of field it fills. Words stay where they are: fields point into argv.
 */
#pragma once

#include "applet.h"

/* const char *: any text. An option given without its optional value gives "". */
extern const struct arg_kind arg_string;

/* const char *: a path; the same. */
extern const struct arg_kind arg_file;

/* pid_t: 1 to INT_MAX. */
extern const struct arg_kind arg_pid;

/* int: a descriptor's number, 0 to INT_MAX; whether it is open is for its user to see. */
extern const struct arg_kind arg_fd;

/* uint32_t: a decimal number. */
extern const struct arg_kind arg_u32;

/*
 * unsigned: types of namespace as bits 1 << enum ns_type, from a comma-separated list of names
 * ("net", also "network") and letters ("n"), or "all". A repeated option adds to the set.
 */
extern const struct arg_kind arg_types;

/* const char *: the name of a set of bind-ns; whether it can be one is for its user to see. */
extern const struct arg_kind arg_set;

/* struct ref: a set as the option -l has it: its name, 0 for the host, -PID for a process. */
extern const struct arg_kind arg_bound;

/* struct ref: a reference, read but not yet looked up. */
extern const struct arg_kind arg_ref;

/* char **: the command to run and its arguments; only as an operand. */
extern const struct arg_kind arg_command;
