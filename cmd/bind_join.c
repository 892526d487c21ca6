/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns -l: a command in a set, as `enter` would run it. */
#include "bind.h"
#include "enter.h"

int bind_join(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	struct enter_opts enter = {
		.target = o->join,
		.sources = { .wanted = bind_types(o) },
	};

	(void)ctx;
	return enter_run(&enter, argv, e);
}
