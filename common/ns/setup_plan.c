/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup.h"

#include "../base/str.h"

#include <errno.h>

#define BIT(type) (1U << (type))

const char *const step_names[STEP_NSTEPS] = {
	[STEP_OUTSIDE] = "outside",
	[STEP_CGROUP] = "cgroup",
	[STEP_HARD_LIMITS] = "hard-limits",
	[STEP_OWNER] = "owner",
	[STEP_KEEPER] = "keeper",
	[STEP_STAGE] = "stage",
	[STEP_UNSHARE] = "unshare",
	[STEP_SETGROUPS] = "setgroups",
	[STEP_MAP_UID] = "map-uid",
	[STEP_MAP_GID] = "map-gid",
	[STEP_NO_NESTED] = "no-nested",
	[STEP_OFFSETS] = "offsets",
	[STEP_PARENT] = "parent",
	[STEP_COMMAND] = "command",
	[STEP_PROPAGATION] = "propagation",
	[STEP_HOSTNAME] = "hostname",
	[STEP_DOMAINNAME] = "domainname",
	[STEP_LO] = "lo",
	[STEP_SOURCES] = "sources",
	[STEP_INTERP_FIRST] = "interp-first",
	[STEP_PIVOT] = "pivot",
	[STEP_CHROOT] = "chroot",
	[STEP_PROC] = "proc",
	[STEP_MQUEUE] = "mqueue",
	[STEP_BINFMT] = "binfmt",
	[STEP_INTERP] = "interp",
	[STEP_MOUNTS] = "mounts",
	[STEP_OLD_ROOT] = "old-root",
	[STEP_WD] = "wd",
	[STEP_LIMITS] = "limits",
};

static bool persists(const struct setup *s)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		if (s->persist[t])
			return true;
	return s->pid_file || s->keep || s->nlinks;
}

static bool maps_from_outside(const struct idmap_plan *ids)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		if (ids->writer[k] == WRITER_ROOT || ids->writer[k] == WRITER_HELPER)
			return true;
	return false;
}

static bool raises_limits(const struct setup *s, const struct setup_facts *f)
{
	for (size_t i = 0; i < s->nlimits; i++)
		if (s->limits[i].value.rlim_max > f->hard[s->limits[i].resource])
			return true;
	return false;
}

/* The F flag of binfmt_misc has the interpreter opened when the line is written. */
static bool opens_interp(const struct setup *s)
{
	const char *flags = s->interp ? strrchr(s->interp, ':') : NULL;

	return flags && strchr(flags, 'F') && s->root;
}

/* Behind a stage the user namespace has its ids before it is entered. */
static bool writes_ids(enum step step, const struct idmap_plan *ids)
{
	if (step == STEP_SETGROUPS)
		return ids->write_setgroups;
	return ids->writer[step == STEP_MAP_UID ? ID_USER : ID_GROUP] != WRITER_NONE;
}

static bool is_wanted(enum step step, const struct setup *s, const struct setup_facts *f,
		      const struct idmap_plan *ids)
{
	switch (step) {
	case STEP_PARENT:
		return s->die_with_parent && s->fork;
	case STEP_OUTSIDE:
		return persists(s) || (!s->stage && maps_from_outside(ids));
	case STEP_CGROUP:
		return s->cgroup;
	case STEP_HARD_LIMITS:
		return raises_limits(s, f);
	case STEP_OWNER:
		return s->set_owner;
	case STEP_KEEPER:
	case STEP_STAGE:
		return s->stage && (step == STEP_STAGE || !f->has_admin);
	case STEP_UNSHARE:
	case STEP_COMMAND:
		return true;
	case STEP_SETGROUPS:
	case STEP_MAP_UID:
	case STEP_MAP_GID:
		return !s->stage && s->types & BIT(NS_USER) && writes_ids(step, ids);
	case STEP_NO_NESTED:
		return s->no_nested_userns;
	case STEP_OFFSETS:
		return s->monotonic.set || s->boottime.set;
	case STEP_PROPAGATION: /* the stage has it */
		return !s->stage && s->types & BIT(NS_MNT) && s->propagation != PROPAGATION_KEEP;
	case STEP_HOSTNAME:
		return s->hostname;
	case STEP_DOMAINNAME:
		return s->domainname;
	case STEP_LO:
		return s->lo;
	case STEP_SOURCES:
		return s->nmounts || (s->bind_proc && s->proc && s->root);
	case STEP_MOUNTS:
		return s->nmounts;
	case STEP_INTERP_FIRST:
		return opens_interp(s);
	case STEP_PIVOT:
	case STEP_OLD_ROOT:
		return s->root && s->pivot;
	case STEP_CHROOT:
		return s->root && !s->pivot;
	case STEP_PROC:
		return s->proc;
	case STEP_MQUEUE:
		return s->mqueue;
	case STEP_BINFMT:
		return s->binfmt;
	case STEP_INTERP:
		return s->interp && !opens_interp(s);
	case STEP_WD:
		return s->wd || s->root;
	case STEP_LIMITS:
		return s->nlimits;
	case STEP_NSTEPS:
		break;
	}
	return false;
}

