/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mount that one user namespace alone can use: what it shall be, and how it is made. It comes
 * to stand in a mount namespace that nobody else is in (setup.h, struct setup_stage), or in one
 * that is there.
 */
#pragma once

#include "../sys/mountopts.h"
#include "setup.h"

/* How the ids that files have on disk appear. */
enum privmount_idmap {
	PRIVMOUNT_AS_TARGET, /* as the same ids of the target's user namespace */
	PRIVMOUNT_AS_GIVEN,
	PRIVMOUNT_UNMAPPED,
};

struct privmount {
	const char *src;	      /* what is bound; NULL: a new file system */
	const char *type, *source;    /* of that; source may be NULL */
	const char *dst;	      /* where; a symbolic link as its last part is refused */
	bool recursive;		      /* with what is mounted below SRC */
	const struct mountopts *opts; /* flags of SRC stay besides */
	enum propagation propagation; /* private or slave: of SRC, and of all mounts around */
	enum privmount_idmap idmap;
	/* ON-DISK inside, IN-MOUNT, an id of the target's, outside; none of a kind: as the target. */
	struct idmap given[ID_NKINDS];
};

/* For whom. */
struct privmount_user {
	int proc;		  /* a descriptor of /proc */
	int userns;		  /* the user namespace */
	bool is_new;		  /* nobody has been in it */
	const struct idmap *maps; /* of it, as the caller numbers the ids outside */
};

/*
 * Decides which ids on disk (inside) appear as which of the caller's (outside). Returns 1 with RET
 * filled in; 0 if the mount needs no map because ids are the same then; -EOVERFLOW with a sentence
 * if the user namespace has no such id. Pure.
 */
int privmount_map(const struct privmount *m, const struct idmap target[ID_NKINDS],
		  struct idmap ret[ID_NKINDS], struct err *e);

/* Why the kernel refused a map. */
struct privmount_refusal {
	int code;	    /* -errno */
	const char *what;   /* is mounted; quoted */
	const char *fstype; /* its file system */
	bool is_mapped;	    /* the mount has a map already */
	bool is_new;	    /* as in privmount_user */
};

/* Sets E to the cause and the remedy. Pure. */
int privmount_explain(const struct privmount_refusal *r, struct err *e);

/*
 * Makes the mount, attached nowhere. Everything is looked up once and used by descriptor. Needs
 * Linux 5.12. Returns a descriptor, or -errno with a sentence; -ENOSYS: the kernel is too old.
 */
int privmount_open(const struct privmount *m, const struct privmount_user *u, struct err *e);

/* What can be mounted over what: a directory over a directory alone. */
enum privmount_kind { PRIVMOUNT_FILE, PRIVMOUNT_DIRECTORY, PRIVMOUNT_ANY };

/* That of FD, which messages call Q, or -errno with a sentence. */
int privmount_kind(int fd, const char *q, struct err *e);

/*
 * Opens PATH, which is of KIND. ROOT is the root directory of another
 * mount namespace, which PATH cannot leave, also not by links of /proc; AT_FDCWD: PATH is the
 * caller's own. Returns a descriptor (O_PATH), or -errno with a sentence.
 */
int privmount_open_point(int root, const char *path, enum privmount_kind kind, struct err *e);

/*
 * Attaches TREE at the mount point, below ROOT if that is not AT_FDCWD, in the mount namespace that
 * the caller is in. Returns 0, or -errno with a sentence.
 */
int privmount_attach(const struct privmount *m, int tree, int root, struct err *e);

/*
 * Both, in the mount namespace that the caller is in, also on older kernels, where the mount has
 * its flags a moment after it stands there.
 */
int privmount_make(const struct privmount *m, const struct privmount_user *u, struct err *e);

/*
 * Makes a mount namespace from the one that the caller is in, in which nothing propagates to where
 * it came from. Returns 0, or -errno with a sentence.
 */
int privmount_stage(const struct privmount *m, struct err *e);

/* The last resort of that, for a mount without an id map: mount(2). Needs /proc. */
int privmount_classic(const struct privmount *m, struct err *e);
