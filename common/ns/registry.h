/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of sets of namespaces: a directory with one directory a set, in it one file a type
 * over which the namespace is bound, and the file "info" (setinfo.h).
 *
 *	/run/nstool/ns/web/net
 *	/run/nstool/ns/web/uts
 *	/run/nstool/ns/web/info
 *	/run/nstool/lock
 *
 * Root's is in /run, anybody else's in $XDG_RUNTIME_DIR. Where nothing may be mounted the
 * directory of a set has only "info", and a process holds the namespaces (holder.h).
 *
 * A set is made under a name that none can have (".new.0"), renamed when it is whole, and renamed
 * again (".old.0") before it is taken apart: whoever looks sees all of it or nothing. Who makes or
 * removes has the lock, so that what he finds under such names is what a dead one left.
 */
#pragma once

#include "../base/err.h"
#include "../base/vec.h"

#include <stdbool.h>
#include <sys/types.h>

#define REGISTRY_ROOT "/run/nstool"
#define SET_NAME_MAX  64

struct registry {
	char *path;   /* of the directory with the sets, escaped: "/run/nstool/ns" */
	int proc;     /* a descriptor of /proc, borrowed */
	int base;     /* the directory above; -EBADF: there is none yet */
	int dir;      /* the directory with the sets; -EBADF: there is none yet */
	int lock;     /* -EBADF: it is not ours */
	bool of_root; /* it is the one in /run … */
	bool mounts;  /* … and namespaces can be bound there; known when it is locked */
};

#define REGISTRY_NONE                                                                              \
	{                                                                                          \
		.proc = -EBADF, .base = -EBADF, .dir = -EBADF, .lock = -EBADF,                     \
	}

#define auto_registry auto_call(registry_close)

/* Names of sets, sorted. */
struct set_names {
	VEC(char *) names;
};

#define auto_set_names auto_call(set_names_done)

/*
 * Whether NAME can be a set's: a letter, a digit or '_', then at most 63 of these and of ".+-"; not
 * "0", which is the host. Returns 0, or -EINVAL with a sentence.
 */
int set_name_check(const char *name, struct err *e);

/*
 * Opens the registry of the caller for reading; that there is none yet is fine. Returns 0, or with
 * a sentence -EPERM if it is not to be trusted: another's, open to others, a symbolic link; -ENOENT
 * if the caller has no place for one.
 */
int registry_open(struct registry *r, int proc, struct err *e);

/*
 * The same to make, change or remove sets: makes the registry where it is missing, locks it, and
 * removes what interrupted commands left. Where the caller may, it is a mount point, and private,
 * which holders of mount namespaces need.
 */
int registry_lock(struct registry *r, int proc, struct err *e);

/* The names of all sets. Returns 0 or -errno, with a sentence. */
int registry_names(const struct registry *r, struct set_names *ret, struct err *e);

/*
 * The name of the set whose directory is open as SET, below the directory open as SETS; to be
 * freed. NULL: it has none (any more).
 */
char *registry_name_of(int sets, int set);

void set_names_done(struct set_names *names);

void registry_close(struct registry *r);
