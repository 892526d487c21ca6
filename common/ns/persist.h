/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run leaves in the file system: namespaces bound over files, so that they outlive their
 * processes (namespaces(7)), and the file with the command's pid. And the interfaces it takes away.
 */
#pragma once

#include "../base/err.h"
#include "links.h"
#include "setup.h"

#include <sys/types.h>

/* What a process outside does; its own copy keeps the account. */
struct persist {
	int proc;		  /* /proc */
	int self;		  /* the /proc/PID directory of the process in the new namespaces */
	const char *const *files; /* by enum ns_type; NULL: not this one */
	const char *pid_file;	  /* or NULL */
	bool create;		  /* a file that is missing */
	const struct setup_keep *keep; /* or NULL; besides the files */
	unsigned types;		       /* those for it, as bits */
	unsigned bound, created;       /* by type, as bits */
	struct {
		dev_t dev;
		ino_t ino;
	} ids[NS_NTYPES]; /* of those bound */
	bool told;	  /* pid_file is written */
	bool kept;
	struct links links;
};

/*
 * Does all of it or nothing. DATA is a struct persist, PID the command's. Returns 0, or -errno
 * with E set.
 */
int persist_make(void *data, int pid, struct err *e);

/* What comes after persist_make(), one of the two: it is undone, or it lasts. */
void persist_undo(void *data);
void persist_last(void *data);
