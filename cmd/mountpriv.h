/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: the options as a struct, and the files that act on them. */
#pragma once

#include "../common/ns/privmount.h"
#include "../common/ns/ref.h"
#include "unshare_opts.h"

struct mountpriv_opts {
	struct unshare_opts ids; /* first: the maps are chosen as by unshare-ns */
	bool private_ids;

	struct ref target; /* -t; .text is NULL: none */
	const char *fresh; /* NULL: a bind; "": a tmpfs; else "TYPE:SOURCE" */
	VEC(const char *) mount_options;
	struct {
		enum privmount_idmap kind;
		struct idmap given[ID_NKINDS];
	} idmap;
	enum propagation propagation;
	bool recursive, no_nested, make_private, remove;
	bool list, verify, json;
	const char *name; /* of the set that the namespaces become */
};

/* Adds to a vector of words: the options of mount(8). */
extern const struct arg_kind arg_mount_options;
extern const struct arg_kind arg_mount_idmap;	    /* the field idmap */
extern const struct arg_kind arg_mount_propagation; /* private or slave */

/* The mount that the options and the operands ARGV, which move behind those taken, ask for. */
struct mountpriv_wish {
	struct privmount mount;
	struct mountopts opts;
	char *type; /* mount.type points into it */
};

#define auto_mountpriv_wish auto_call(mountpriv_wish_done)

/* Returns 0, or -errno with a sentence. What W points to belongs to O, ARGV and W. */
int mountpriv_wish(struct mountpriv_wish *w, const struct mountpriv_opts *o, char ***argv,
		   struct err *e);

void mountpriv_wish_done(struct mountpriv_wish *w);

/*
 * The ids that a new user namespace shall have. Returns 0, or -errno with a sentence; S->maps are
 * filled in.
 */
int mountpriv_ids(const struct mountpriv_opts *o, const struct setup_facts *f, struct setup *s,
		  struct err *e);

/*
 * The note that says who can reach what M shows in another way, to be freed; NULL: there is none. To
 * be made before anything is mounted, which may be mounted over it, and by the caller's own ids.
 */
char *mountpriv_source_note(const struct privmount *m);

/* Shows such a note on standard error. */
void mountpriv_say(const char *note);

/*
 * Notes on standard error: what it means for a privileged caller that root inside has its ids, and
 * that the ids of MAPS are those that go to DST.
 */
void mountpriv_note_root(const struct idmap maps[ID_NKINDS]);
void mountpriv_note_way(const char *dst, const struct idmap maps[ID_NKINDS]);

/* What mountpriv can do, each as run() of struct applet. ARGV are the operands, ended by NULL. */
int mountpriv_run(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
int mountpriv_list(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
int mountpriv_verify(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
int mountpriv_copy(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
int mountpriv_attach(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
int mountpriv_remove(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
