/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who else has what is mounted: decided from mount tables alone, nothing is asked of the kernel.
 *
 * A mount belongs to the user namespace that owns its mount namespace. It is private to it, as the
 * patches of 2006 had it, if no mount namespace of another user namespace has the same mount, or a
 * peer or slave of it. That a part of the same file system, or all of it, is mounted elsewhere in
 * another way (the source of a bind mount is) is a tie of its own: who gets at it there is a
 * question of its permissions, which tables do not show.
 */
#pragma once

#include "mounts.h"

enum mount_tie {
	TIE_NONE,
	TIE_CONTENT, /* the same file system, with the same files in part or all */
	TIE_SAME,    /* the same files in the same way: a copy of the mount */
	TIE_PEER,    /* what is mounted below one appears below the other */
};

/* How OTHER is tied to M. Which namespaces they are in does not matter. */
enum mount_tie mount_tie(const struct mount *m, const struct mount *other);

/*
 * Calls FN with each mount of another owner that is tied to mount INDEX, in any order, until it
 * returns false. What lies hidden below another mount counts too: it can be unmounted.
 */
void mount_each_tie(const struct mounts *m, size_t index,
		    bool (*fn)(size_t other, enum mount_tie tie, void *data), void *data);

/* Whether mount INDEX is private to its user namespace. OWN is the caller's, whose are not. */
bool mount_is_private(const struct mounts *m, size_t index, uint32_t own);

/* Whether all mounts of its file system belong to its user namespace. */
bool mount_is_alone(const struct mounts *m, size_t index);

/*
 * A mount above the place where INDEX is mounted, INDEX not counted, that is shared with a mount
 * namespace of another owner: what is mounted there, a copy of INDEX for one, appears there too.
 * *ELSEWHERE is where. SIZE_MAX: there is none.
 */
size_t mount_shared_above(const struct mounts *m, size_t index, size_t *elsewhere);

/*
 * The path in OTHER's mount namespace where OTHER, which is tied to M, shows what M does or a part
 * of that; to be freed. INSIDE is that part's path in the namespace of M, to be freed as well.
 */
char *mount_path_of(const struct mount *m, const struct mount *other, char **inside);

/* --- whether it is locked */

enum mount_lock {
	LOCK_UNKNOWN, /* not tried, or not to be told */
	LOCK_NONE,    /* root of the user namespace can clear its flags and unmount it */
	LOCK_FLAGS,   /* its flags stay, but it can be unmounted */
	LOCK_MOUNT,   /* it stays, but flags can be cleared */
	LOCK_ALL,
};

/* "no", "flags", "mount", "yes"; NULL for LOCK_UNKNOWN. */
const char *mount_lock_name(enum mount_lock lock);

/* The MOUNT_ATTR_… that restrict, of ATTR: those that can be locked. */
uint64_t mount_restrictions(uint64_t attr);

/*
 * What root of the user namespace was answered, 0 or -errno: CLEARED, NCLEARED times, to clearing
 * each restriction; UNMOUNTED to unmounting. Other errors than a lock's tell nothing.
 */
enum mount_lock mount_lock_of(const int *cleared, size_t ncleared, int unmounted);
