/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watches namespaces: listens to the kernel (sys/perf.h) where that is allowed, else looks again and
 * again, and tells what events.h makes of it, in the order of time.
 */
#pragma once

#include "../base/err.h"
#include "../sys/perf.h"
#include "events.h"

struct watcher {
	/* To be set before. */
	int proc;	   /* a descriptor of /proc, the caller's */
	bool looks;	   /* do not even try to listen */
	uint64_t interval; /* ns: looks are so far apart, or more if they take long */
	unsigned wanted;   /* bits 1 << enum event_kind */
	void (*tell)(void *data, const struct event *e);
	void *data;

	/* For who asks. */
	int refused; /* why it does not listen, -errno; 0: it does, or was not to try; -EXDEV: … */
	/* … /proc numbers processes as another pid namespace does than the kernel here */
	struct graph graph; /* the last snapshot */

	struct perf_rings rings;
	struct pollfd *polls; /* of the rings, and one more */
	uint64_t window;      /* when the present rate began to be taken … */
	size_t read;	      /* … and how many records came since */
	struct events ev;
	VEC(struct happening) queue; /* what was read, until nothing earlier can come any more */
	uint64_t number;
	bool by_handle;	    /* namespaces can be asked for by id */
	uint64_t next_look; /* not to look before then */
	uint64_t last_look; /* when the last look was complete */
};

#define auto_watcher auto_call(watcher_done)

/* Begins to watch, and looks for the first time. Returns 0, or -errno with a sentence. */
int watcher_open(struct watcher *w, struct err *e);

/*
 * Waits until something can be told, or until UNTIL (watcher_now(); UINT64_MAX: for ever), and tells it.
 * OUT is a descriptor that is written to: if nobody reads it any more, -EPIPE is returned, without a
 * sentence. Else 0, or -errno with a sentence.
 */
int watcher_step(struct watcher *w, uint64_t until, int out, struct err *e);

/* CLOCK_MONOTONIC, ns. */
uint64_t watcher_now(void);

void watcher_done(struct watcher *w);
