/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions to a namespace descriptor: ioctl_nsfs(2). Each returns -ENOTTY (or -EINVAL, on some
 * kernels) when the descriptor is no namespace or the kernel too old for the question.
 * Descriptors come back O_CLOEXEC.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whether FD is a file of nsfs (works for O_PATH descriptors too). */
bool nsfs_is(int fd);

/* The type, as a CLONE_NEW… flag. Linux 4.11. */
int nsfs_type(int fd);

/* Opens the owning user namespace; -EPERM: it is above the caller's own. Linux 4.9. */
int nsfs_userns(int fd);

/* Opens the parent of a pid or user namespace; -EPERM: above the caller's own, or there is none. */
int nsfs_parent(int fd);

/* Asks for the effective uid that made a user namespace, as the caller's namespace sees it. */
int nsfs_owner_uid(int fd, uid_t *ret);

/* Asks for the 64-bit id, never reused. Linux 6.18; for mount namespaces 6.11. */
int nsfs_id(int fd, uint64_t *ret);

/* Opens the mount namespace with the next higher id that the caller may manage; -ENOENT: none. 6.12. */
int nsfs_mnt_next(int fd);
/* The same downwards. */
int nsfs_mnt_prev(int fd);

/* Asks how many mounts a mount namespace has. Linux 6.12. */
int nsfs_mnt_count(int fd, unsigned *ret);

/*
 * Opens the namespace with 64-bit id ID, a CLONE_NEW… TYPE and inode INO by its file handle.
 * All three must match, else -ESTALE. Linux 6.18; before it -EBADF. From 6.19 on TYPE and INO may
 * both be 0: the id alone is enough.
 */
int nsfs_open_handle(uint64_t id, uint32_t type, uint32_t ino);

/*
 * Lists up to N ids of namespaces that the caller may see, ids above AFTER, ascending.
 * Returns how many, 0 at the end. listns(2), Linux 6.19; before it -ENOSYS.
 */
ssize_t nsfs_list(uint64_t after, uint64_t *ids, size_t n);
