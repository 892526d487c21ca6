/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reference (REF) says, before anything is looked up: text in, struct out. Pure, so that
 * it can be fuzzed. resolve.h finds what it names.
 *
 *	1234  pid:1234  pid:1234:BIRTH  tid:1235  self  parent  host
 *	net:[4026532178]  net:4026532178  4026532178  id:4101
 *	@NAME  netns:NAME  fd:5  container:ID  any/path
 */
#pragma once

#include "../base/err.h"
#include "nstype.h"

#include <stdint.h>

enum ref_kind {
	REF_PROCESS,   /* pid, perhaps birth */
	REF_THREAD,    /* pid holds the thread's id */
	REF_SELF,      /* the namespaces of who called nstool: those it was started in */
	REF_PARENT,    /* the parent of the process that called nstool */
	REF_HOST,      /* the initial namespaces */
	REF_INODE,     /* number, perhaps type */
	REF_ID,	       /* number: the 64-bit id of NS_GET_ID */
	REF_SET,       /* name: of a set of bind-ns */
	REF_NETNS,     /* name: of `ip netns` */
	REF_FILE,      /* name: a path; it contains a slash */
	REF_FD,	       /* fd */
	REF_CONTAINER, /* name: a container's id or the beginning of it, a pod's uid, a unit's name */
};

struct ref {
	enum ref_kind kind;
	const char *text; /* the whole reference; it must outlive this struct */
	const char *name; /* a part of text */
	uint64_t number;
	uint64_t birth; /* the process's pidfd inode or start time; 0: not given */
	pid_t pid;
	int fd;
	int type; /* enum ns_type, or -1: not given */
};

/*
 * Reads TEXT. A bare number that can be a pid (at most INT_MAX) is one, a larger one is an inode:
 * inodes of namespaces begin near 0xf0000000. A word before the first ':' decides before a slash
 * does. Returns 0, or -EINVAL with a sentence that names the nearest form.
 */
int ref_parse(const char *text, struct ref *ret, struct err *e);

/*
 * Reads TEXT as bind_ns() of 2006 took its id: the name of a set, 0 for the host, -PID for a
 * process. Returns 0, or -EINVAL with a sentence.
 */
int ref_parse_bound(const char *text, struct ref *ret, struct err *e);
