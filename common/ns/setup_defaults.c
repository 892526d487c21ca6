/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup.h"

#include "../base/str.h"

#define BIT(type) (1U << (type))

/* Programs that know how to be the first process of a pid namespace. */
static const char *const inits[] = {
	"catatonit",  "docker-init",   "dumb-init", "finit",   "init", "openrc-init", "runit",
	"runit-init", "s6-linux-init", "s6-svscan", "systemd", "tini", "tini-static",
};

static bool is_init(const char *command)
{
	const char *slash = strrchr(command, '/');
	const char *name = slash ? slash + 1 : command;

	for (size_t i = 0; i < ARRAY_LEN(inits); i++)
		if (str_is(name, inits[i]))
			return true;
	return false;
}

/* The types without which other wishes cannot be fulfilled. */
static unsigned needed_types(const struct setup *s)
{
	unsigned types = 0;

	if (s->monotonic.set || s->boottime.set)
		types |= BIT(NS_TIME);
	if (s->hostname || s->domainname)
		types |= BIT(NS_UTS);
	if (s->lo || s->nlinks)
		types |= BIT(NS_NET);
	if (s->init == INIT_YES)
		types |= BIT(NS_PID);
	if (s->nmounts || s->pivot)
		types |= BIT(NS_MNT);
	return types;
}

static void add_user_namespace(struct setup *s, const struct setup_facts *f, const char **note)
{
	if (f->has_admin || s->types & BIT(NS_USER) || !s->types)
		return;
	s->types |= BIT(NS_USER);
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		vec_push(&s->maps[k].ranges, { f->ids.own[k], f->ids.own[k], 1 });
	*note = "the caller lacks CAP_SYS_ADMIN, so a user namespace was made too, with the "
		"caller's own ids (-r: as root in it)";
}

static void add_for_pid(struct setup *s)
{
	bool has_command = s->argv && s->argv[0];

	s->fork = true;
	if (s->types & BIT(NS_MNT) && !s->proc && !s->no_proc) {
		s->proc = "/proc";
		s->proc_optional = true;
	}
	if (s->init == INIT_AUTO)
		s->init = has_command && is_init(s->argv[0]) ? INIT_NO : INIT_YES;
}

void setup_defaults(struct setup *s, const struct setup_facts *f, const char **note)
{
	s->types |= needed_types(s);
	add_user_namespace(s, f, note);
	if (s->types & BIT(NS_PID))
		add_for_pid(s);
	/* Before Linux 6.1 an exec does not enter the new time namespace, a child always does. */
	s->fork |= (s->types & BIT(NS_TIME)) != 0;
	if (s->types & BIT(NS_NET) && !s->no_lo)
		s->lo = true;
	s->mqueue = (s->types & BIT(NS_IPC)) && (s->types & BIT(NS_MNT));
	s->create = true;
	/* What outlives a failure to run the command is undone by the parent. */
	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		s->fork |= s->persist[t] != NULL;
	s->fork |= s->pid_file || s->detach || s->keep || s->nlinks || s->main;
}
