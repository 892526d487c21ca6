/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the sources of discovery share while a graph is being filled. Only scan.c and discover*.c
 * include this: to everybody else discovery is one function (discover.h).
 */
#pragma once

#include "../base/err.h"
#include "../base/str.h"
#include "discover.h"

struct scan {
	struct graph *g;
	int proc;	    /* /proc */
	unsigned wanted;    /* bits of enum source */
	pid_t self;	    /* this process, whose own descriptors are no news; 0: PROC lacks it */
	bool pids_are_ours; /* PROC numbers processes as system calls do here */
	uid_t uid;	    /* the caller's */
	ino_t mnt;	    /* the mount namespace that the caller is in; 0: not known */
	struct hash mnt_read; /* inodes of the mount namespaces whose mounts were read */
	struct str text;      /* a buffer for files of /proc, used again and again */
};

/* A task whose files are read: a process (tid 0), or one thread of it. */
struct task {
	pid_t pid, tid;
	int ns_dir;	      /* its directory of namespace links, O_PATH */
	ino_t ino[NS_NTYPES]; /* the namespaces it is in; 0: not known */
};

static inline bool scan_wants(const struct scan *s, enum source source)
{
	return (s->wanted & source) != 0;
}

/*
 * Asks namespace NS, open as FD, for its id and, if ancestors are wanted, for its owner, parent
 * and creator; these are added and asked in their turn (at most 32 levels of user namespaces
 * times 32 of pid). Does nothing if NS was asked before, or if FD is another namespace.
 */
void scan_query(struct scan *s, uint32_t ns, int fd);

/* Adds and queries the namespace that FD is. Returns its index; GRAPH_NONE: FD is none. */
uint32_t scan_add_fd(struct scan *s, int fd);

/* Adds the namespace TYPE, INO and queries it through NAME in DIR, which opens as it. */
uint32_t scan_add_at(struct scan *s, enum ns_type type, ino_t ino, int dir, const char *name);

/* Reads one process: its links, threads, descriptors and mounts. discover_task.c */
int scan_process(struct scan *s, pid_t pid, struct err *e);

/*
 * Reads the mounts of mount namespace INO, once, through task T that is in it. discover_mount.c
 * Returns 0 or, only if libmount is missing, -errno.
 */
int scan_mounts_of_task(struct scan *s, const struct task *t, struct err *e);

/* The same for the mount namespaces that no process is in. discover_mount.c */
int scan_mounts_elsewhere(struct scan *s, struct err *e);

/*
 * Adds the network namespace behind descriptor NUMBER of T (whose process PIDFD holds, whose link
 * text is LINK) if it is a socket or tun descriptor of another namespace than the task's own.
 * discover_socket.c
 */
void scan_socket(struct scan *s, const struct task *t, int pidfd, int number, const char *link);

/*
 * Reads all processes through BPF, if there are many of them and the kernel has it. Returns 1,
 * 0 if scan_process() is to do it, or -errno. discover_bpf.c
 */
int scan_bpf(struct scan *s, struct err *e);

/* Adds what listns(2) lists and nothing else found. discover_listns.c */
void scan_listns(struct scan *s);
