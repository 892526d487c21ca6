/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The environment of the command of `enter`. */
#pragma once

#include "../common/base/vec.h"
#include "../common/ns/target.h"
#include "enter.h"

struct enter_env {
	VEC(char *) vars; /* "NAME=VALUE", the last is NULL; none: the caller's is kept */
	char *text;	  /* what the target's point into */
};

/*
 * Puts together what O asks for, before joining: the caller's, over it T's. Returns 0 or -errno
 * with E set.
 */
int enter_env_make(struct enter_env *env, const struct enter_opts *o, const struct target *t,
		   struct err *e);

void enter_env_done(struct enter_env *env);
