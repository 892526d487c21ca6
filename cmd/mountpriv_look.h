/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv --list and --verify: what both look at, and how both show a mount. */
#pragma once

#include "../common/base/str.h"
#include "../common/ns/mountties.h"
#include "../common/ns/ref.h"
#include "../common/out/json.h"

struct mountlook {
	int proc;
	struct graph graph;
	struct mounts mounts;
	uint32_t own_user, own_mnt; /* the caller's namespaces */
};

#define MOUNTLOOK_NONE                                                                             \
	{                                                                                          \
		.proc = -EBADF                                                                     \
	}

#define auto_mountlook auto_call(mountlook_done)

/* Reads the machine. Returns 0, or -errno with a sentence. */
int mountlook_read(struct mountlook *l, struct err *e);

/*
 * The namespaces that REF names: its mount namespace in *MNT, or where it names none, its user
 * namespace in *USER; the other is GRAPH_NONE. Returns 0, or -errno with a sentence.
 */
int mountlook_resolve(struct mountlook *l, const struct ref *ref, uint32_t *mnt, uint32_t *user,
		      struct err *e);

/* Says on OUT what could not be read, a line "note: …" for each reason. */
void mountlook_note(FILE *out, const struct mountlook *l);

/* "rw,nosuid,nodev,privuserns,idmapped" */
void mountlook_flags(const struct mount *m, bool private, struct str *ret);

/* The members of O that say what mount M is, the same for both. */
void mountlook_json(const struct mountlook *l, struct json *j, struct json_object *o,
		    const struct mount *m, bool private, enum mount_lock lock);

/* "4026532178", of namespace NS, or "" if it is GRAPH_NONE. */
void mountlook_inode(const struct mountlook *l, uint32_t ns, struct str *ret);

void mountlook_done(struct mountlook *l);
