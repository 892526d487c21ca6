/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interactive shell: what its parts share. A command of the shell is a struct applet like any
 * other, so that options, help and completion are the same everywhere; it finds the shell behind
 * its ctx. loop.h runs lines, jobs.h runs children, place.h knows the tree.
 */
#pragma once

#include "../../common/cli/applet.h"
#include "../../common/ns/facts.h"
#include "../../common/ns/resolve.h"
#include "place.h"

struct editor;

enum wish { WISH_AUTO, WISH_ON, WISH_OFF };

/* What `set` sets. */
struct settings {
	char *columns; /* of ls -l, tree and find */
	enum wish color;
	bool pager;
	unsigned sources;
};

struct alias {
	char *name, *text;
};

/* A job that was stopped. */
struct job {
	pid_t group;
	VEC(pid_t) pids;  /* those that have not ended, by stage; 0: it has */
	VEC(int) results; /* their statuses, SUPERVISE_SIGNAL + n for a signal */
	char *text;
};

struct shell {
	struct ctx ctx; /* the commands and all applets; where results go */
	VEC(const struct applet *) commands;
	int proc;

	bool looked;		       /* graph and facts hold a snapshot */
	bool outdated;		       /* which is not to be relied on any more */
	uint64_t looked_at, look_took; /* when, and how long it took, in milliseconds */
	struct graph graph;
	struct facts facts;

	struct place here, before;
	struct settings settings;
	VEC(struct alias) aliases;
	VEC(struct job) jobs;
	VEC(char *) history; /* what was typed */
	struct editor *editor;

	char *speaker;	  /* "FILE:LINE: ", for ctx.speaker */
	int status;	  /* of the last command */
	bool leave;	  /* `exit` was said */
	bool asked;	  /* it was said that leaving ends what is stopped */
	bool interrupted; /* by Ctrl-C: what else was to be run is not */
	bool keep_going;
	bool interactive;   /* somebody sits at a terminal … */
	pid_t caller_group; /* … which this process group had before; 0: none */
	unsigned nesting;   /* of `source` */
};

/* The shell whose command is being run with CTX. */
struct shell *shell_of(struct ctx *ctx);

/* Sees to it that there is a snapshot. Returns 0, or -errno with a sentence. */
int shell_look(struct shell *sh, struct err *e);

/*
 * The same for a completion, which is not to be waited for: where a look takes long an outdated
 * snapshot will do, and before the first one nothing. Returns whether there is any.
 */
bool shell_look_quickly(struct shell *sh);

/* Whether there is a snapshot that is not outdated. */
bool shell_has_looked(const struct shell *sh);

/* Something has changed the machine: the snapshot is outdated. */
void shell_forget(struct shell *sh);

/* Frees the snapshot. */
void shell_drop(struct shell *sh);

/*
 * For who sits at a terminal, unless it takes so long that it is felt: a snapshot that has grown too
 * old for a command is forgotten. For what is typed it may be older; and while nothing is typed a new
 * one is taken, so that it is there when it is needed.
 */
void shell_grow_old(struct shell *sh, uint64_t now);
void shell_grow_old_typing(struct shell *sh, uint64_t now);

/* The time since the machine was started, in milliseconds. */
uint64_t shell_now(void);
bool shell_is_to_look_ahead(const struct shell *sh);
void shell_look_ahead(struct shell *sh);

/* Whether what is written to OUT is coloured. */
bool shell_wants_color(const struct shell *sh, FILE *out);

/*
 * What TEXT, a path or a reference, or NULL for where the user is, leads to. Looks if nobody has,
 * and again if it is not there: what was known of the graph before, indices above all, is void.
 * Returns 0 with RET (empty before), or -errno with a sentence.
 */
int shell_find(struct shell *sh, const char *text, struct place *ret, struct err *e);

/* The reference that applets understand for P; to be freed. NULL for "/". */
char *shell_ref(const struct place *p);

/* The command or applet NAME; NULL with a sentence and the nearest name if there is none. */
const struct applet *shell_command(const struct shell *sh, const char *name, struct err *e);
