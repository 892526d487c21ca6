/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several targets: the command runs in one after the other. */
#pragma once

#include "../common/base/vec.h"
#include "../common/cli/applet.h"
#include "../common/ns/ref.h"

/* Those of -t and -l, in order. */
struct enter_targets {
	struct ref first; /* .text is NULL: none */
	VEC(struct ref) more;
};

/* struct enter_targets: a REF, or the name of a set as -l has it; each option adds one. */
extern const struct arg_kind arg_targets, arg_bound_targets;

struct enter_opts;

/*
 * Runs ARGV as O says in the target, by this process if there is one. Of several each is named on
 * CTX->out before its turn; what fails in one does not hinder the others, but a signal of which a
 * command dies ends it all. Returns what run() of struct applet returns: of several the largest
 * status. A child returns from here too, with that of its own turn.
 */
int enter_turns(struct ctx *ctx, const struct enter_opts *o, char **argv, struct err *e);
