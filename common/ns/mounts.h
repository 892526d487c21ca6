/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mounts of every mount namespace of a graph, and what can be told from them alone. */
#pragma once

#include "../base/err.h"
#include "../sys/mountline.h"
#include "graph.h"

/* What is said of the fields of struct mount_line counts here too; the texts are the mount's. */
struct mount {
	uint32_t ns; /* its mount namespace … */
	uint32_t
		owner; /* … and the user namespace that owns that; GRAPH_NONE: above the caller's */
	uint32_t id, parent;
	dev_t dev;
	uint64_t attr;
	uint32_t peers, master;
	char *root, *target, *fstype;
	char *source, *uid_map, *gid_map; /* or NULL */
};

struct mounts {
	VEC(struct mount) v; /* those of one namespace together */
	size_t *by_dev;	     /* indices of v, mounts of the same file system side by side */
	struct hash by_ns;   /* where in v the mounts of a namespace begin */
	uint32_t nunread;    /* mount namespaces whose table could not be read */
};

#define auto_mounts auto_call(mounts_done)

/* Adds a copy of LINE, which must have root, target and fstype; for tests too. */
void mounts_add(struct mounts *m, uint32_t ns, uint32_t owner, const struct mount_line *line);

/* To be called once when all are added. */
void mounts_finish(struct mounts *m);

/*
 * Reads the tables of all mount namespaces of G into M (empty before): by listmount(2) (Linux
 * 6.11), else by joining each, else through a process that is in it and, where the caller may not
 * join, perhaps chrooted. Returns 0 or, only if libmount is needed and missing, -errno.
 */
int mounts_read(struct mounts *m, const struct graph *g, int proc, struct err *e);

/* Whether PATH is DIR or below it; what is below DIR, with its slash, or "", in *REST if not NULL. */
bool path_is_below(const char *path, const char *dir, const char **rest);

/* The mount of namespace NS with number ID, or SIZE_MAX. */
size_t mounts_with_id(const struct mounts *m, uint32_t ns, uint32_t id);

/* The mount that PATH, without symbolic links, leads to in mount namespace NS, or SIZE_MAX. */
size_t mounts_at(const struct mounts *m, uint32_t ns, const char *path);

void mounts_done(struct mounts *m);
