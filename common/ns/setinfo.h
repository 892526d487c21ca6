/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is written down of a set of namespaces beside the namespaces themselves: the text of its
 * file "info" in the registry (registry.h). Pure: text in, struct out, and back.
 */
#pragma once

#include "../base/str.h"
#include "nstype.h"

#include <stdint.h>

/* A process that belongs to a set. pid 0: there is none. */
struct setproc {
	pid_t pid;
	uint64_t birth; /* the inode of its pidfd, or its start time; procbirth.h */
};

struct setinfo {
	uint64_t created; /* seconds since 1970 */
	uid_t uid;	  /* whose login made it */
	ino_t place;	  /* the mount namespace in which it was bound; 0: not known */
	uint64_t place_id;
	ino_t pids; /* the pid namespace by whose numbers its processes go; 0: not known */
	uint64_t pids_id;
	char *boot; /* the start of the machine in which it was made; NULL: not known */
	struct {
		ino_t ino; /* 0: the set has none of this type */
		uint64_t id;
	} ns[NS_NTYPES];
	struct setproc holder; /* keeps the namespaces open where nothing is mounted */
	struct setproc init;   /* the first process of its pid namespace, if it is ours */
	char *netns;	       /* the name in /run/netns that was made for it; or NULL */
};

#define auto_setinfo auto_call(setinfo_done)

/* The types that INFO tells of, as bits. */
unsigned setinfo_types(const struct setinfo *info);

/* Whether namespace INO of TYPE is one of INFO; ids decide where both are known, not 0. */
bool setinfo_has(const struct setinfo *info, enum ns_type type, ino_t ino, uint64_t id);

/* Adds the text of INFO, which setinfo_parse() reads, to RET. */
void setinfo_write(const struct setinfo *info, struct str *ret);

/* Reads TEXT. Returns 0, or -EBADMSG if it is not what setinfo_write() writes. */
int setinfo_parse(const char *text, struct setinfo *ret);

void setinfo_done(struct setinfo *info);
