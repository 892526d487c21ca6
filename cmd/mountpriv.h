/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: the options as a struct, and the files that act on them. */
#pragma once

#include "../common/ns/ref.h"
#include "unshare_opts.h"

struct mountpriv_opts {
	struct unshare_opts ids; /* first: the maps are chosen as by unshare-ns */
	bool recursive;
	bool list, json;
};

/* What mountpriv can do, each as run() of struct applet. ARGV are the operands, ended by NULL. */
int mountpriv_run(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
int mountpriv_list(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e);
