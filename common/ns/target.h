/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reference led to, held so that it cannot become anything else: a process by its pidfd,
 * namespaces by their descriptors. resolve.h makes targets.
 */
#pragma once

#include "../base/err.h"
#include "../base/str.h"
#include "nstype.h"

#include <stdbool.h>
#include <stdint.h>

enum target_kind {
	TARGET_PROCESS,	   /* a process or a thread; its namespaces are opened when asked for */
	TARGET_NAMESPACES, /* one to eight namespaces, no process */
};

struct target {
	enum target_kind kind;
	char *label; /* the reference as given, escaped: how messages name the target */

	pid_t pid; /* TARGET_PROCESS: the process, as /proc numbers it; else 0 */
	pid_t tid; /* the thread, if one was named that is not the leader; else 0 */
	int pidfd; /* of the process or thread; -EBADF where the kernel or a filter refuses one */
	int dir;   /* /proc/PID or /proc/PID/task/TID where that holds it instead, else -EBADF */
	int proc;  /* the resolver's descriptor of /proc, borrowed */

	unsigned types;	   /* bits 1 << type: which namespaces it names */
	int ns[NS_NTYPES]; /* those opened so far, O_CLOEXEC; -EBADF: not yet, or none */
};

#define TARGET_NONE                                                                                \
	{                                                                                          \
		.pidfd = -EBADF, .dir = -EBADF, .proc = -EBADF,                                    \
		.ns = { -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF },          \
	}

#define auto_target auto_call(target_done)

/*
 * Makes T (TARGET_NONE, but for its label) the process PID, or thread PID if IS_THREAD, as PROC,
 * a descriptor of /proc, numbers them. Returns 0, -ESRCH if there is none, -EINVAL if PID is a
 * thread and IS_THREAD is false, or what the kernel answered; with a sentence.
 */
int target_hold(struct target *t, int proc, pid_t pid, bool is_thread, struct err *e);

/*
 * Makes T the process or thread that PIDFD, which T takes over, holds. Returns 0, or with a
 * sentence -ESRCH if it has ended, -ENXIO if PROC does not show it, -EINVAL if it is no pidfd.
 */
int target_hold_pidfd(struct target *t, int proc, int pidfd, struct err *e);

/* Adds a namespace to T, which takes FD over. */
void target_add(struct target *t, enum ns_type type, int fd);

/*
 * The target's namespace of TYPE, opened at the first call: a descriptor that stays the target's.
 * Returns -ENOENT if the target names none of that type (or this kernel has none), -ESRCH if the
 * process has ended, -EACCES or -EPERM if it may not be looked at; each with a sentence. It is
 * never a namespace of a later process with the same pid.
 */
int target_ns(struct target *t, enum ns_type type, struct err *e);

/* Adds to E, which has R from target_ns(), what it takes to look at T if that is why. Returns R. */
int target_refused(const struct target *t, int r, struct err *e);

/*
 * Returns 0 while a TARGET_PROCESS lives (zombies do not), -ESRCH with a sentence once it has
 * ended. What was read below /proc/PID before a 0 was read from this process and no other.
 * 0 for namespaces.
 */
int target_check(const struct target *t, struct err *e);

/*
 * Reads the file NAME of the process's directory in /proc whole into RET. Returns 0; -EINVAL if T
 * is no process that /proc shows, -ESRCH if it has ended, or -errno; each with a sentence. What is
 * read is never of a later process with the same pid.
 */
int target_read(const struct target *t, const char *name, struct str *ret, struct err *e);

/* Closes what the target holds. TARGET_NONE is fine. */
void target_done(struct target *t);
