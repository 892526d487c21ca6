/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of namespaces with a name, in the registry: looked at, made, changed, removed. */
#pragma once

#include "registry.h"
#include "setinfo.h"

/* A set as it was found, its namespaces held open. */
struct nsset {
	char *name;
	struct setinfo info;
	int ns[NS_NTYPES]; /* -EBADF: none of this type, or it is missing */
	unsigned missing;  /* types that the set should have and that are not bound (any more) */
	int held;	   /* 0, or why what a process holds cannot be opened: -ESRCH it has
			      ended, -EXDEV it is in another pid namespace, -EACCES … */
	int init;	   /* a pidfd of info.init; -EBADF: there is none, or it has ended */
};

#define NSSET_NONE                                                                                 \
	{                                                                                          \
		.ns = { -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF, -EBADF },          \
		.init = -EBADF,                                                                    \
	}

#define auto_nsset auto_call(nsset_done)

/*
 * Opens set NAME. That namespaces are missing is told in RET. Returns 0, or with a sentence
 *	-EINVAL   not a name
 *	-ENOENT   no such set; the hint names the nearest
 *	-EPERM    it is not to be trusted
 *	-EBADMSG  what is written down of it cannot be read
 */
int registry_load(const struct registry *r, const char *name, struct nsset *ret, struct err *e);

/* Reads what is written down of the set directory NAME. Returns 0 or -errno. */
int registry_info(const struct registry *r, const char *name, struct setinfo *ret);

/* A path by which others can open the set's namespace of TYPE, while it lives; to be freed. */
char *set_path(const struct nsset *set, enum ns_type type);

void nsset_done(struct nsset *set);

#define SET_ASIDE 16

/* What a new set shall be. */
struct nsset_wish {
	const char *name;
	int ns[NS_NTYPES]; /* descriptors, borrowed; -EBADF: none of this type */
	pid_t init;   /* the first process of its pid namespace, if that is to go with it, or 0 */
	bool replace; /* the set that has the name, if there is one */
	bool alias;   /* even if the namespaces have a name already */
	bool holder;  /* a process holds the namespaces, even if they could be bound */
	bool netns;   /* publish the network namespace in /run/netns, too */
	int tether;   /* a socket that is told of the set before it has its name (fd_send(): the
			 directory with the sets, that of this set); 0: none */
	char *aside;  /* room for SET_ASIDE: the set that is replaced gets this name, "" if there is
			 none, and is whole until registry_forget() or registry_put_back(), as
			 long as the lock is held; or NULL: it is removed */
	const struct setinfo *like; /* keep origin and processes of this one; or NULL */
};

/*
 * Makes the set, in a registry that is locked. Returns 0, or with a sentence
 *	-EINVAL   not a name, no namespace, or a mount namespace that cannot be bound here
 *	-EBUSY    there is a set of that name
 *	-EACCES   the namespaces are those of another set
 * or what the kernel answered; nothing is left then.
 */
int registry_create(const struct registry *r, const struct nsset_wish *wish, struct err *e);

/* Removes the set that has been put aside, or has it take the name back from the set that got it. */
void registry_forget(const struct registry *r, const char *aside);
void registry_put_back(const struct registry *r, const char *aside, const char *name);

/* Gives set FROM the name TO. -ENOENT, -EBUSY, -EINVAL, as above. */
int registry_rename(const struct registry *r, const char *from, const char *to, struct err *e);

/* Removes set NAME, and with it its holder and init. -ENOENT, -EINVAL, as above. */
int registry_remove(const struct registry *r, const char *name, struct err *e);
