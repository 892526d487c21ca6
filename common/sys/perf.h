/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens to all tasks of the machine, as the kernel tells it through perf_event_open(2): forks,
 * ends, names, and the namespaces after each fork, unshare(2) and setns(2). Each CPU has rings of
 * its own, which the kernel fills and we empty; what does not fit is counted. Linux 4.16 (namespaces
 * 4.12). Needs CAP_PERFMON (before 5.8 CAP_SYS_ADMIN) or kernel.perf_event_paranoid below 1.
 *
 * To wake a reader for each record costs whoever forks as much as writing it. So a CPU has two rings:
 * one wakes at once, the other when a quarter of it is full; perf_hurry() says which is written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum perf_kind { PERF_FORK, PERF_EXIT, PERF_COMM, PERF_NAMESPACES, PERF_LOST };

/* In the order of the kernel, linux/perf_event.h: net uts ipc pid user mnt cgroup. No time. */
#define PERF_NAMESPACES_MAX 7

/* Pids as the pid namespace of whoever opened the rings has them; 0: it cannot see that one. */
struct perf_record {
	enum perf_kind kind;
	uint64_t time; /* CLOCK_MONOTONIC, ns; PERF_LOST: of the first record behind the gap */
	pid_t pid, tid;
	pid_t ppid, ptid; /* PERF_FORK: whose child it is, and which thread made it */
	pid_t by;	  /* which thread did it: the maker of a fork */
	bool exec;	  /* PERF_COMM: because of an exec, not of prctl(2) */
	char comm[16];	  /* PERF_COMM; not escaped */
	uint64_t lost;	  /* PERF_LOST: how many records */
	uint64_t ino[PERF_NAMESPACES_MAX]; /* PERF_NAMESPACES; 0: not told */
};

struct perf_ring {
	int fd;				   /* to wait for something to read */
	struct perf_event_mmap_page *page; /* what is shared with the kernel: this page, then … */
	unsigned char *data;		   /* … the ring, size bytes, a power of two */
	size_t size;
};

struct perf_cpu {
	int cpu, fd;
	struct perf_ring prompt, bulk;
};

struct perf_rings {
	struct perf_cpu *v;
	size_t n;
	bool hurries; /* the bulk rings are written */
};

/*
 * Opens rings on each CPU that is online, of up to SIZE bytes (a power of two, at least a page), of less
 * where that is more memory than the caller may lock. Returns 0, or -errno: -EACCES, -EPERM: not
 * allowed; -ENOSYS: not in this kernel, or not behind this filter of system calls.
 */
int perf_open(size_t size, struct perf_rings *ret);

/* Has from now on the bulk rings written (ON), or those that wake at once. */
void perf_hurry(struct perf_rings *r, bool on);

/*
 * Takes the next record out of R. Returns 1, 0 if the ring is empty, or -EBADMSG if what the kernel
 * wrote is not understood: all that is in the ring is dropped then. Records of other kinds are
 * passed over.
 */
int perf_next(struct perf_ring *r, struct perf_record *ret);

/* Whether R has so little room that the next record may be lost. */
bool perf_is_full(const struct perf_ring *r);

/*
 * Reads one record, SIZE bytes with its header. Returns 1, 0 if it is of another kind, or -EBADMSG.
 * BYTES need not be aligned.
 */
int perf_parse(const void *bytes, size_t size, struct perf_record *ret);

void perf_close(struct perf_rings *r);
