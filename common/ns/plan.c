/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "../base/util.h"

static unsigned differing(const struct plan_request *r)
{
	unsigned types = 0;

	for (int t = 0; t < NS_NTYPES; t++)
		if (r->wanted & 1U << t && r->own[t] != r->theirs[t])
			types |= 1U << t;
	return types;
}

static void add_step(struct plan *p, unsigned level, unsigned types)
{
	p->steps[p->n++] = (struct plan_step){ .level = level, .types = types };
}

/*
 * The level at which a namespace is joined. Without a user namespace to join there is only the
 * caller's; below the wanted one nobody goes, its capabilities reach further down.
 */
static unsigned level_of(const struct plan_request *r, int type, unsigned last)
{
	return MIN(r->level[type], last);
}

void plan_make(const struct plan_request *r, struct plan *ret)
{
	unsigned last = 0;

	*ret = (struct plan){ .types = differing(r) };
	if (!ret->types)
		return;
	if (r->whole) {
		ret->whole = true;
		add_step(ret, 0, ret->types);
		return;
	}
	/* One that is not below the caller's has no level: it comes last all the same. */
	if (ret->types & 1U << NS_USER)
		last = MIN(MAX(r->level[NS_USER], 1U), (unsigned)PLAN_MAX_LEVELS);
	for (unsigned level = 0; level <= last; level++) {
		unsigned types = 0;

		for (int t = 0; t < NS_NTYPES; t++)
			if (t != NS_USER && ret->types & 1U << t && level_of(r, t, last) == level)
				types |= 1U << t;
		if (types || (level && level == last))
			add_step(ret, level, types);
	}
}
