/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "set_resolve.h"

#include "../base/fd.h"
#include "setstate.h"

#include <errno.h>

static int is_not_bound(const struct registry *r, const struct nsset *set, unsigned missing,
			struct err *e)
{
	const char *type = ns_types[__builtin_ctz(missing)].name;

	err_say(e, -ESTALE, "the set '%s' is stale: its %s namespace is not bound at %s/%s/%s",
		set->name, type, r->path, set->name, type);
	err_hint(e,
		 "it was made in another mount namespace or before the machine was started, or "
		 "taken apart by hand; 'nstool bind-ns --remove %s' removes what is left",
		 set->name);
	return -ESTALE;
}

static int is_not_held(const struct nsset *set, struct err *e)
{
	switch (set->held) {
	case -EXDEV:
		err_say(e, -ESTALE,
			"the set '%s' is stale here: process %d, which holds it, is in another pid "
			"namespace",
			set->name, set->info.holder.pid);
		err_hint(e, "it can be entered in the pid namespace in which it was made");
		break;
	case -EACCES:
	case -EPERM:
		err_say(e, -ESTALE,
			"the set '%s' is stale here: process %d, which holds it, cannot be looked "
			"into",
			set->name, set->info.holder.pid);
		err_hint(e, "it can be entered in the user namespace in which it was made, or in "
			    "one above that");
		break;
	default:
		err_say(e, -ESTALE, "the set '%s' is stale: the process that held it has ended",
			set->name);
		err_hint(e, "'nstool bind-ns --remove %s' removes what is left", set->name);
	}
	return -ESTALE;
}

int set_check_whole(const struct registry *r, const struct nsset *set, unsigned types,
		    struct err *e)
{
	unsigned missing = set->missing & types;

	if (!missing)
		return 0;
	return set->info.holder.pid ? is_not_held(set, e) : is_not_bound(r, set, missing, e);
}

int set_resolve(int proc, const char *name, struct target *t, struct err *e)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_nsset struct nsset set = NSSET_NONE;
	int rc = registry_open(&r, proc, e);

	if (rc == 0)
		rc = registry_load(&r, name, &set, e);
	if (rc == 0)
		rc = set_check_whole(&r, &set, NS_ALL, e);
	if (rc < 0)
		return rc;
	t->kind = TARGET_NAMESPACES;
	for (enum ns_type type = 0; type < NS_NTYPES; type++)
		if (set.ns[type] >= 0)
			target_add(t, type, take_fd(&set.ns[type]));
	return 0;
}

int set_check_enterable(const struct target *t, struct err *e)
{
	if (t->kind != TARGET_NAMESPACES || t->ns[NS_PID] < 0 || !pidns_is_dead(t->ns[NS_PID]))
		return 0;
	err_say(e, -ESRCH, "%s is dead: the first process of its pid namespace has ended",
		t->label);
	err_hint(e, "the kernel lets no process into it any more; the other namespaces can be "
		    "entered by naming their types");
	return -ESRCH;
}
