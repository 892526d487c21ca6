/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries to use a mount as somebody who should not be able to. Each try is made in a process of its
 * own (probe.h), which changes nothing: what it mounts is in a mount namespace that goes with it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum actor {
	ACTOR_USER,    /* a user of the host that the user namespace knows nothing of */
	ACTOR_SIBLING, /* root of a user namespace beside, which has one such user */
	ACTOR_TWIN,    /* root of a user namespace beside, which maps the same ids */
	ACTOR_OTHER,   /* root of the user namespace that a place belongs to */
	ACTOR_NESTED,  /* root of the user namespace, gone on into one inside */
	ACTOR_ROOT,    /* the caller as it is: an ancestor */
	ACTOR_NKINDS,
};

enum way {
	WAY_PATH,      /* opens a path */
	WAY_PROC_ROOT, /* opens it below /proc/PID/root */
	WAY_BIND,      /* binds it elsewhere: mount(2) */
	WAY_OPEN_TREE, /* takes a copy: open_tree(2), Linux 5.2 */
	WAY_SETNS,     /* joins the mount namespace, whose descriptor it is even given */
	WAY_LISTMOUNT, /* reads the mount table: listmount(2), Linux 6.11 */
	WAY_NKINDS,
};

/* A path, where it leads, and what it would lead to if it led to the mount. */
struct mountplace {
	int userns, mntns; /* that of a mount namespace not the caller's; -EBADF: the caller's */
	char *path;	   /* as seen there */
	char *inside;	   /* the same file or directory in the private mount, as seen inside */
	dev_t dev; /* of that, and its inode number and type: set by mountprobe_identify() */
	ino_t ino;
	mode_t mode;
};

/* Whom and what the tries are about. Descriptors are the caller's. */
struct mountscene {
	int proc;	      /* /proc */
	int userns, mntns;    /* those of the mount */
	uint64_t mntns_id;    /* 64-bit; 0: this kernel has none */
	struct mountplace at; /* the mount itself; at.path is what "inside" calls it */
	pid_t pid;	      /* a process in its mount namespace, as /proc numbers it; 0: none */
	uid_t stranger;	      /* an id that the user namespace does not map; also as a gid */
	char *uid_map, *gid_map; /* those of the user namespace, for the twin; NULL: no such try */
};

#define MOUNTSCENE_NONE                                                                            \
	{                                                                                          \
		.proc = -EBADF, .userns = -EBADF, .mntns = -EBADF,                                 \
		.at = { .userns = -EBADF, .mntns = -EBADF },                                       \
	}

enum outcome {
	OUTCOME_UNTRIED, /* the actor could not be played, for error's reason */
	OUTCOME_REFUSED, /* error says how */
	OUTCOME_ELSE,	 /* the path leads to something else */
	OUTCOME_IN,	 /* it was used */
};

struct mounttry {
	enum outcome outcome;
	int error; /* an errno, 0: none */
};

/*
 * Finds out what N PLACES are inside: their dev, ino (which may be 0) and mode, which is 0 of what is
 * not there. Returns 0 or -errno: what kept from looking at the first; -EPERM: the caller may not
 * join the namespaces.
 */
int mountprobe_identify(const struct mountscene *s, struct mountplace *places, size_t n);

/* PLACE counts only for WAY_PATH. */
struct mounttry mountprobe_try(const struct mountscene *s, enum actor actor, enum way way,
			       const struct mountplace *place);
