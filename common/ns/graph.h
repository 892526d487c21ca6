/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model: one snapshot of the machine's namespaces, their processes, and the edges between
 * them. discover.h fills it; list, diff, the shell and the resolver only read it. Pure data:
 * nothing here asks the kernel, so tests build graphs by hand.
 *
 * Namespaces and processes are named by their index; GRAPH_NONE means "none" or "not known".
 */
#pragma once

#include "../base/hash.h"
#include "../base/vec.h"
#include "nstype.h"

#include <stdint.h>

#define GRAPH_NONE UINT32_MAX

/* What keeps a namespace alive, as bits of ns.held. */
enum held {
	HELD_PROC = 1 << 0,    /* a process is in it */
	HELD_THREAD = 1 << 1,  /* a thread is in it whose process is elsewhere */
	HELD_PENDING = 1 << 2, /* a process's children will be in it (pid_for_children …) */
	HELD_FD = 1 << 3,      /* a descriptor of a process */
	HELD_MOUNT = 1 << 4,   /* a bind mount */
	HELD_SOCKET = 1 << 5,  /* a socket, or a tun descriptor (network namespaces) */
	HELD_CHILD = 1 << 6,   /* it is the parent of a living namespace (pid, user) */
	HELD_OWNER = 1 << 7,   /* it owns a living namespace (user) */
};
#define HELD_NKINDS 8

/* The word for one bit: "proc", "thread", "pending", "fd", "mount", "socket", "child", "owner". */
const char *held_name(enum held bit);

struct ns {
	enum ns_type type;
	ino_t ino;
	uint64_t id;	 /* 64-bit, never reused; 0: this kernel gives none */
	uint32_t owner;	 /* the user namespace that owns it */
	uint32_t parent; /* pid and user namespaces: the one above */
	uid_t creator;	 /* user namespaces: effective uid of who made it; see has_creator */
	bool has_creator;
	bool queried;	       /* owner, parent, creator and id were asked for */
	bool initial;	       /* one of the machine's first */
	unsigned held;	       /* bits of enum held */
	uint32_t nprocs;       /* processes in it */
	uint32_t nthreads;     /* threads in it, of whatever process */
	uint32_t first_proc;   /* the member with the lowest pid */
	uint32_t first_member; /* graph.members: this namespace's part begins here, nprocs long */
	uint32_t first_holder; /* graph.holders: this namespace's part begins here … */
	uint32_t nholders;     /* … and is so long */
};

struct proc {
	pid_t pid;
	uint32_t nthreads;
	uint32_t ns[NS_NTYPES]; /* GRAPH_NONE: not readable, or a type this kernel lacks */
	uid_t uid;		/* effective; see has_uid */
	bool has_uid;
	uint64_t cgroups; /* the same number: the same cgroups; 0: not known */
};

/* One reason why a namespace lives, other than its member processes. */
struct holder {
	uint32_t ns;
	enum held kind;
	pid_t pid;	 /* the process; 0 for a mount */
	pid_t tid;	 /* the thread if it is not the leader, else 0 */
	int fd;		 /* HELD_FD, HELD_SOCKET: the descriptor number */
	uint32_t mnt_ns; /* HELD_MOUNT: the mount namespace that has the mount */
	char *path;	 /* HELD_MOUNT: the mount point as seen from that namespace's root */
};

struct graph {
	dev_t dev; /* of nsfs: there is one a kernel; 0 when read from a fixture */
	VEC(struct ns) ns;
	VEC(struct proc) procs;	    /* ascending pid */
	VEC(struct holder) holders; /* by namespace, once finished */
	uint32_t *members;	    /* process indices by namespace; see ns.first_member */
	struct hash by_ino, by_pid;
	uint32_t nunreadable; /* processes of which no namespace could be read … */
	bool pid1_unreadable; /* … one of them pid 1 */
	uint32_t nhidden;     /* processes of other users, which the caller may not read */
};

#define auto_graph auto_call(graph_done)

/* The namespace (TYPE, INO), added if it is new. */
uint32_t graph_add_ns(struct graph *g, enum ns_type type, ino_t ino);

/* The namespace with inode INO, whatever its type, or GRAPH_NONE. nsfs inodes are unique. */
uint32_t graph_find_ns(const struct graph *g, ino_t ino);

uint32_t graph_add_proc(struct graph *g, pid_t pid);
uint32_t graph_find_proc(const struct graph *g, pid_t pid);

/* Adds a holder and its bit. H.path becomes the graph's. */
void graph_add_holder(struct graph *g, struct holder h);

/*
 * To be called once when everything is added: sorts processes by pid and holders by namespace,
 * counts and collects members, gives parents and owners their HELD bits, and finds the initial namespaces: by their
 * fixed inodes (linux/proc_ns.h), for mnt and net the oldest one owned by the initial user
 * namespace: the lowest id or, before 6.18, the lowest inode; these only where the initial pid
 * namespace is seen too.
 */
void graph_finish(struct graph *g);

/* How many levels of parents are above (0: it is the topmost known). */
uint32_t graph_level(const struct graph *g, uint32_t ns);

/* Sets MARKED for NS and, if wanted, for all its owners and parents up to the top. */
void graph_mark(const struct graph *g, uint32_t ns, bool ancestors, bool *marked);

void graph_done(struct graph *g);
