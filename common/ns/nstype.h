/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The eight types of namespace, in the order in which nstool always shows them. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

enum ns_type { NS_MNT, NS_UTS, NS_IPC, NS_NET, NS_PID, NS_USER, NS_CGROUP, NS_TIME, NS_NTYPES };

#define NS_ALL ((1U << NS_NTYPES) - 1)

struct ns_type_info {
	const char *name;	  /* as in /proc/PID/ns and before the colon of "net:[…]" */
	const char *for_children; /* "pid_for_children", or NULL */
	char letter;		  /* the option letter of unshare(1) and nsenter(1) */
	int clone;		  /* CLONE_NEW… */
	ino_t initial;		  /* inode of the initial namespace, 0 where kernels differ */
};

/* Indexed by enum ns_type. */
extern const struct ns_type_info ns_types[NS_NTYPES];

/* The type called NAME ("mnt"; also "mount", "network", "hostname"…), or -EINVAL. */
int ns_type_from_name(const char *name);

/* The type of one CLONE_NEW… flag, or -EINVAL. */
int ns_type_from_clone(int flag);

/*
 * Reads the text of a /proc/PID/ns link, "net:[4026531840]" with nothing behind it.
 * Returns false if it is anything else.
 */
bool ns_link_parse(const char *text, enum ns_type *type, ino_t *ino);
