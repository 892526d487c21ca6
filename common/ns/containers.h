/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the name of a container, pod or unit to a process in it, by the cgroups of all processes. */
#pragma once

#include "../base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Sets *RET to the oldest process of what WANTED names (container.h tells which names): of a
 * container that is its init, of a pod the one that keeps what the pod shares. PROC is a
 * descriptor of /proc. Returns 0, -ENOENT if there is none (the hint names the nearest), -ENOTUNIQ
 * if several match (the hints list them), each with a sentence, or why /proc cannot be read.
 */
int containers_find(int proc, const char *wanted, pid_t *ret, struct err *e);

/* Whether process PID is in what WANTED names. To be asked again once the process is held. */
bool containers_has(int proc, const char *wanted, pid_t pid);
