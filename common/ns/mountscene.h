/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting the scene for mountprobe.h: descriptors, a process inside, and who is a stranger there. */
#pragma once

#include "../base/err.h"
#include "mountprobe.h"
#include "mounts.h"

/* The machine, and where on it the caller is. */
struct mountview {
	int proc;
	const struct graph *graph;
	const struct mounts *mounts;
	uint32_t own_user, own_mnt; /* the caller's namespaces */
};

/* Opens all that tries of mount M need; RET is MOUNTSCENE_NONE before. 0, or -errno with a sentence. */
int mountscene_open(const struct mountview *v, const struct mount *m, struct mountscene *ret,
		    struct err *e);

void mountscene_done(struct mountscene *s);

/* Releases what a place holds. */
void mountplace_done(struct mountplace *p);

/*
 * An id that UID_MAP, the map of a user namespace, does not have on its outer side, out of those that
 * OWN_MAP, the caller's, has on its inner side; one that hardly anybody has. Where UID_MAP has all
 * of them, one of those.
 */
uint32_t mountscene_stranger(const char *uid_map, const char *own_map);
