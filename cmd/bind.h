/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: the options as a struct, and the files that act on them. */
#pragma once

#include "../common/ns/ref.h"
#include "unshare_opts.h"

struct bind_opts {
	struct unshare_opts fresh; /* first: --new shares its options with unshare-ns */
	bool make;		   /* --new */
	struct ref target;	   /* -t; .text is NULL: none */
	struct ref join;	   /* -l */
	bool type[NS_NTYPES];

	bool list, remove, dead, rename, monitor, json;
	unsigned add, drop; /* types, as bits */
	struct ref identify;
	const char *pids, *export, *columns;
	bool alias, replace, holder, netns;
};

extern const struct arg_kind arg_set_columns; /* const char * */

/* The types that were asked for by letter, as bits; 0: none was. */
unsigned bind_types(const struct bind_opts *o);

/*
 * What bind-ns can do, each as run() of struct applet. ARGV are the operands, which bind_ns.c has
 * counted.
 */
int bind_list(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_identify(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_pids(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_export(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_existing(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_new(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_change(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_rename(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_remove(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_join(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
int bind_monitor(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
