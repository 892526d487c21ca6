/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mount namespace can be bound only in one that is older. Linux 6.18 tells their age by their
 * ids, and gives these out in batches, one a processor: a new namespace may have a lower id than
 * the one it came from if that was made on another processor.
 */
#pragma once

#include <stdint.h>

/* The id of the calling process's mount namespace; 0: the kernel gives none (before 6.11). */
uint64_t mntns_own_id(int proc);

/*
 * Makes sure that this process, which has just made a mount namespace, is in one whose id is above
 * THAN: makes another one on each processor that it may run on, until one is; then it may run
 * where it could before. Returns 0, or -ESRCH if there is no such processor.
 */
int mntns_make_younger(int proc, uint64_t than);
