/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who a command runs as: ids, groups, capabilities. Decided by the applet, taken on by the
 * process that is about to become the command, after it has joined its namespaces.
 */
#pragma once

#include "../base/err.h"
#include "../sys/caps.h"
#include "capplan.h"

#include <stdbool.h>
#include <sys/types.h>

/* All zeros: everything stays as it is. */
struct creds {
	bool root_if_mapped;   /* uid and gid 0, each where the user namespace maps it */
	bool set_uid, set_gid; /* set_gid also sets the groups; stronger than root_if_mapped */
	uid_t uid;
	gid_t gid;
	bool set_real; /* the real ones are others, with set_uid and set_gid */
	uid_t ruid;
	gid_t rgid;
	const gid_t *groups; /* the supplementary groups that come with set_gid */
	size_t ngroups;
	bool keep_caps; /* what was permitted stays so, through the change of ids and the exec */
	uint64_t drop;	/* capabilities that the command can never have: CAP_BIT()s */
	const struct cap_plan
		*sets;	   /* these capabilities, instead of keep_caps and drop; or NULL */
	bool loose;	   /* of the sets, as many as the caller has */
	bool no_new_privs; /* prctl(2), PR_SET_NO_NEW_PRIVS */
};

/*
 * Takes C on in the calling thread; on failure a part may have been taken on. A user namespace in
 * which setgroups(2) is denied (user_namespaces(7)) keeps the groups, which is no failure.
 * Returns 0, or -errno with the sentence in E.
 */
int creds_apply(const struct creds *c, struct err *e);
