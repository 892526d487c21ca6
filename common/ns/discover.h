/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills a graph from the running machine (or from a fixture of /proc). */
#pragma once

#include "../base/err.h"
#include "graph.h"

/* Where namespaces are looked for; each can be switched off. */
enum source {
	SOURCE_PROC = 1 << 0,	  /* /proc/PID/ns of every process */
	SOURCE_THREAD = 1 << 1,	  /* /proc/PID/task/TID/ns and private descriptor tables */
	SOURCE_PENDING = 1 << 2,  /* pid_for_children, time_for_children */
	SOURCE_FD = 1 << 3,	  /* /proc/PID/fd */
	SOURCE_MOUNT = 1 << 4,	  /* nsfs mounts of every mount namespace */
	SOURCE_ANCESTOR = 1 << 5, /* owners and parents (NS_GET_USERNS, NS_GET_PARENT) */
	SOURCE_SOCKET = 1 << 6,	  /* sockets and tun descriptors, through pidfd_getfd(2) */
	SOURCE_LISTNS = 1 << 7,	  /* listns(2), Linux 6.19 */
	SOURCE_BPF = 1 << 8,	  /* where processes are many, the first four without /proc */
};
#define SOURCE_NKINDS  9
#define SOURCE_ALL     ((1U << SOURCE_NKINDS) - 1)
#define SOURCE_DEFAULT (SOURCE_ALL & ~(unsigned)SOURCE_SOCKET)

/* Names and one-line descriptions, in bit order. */
struct source_info {
	const char *name, *help;
};
extern const struct source_info sources[SOURCE_NKINDS];

/*
 * Reads the machine into G (an empty graph), through PROC, a descriptor of /proc, from SOURCES
 * (bits of enum source). A process that vanishes, is a zombie or is unreadable never fails the
 * call; the last are counted in G. Returns 0, -EMFILE or -ENFILE if there are too few descriptors to
 * see everything, or another -errno if PROC itself cannot be read.
 */
int discover(struct graph *g, int proc, unsigned sources_wanted, struct err *e);

/*
 * The same, but only if there is a way to have all processes at once (SOURCE_BPF): 10 ms for 5,000
 * and what they are in, 30 ms with everything else. Returns whether it did; if not, G may have to be
 * emptied.
 */
bool discover_at_once(struct graph *g, int proc, unsigned sources_wanted);

/*
 * Opens namespace NS of G through whatever G knows to hold it, and verifies that it is that one.
 * Returns a descriptor (O_CLOEXEC), or -ESTALE if it has gone meanwhile.
 */
int discover_open(const struct graph *g, int proc, uint32_t ns);
