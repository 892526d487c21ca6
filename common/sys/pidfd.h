/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pidfds: descriptors that hold a process, so that its pid cannot come to mean another one.
 * pidfd_open(2), ioctl_pidfd(2). Descriptors come back O_CLOEXEC, errors as -errno.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Holds process PID. Linux 5.3. -ESRCH: there is none; -EINVAL or, on newer kernels, -ENOENT: PID
 * is a thread that is not the leader of its process.
 */
int pidfd_of(pid_t pid);

/* Holds thread TID, leader or not. Linux 6.9; before it -EINVAL. */
int pidfd_of_thread(pid_t tid);

/* Whether the process has not yet exited (a zombie has). For a thread, that thread. */
bool pidfd_alive(int pidfd);

/*
 * The inode of the pidfd, as unique as a process: never used again until the machine reboots.
 * Linux 6.9; before it -ENOTSUP.
 */
int pidfd_inode(int pidfd, uint64_t *ret);

/*
 * The process id behind PIDFD, as PROC, a descriptor of /proc, numbers it. -EINVAL: it is no pidfd;
 * -ESRCH: the process has ended; -ENXIO: it is in a pid namespace that PROC does not show.
 */
int pidfd_pid(int proc, int pidfd, pid_t *ret);

/*
 * Opens a namespace of the process without /proc; WHICH is one of enum compat_pidfd_ns. Linux
 * 6.11; before it -ENOTTY or -EINVAL. -EOPNOTSUPP: the kernel lacks that type of namespace;
 * -ESRCH: it has ended.
 */
int pidfd_ns(int pidfd, unsigned which);
