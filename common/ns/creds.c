/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "creds.h"

#include "capname.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *label(int cap)
{
	const char *name = cap_name(cap);

	return name ? name : "a capability without a name";
}

static bool has_effective(int cap)
{
	struct caps caps;

	return caps_get(&caps) == 0 && caps.effective & CAP_BIT(cap);
}

/* For EPERM: that is the user namespace where the command is to run, which may have been joined. */
static int needs(int code, int cap, struct err *e)
{
	if (code == -EPERM && !has_effective(cap))
		err_hint(e, "this needs %s in the user namespace where the command runs",
			 label(cap));
	return code;
}

/*
 * With CAP_SETGID only one thing can refuse setgroups(2): a user namespace whose maps were
 * written by an ordinary user, who must not be able to drop a group that denies him access.
 */
static int set_groups(const struct creds *c, struct err *e)
{
	if (setgroups(c->ngroups, c->groups) == 0)
		return 0;
	if (errno == EPERM && has_effective(CAP_SETGID))
		return 0;
	return needs(err_set(e, -errno, "cannot set the supplementary groups"), CAP_SETGID, e);
}

static int id_failed(int code, int cap, unsigned id, struct err *e)
{
	const char *what = cap == CAP_SETUID ? "uid" : "gid";

	err_set(e, code, "cannot become %s %u", what, id);
	if (code == -EINVAL)
		err_hint(e, "%s %u is not mapped in this user namespace", what, id);
	return needs(code, cap, e);
}

/* An unmapped id is EINVAL; it stays what it is then. */
static int become_root(const struct creds *c, struct err *e)
{
	int r = c->set_gid ? 0 : set_groups(c, e);

	if (r < 0)
		return r;
	if (!c->set_gid && setresgid(0, 0, 0) < 0 && errno != EINVAL)
		return id_failed(-errno, CAP_SETGID, 0, e);
	if (!c->set_uid && setresuid(0, 0, 0) < 0 && errno != EINVAL)
		return id_failed(-errno, CAP_SETUID, 0, e);
	return 0;
}

static int set_ids(const struct creds *c, struct err *e)
{
	int r = c->set_gid ? set_groups(c, e) : 0;

	if (r < 0)
		return r;
	if (c->set_gid && setresgid(c->set_real ? c->rgid : c->gid, c->gid, c->gid) < 0)
		return id_failed(-errno, CAP_SETGID, c->gid, e);
	if (c->root_if_mapped)
		r = become_root(c, e);
	if (r < 0)
		return r;
	if (c->set_uid && setresuid(c->set_real ? c->ruid : c->uid, c->uid, c->uid) < 0)
		return id_failed(-errno, CAP_SETUID, c->uid, e);
	return 0;
}

static int drop_bounding(uint64_t drop, struct err *e)
{
	uint64_t bounding = caps_bounding();

	for (int cap = 0; cap < 64; cap++) {
		int r = bounding & drop & CAP_BIT(cap) ? caps_bounding_drop(cap) : 0;

		if (r < 0)
			return needs(
				err_set(e, r, "cannot drop %s from the bounding set", label(cap)),
				CAP_SETPCAP, e);
	}
	return 0;
}

/* The ambient set is what carries capabilities of an ordinary user through an exec. */
static int keep_ambient(uint64_t caps, struct err *e)
{
	for (int cap = 0; cap < 64; cap++) {
		int r = caps & CAP_BIT(cap) ? caps_ambient_raise(cap) : 0;

		if (r < 0)
			return err_set(e, r, "cannot keep %s for the command", label(cap));
	}
	return 0;
}

static int set_caps(const struct creds *c, struct err *e)
{
	struct caps caps;
	int r = caps_get(&caps);

	if (r < 0)
		return err_set(e, r, "cannot read the capabilities");
	caps.permitted &= ~c->drop;
	caps.effective = c->keep_caps ? caps.permitted : caps.effective & ~c->drop;
	caps.inheritable = c->keep_caps ? caps.permitted : caps.inheritable & ~c->drop;
	r = caps_set(&caps);
	if (r < 0)
		return err_set(e, r, "cannot set the capabilities");
	return c->keep_caps ? keep_ambient(caps.permitted, e) : 0;
}

int creds_apply(const struct creds *c, struct err *e)
{
	int r = c->drop ? drop_bounding(c->drop, e) : 0;

	if (r < 0)
		return r;
	if ((c->keep_caps || c->sets) && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot keep the capabilities");
	r = set_ids(c, e);
	if (r < 0)
		return r;
	if (c->sets)
		r = cap_plan_apply(c->sets, c->loose, e);
	else if (c->keep_caps || c->drop)
		r = set_caps(c, e);
	if (r < 0)
		return r;
	if (c->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(e, -errno, "cannot set no_new_privs");
	return 0;
}
