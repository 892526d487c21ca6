/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel tells of all its tasks and of their descriptors through BPF iterators, in
 * a few reads of fixed records: no path is looked up, no descriptor opened, nobody's permission
 * asked. Only discover_bpf.c includes this.
 */
#pragma once

#include "nstype.h"

#include <stdint.h>

/* A namespace as a task's pointer shows it; 0 where there is none. */
struct iterate_ns {
	uint32_t ino;
	uint32_t owner;	  /* inode of the owner, of a user namespace that of its parent */
	uint32_t parent;  /* pid namespaces: inode of the one above */
	uint32_t creator; /* user namespaces */
	uint64_t id;	  /* 0: this kernel has none */
};

/* Behind the namespaces that a task is in: those that its children will be in. */
enum { ITERATE_PENDING_PID = NS_NTYPES, ITERATE_PENDING_TIME, ITERATE_NSLOTS };

/* A task. Threads in the same namespaces as their process are left out. */
struct iterate_task {
	uint32_t pid, tgid;
	uint32_t nthreads;
	uint32_t uid;	  /* effective */
	uint64_t cgroups; /* the same number: the same cgroups */
	uint32_t torn;	  /* its namespaces changed while they were read: ask /proc */
	uint32_t unused;
	struct iterate_ns ns[ITERATE_NSLOTS];
};

/* A descriptor of a namespace. Threads that share their process's descriptors are left out. */
struct iterate_fd {
	uint32_t tgid, pid;
	uint32_t fd, ino;
	uint32_t type; /* a CLONE_NEW… flag */
	uint32_t unused;
};

struct records {
	struct iterate_task *tasks; /* by process, its leader first */
	size_t ntasks;
	struct iterate_fd *fds; /* in the same order, then by number: iterate_fds() */
	size_t nfds;
	struct reader *reader; /* of descriptors; NULL: none is at work */
};

/*
 * Asks for all tasks and, if wanted, for their descriptors, which are read at the same time and
 * beyond this call: they take as long again as all else. Pids are those of the initial pid namespace.
 * Returns 0, or -errno where the kernel has no BPF or other structures than we know, or refuses.
 * RET is empty before, and to be released in any case.
 */
int iterate(bool want_fds, struct records *ret);

/* Waits for the descriptors. Returns 0 or -errno; afterwards this process has one thread again. */
int iterate_fds(struct records *r);

/* The leader of process PID, or NULL. */
const struct iterate_task *records_find(const struct records *r, pid_t pid);

void records_done(struct records *r);
