/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "set_resolve.h"

#include "../base/fd.h"
#include "setstate.h"

#include <errno.h>

static int is_stale(const struct registry *r, const struct nsset *set, struct err *e)
{
	const char *type = ns_types[__builtin_ctz(set->missing)].name;

	if (set->info.holder.pid)
		err_say(e, -ESTALE, "the set '%s' is stale: the process that held it has ended",
			set->name);
	else
		err_say(e, -ESTALE,
			"the set '%s' is stale: its %s namespace is not bound at %s/%s/%s",
			set->name, type, r->path, set->name, type);
	err_hint(e,
		 "it was made in another mount namespace, or taken apart by hand; 'nstool bind-ns "
		 "--remove %s' removes what is left",
		 set->name);
	return -ESTALE;
}

int set_resolve(int proc, const char *name, struct target *t, struct err *e)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_nsset struct nsset set = NSSET_NONE;
	int rc = registry_open(&r, proc, e);

	if (rc == 0)
		rc = registry_load(&r, name, &set, e);
	if (rc == 0 && set.missing)
		rc = is_stale(&r, &set, e);
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
