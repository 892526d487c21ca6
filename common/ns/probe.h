/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries in a process of their own: what changes ids or namespaces, or may hang because a stranger
 * serves the file system, is forked off, and ends with its parent, whatever happens.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Memory that a try and its parent share, all zeros; ended by probe_memory_done(). */
void *probe_memory(size_t size);
void probe_memory_done(void *memory, size_t size);

/*
 * Runs FN(DATA) in a child and waits until it has ended, at most MS milliseconds: then it is
 * killed. FN tells what it found through probe_memory(). Returns 0 if FN came to its end,
 * -ETIMEDOUT, -ECHILD if the child died before, or the -errno of fork(2) or pipe(2).
 */
int probe_run(void (*fn)(void *data), void *data, int ms);

/*
 * The two halves of probe_run(), so that several can run at once: what one waits for in the kernel
 * (a mount namespace takes its time to go) the others do not wait for. Each that was started is to
 * be waited for.
 */
struct probe {
	pid_t child;
	int hear;
};

int probe_start(struct probe *p, void (*fn)(void *data), void *data);
int probe_wait(struct probe *p, int ms);

/*
 * In the child: to be called again after each change of ids or of the user namespace, which cuts
 * the tie (prctl(2), PR_SET_PDEATHSIG).
 */
void probe_tie(pid_t parent);
