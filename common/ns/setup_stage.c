/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include "../base/fd.h"
#include "userns.h"

#include <errno.h>
#include <sched.h>

static int enter_userns(int ns, struct err *e)
{
	if (setns(ns, CLONE_NEWUSER) < 0)
		return err_set(e, -errno, "cannot enter the new user namespace");
	return 0;
}

/*
 * Who has no privilege has it in a user namespace of its own. The one that is wished for is made
 * in there, as if by root: this one has all ids that it needs.
 */
int setup_become_keeper(struct setup_run *run, struct err *e)
{
	struct idmap cover[ID_NKINDS] = { 0 };
	struct idmap_plan plan;
	int r, ns;

	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_cover(&run->s->maps[k], run->facts->ids.own[k], &cover[k]);
	r = idmap_plan(cover, &run->facts->ids, SETGROUPS_KEEP, &plan, e);
	ns = r < 0 ? r : userns_make(run->proc, cover, &plan, e);
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_done(&cover[k]);
	auto_close int keeper = ns;

	return keeper < 0 ? keeper : enter_userns(keeper, e);
}

int setup_cross_stage(struct setup_run *run, struct err *e)
{
	auto_close int ns = userns_make(run->proc, run->s->maps, &run->plan.ids, e);
	int r = ns < 0 ? ns : 0;

	if (r == 0 && unshare(CLONE_NEWNS) < 0) {
		r = err_set(e, -errno, "cannot make a mount namespace");
		setup_why(run, WHY_UNSHARE, e);
	}
	if (r == 0)
		r = setup_propagation(run, e);
	if (r == 0)
		r = run->s->stage->mount(run->s->stage->data, ns, e);
	return r < 0 ? r : enter_userns(ns, e);
}