/* Wishes that only some type can fulfil, in the words of the options. */
static int check_types(const struct setup *s, struct err *e)
{
	const struct {
		bool wished;
		enum ns_type type;
		const char *what;
	} needs[] = {
		{ s->monotonic.set || s->boottime.set, NS_TIME, "--monotonic and --boottime" },
		{ s->hostname || s->domainname, NS_UTS, "--hostname and --domainname" },
		{ s->lo, NS_NET, "--lo" },
		{ s->nlinks, NS_NET, "--move-link" },
		{ s->init == INIT_YES, NS_PID, "--init" },
		{ s->stage, NS_MNT, "private mounts" },
		{ s->stage, NS_USER, "private mounts" },
		{ s->no_nested_userns, NS_USER, "limits of user namespaces" },
		{ s->creds.keep_caps, NS_USER, "--keep-caps" },
		{ s->setgroups != SETGROUPS_KEEP, NS_USER, "--setgroups" },
		{ s->proc || s->binfmt || s->nmounts || s->pivot, NS_MNT, "mounts" },
	};

	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		if (needs[i].wished && !(s->types & BIT(needs[i].type)))
			return err_say(e, -EINVAL, "a new %s namespace (-%c) is needed for %s",
				       ns_types[needs[i].type].name, ns_types[needs[i].type].letter,
				       needs[i].what);
	return 0;
}

static int check(const struct setup *s, struct err *e)
{
	int r = check_types(s, e);

	for (enum id_kind k = 0; r == 0 && k < ID_NKINDS; k++)
		r = idmap_check(&s->maps[k], k, e);
	if (r < 0)
		return r;
	if (s->persist[NS_PID] && !s->fork)
		return err_say(e, -EINVAL,
			       "a pid namespace has no file before its first process "
			       "is there: --pid=FILE needs --fork");
	if (s->detach && (s->kill_child || s->die_with_parent))
		return err_say(e, -EINVAL,
			       "a command that is detached outlives its parent: not with "
			       "--kill-child or --die-with-parent");
	if (s->init == INIT_YES && !s->fork)
		return err_say(e, -EINVAL, "--init needs --fork");
	return 0;
}

int setup_plan(const struct setup *s, const struct setup_facts *f, struct setup_plan *ret,
	       struct err *e)
{
	struct setup_plan p = { 0 };
	struct idmap_facts ids = f->ids;
	int r = check(s, e);

	ids.changes_owner = s->set_owner;
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		ids.can[k] |= is_wanted(STEP_KEEPER, s, f, NULL);
	if (r == 0)
		r = idmap_plan(s->maps, &ids, s->setgroups, &p.ids, e);
	if (r < 0)
		return r;
	for (enum step step = 0; step < STEP_NSTEPS; step++) {
		if (!is_wanted(step, s, f, &p.ids))
			continue;
		if (step == STEP_COMMAND)
			p.ncommand = p.n;
		else
			p.steps[p.n++] = step;
	}
	*ret = p;
	return 0;
}
