/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "younger.h"

#include "../base/fd.h"
#include "../sys/nsfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>

uint64_t mntns_own_id(int proc)
{
	auto_close int ns = openat(proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
	uint64_t id;

	return ns >= 0 && nsfs_id(ns, &id) == 0 ? id : 0;
}

static bool try_on(int cpu, int proc, uint64_t than)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one) == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mntns_own_id(proc) > than;
}

int mntns_make_younger(int proc, uint64_t than)
{
	bool done = !than || mntns_own_id(proc) > than;
	cpu_set_t allowed;

	if (done)
		return 0;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return -ESRCH;
	for (int cpu = 0; !done && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			done = try_on(cpu, proc, than);
	sched_setaffinity(0, sizeof(allowed), &allowed);
	return done ? 0 : -ESRCH;
}
