/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: names for sets of namespaces that outlive processes. */
#include "bind.h"

#include <errno.h>

#define O			    struct bind_opts
#define TYPE(letter, name, t, what) FLAG(letter, name, O, type[t], "the " what " namespace")

static const struct opt bind_opts[] = {
	VALUE('t', "target", &arg_ref, O, target, "whose namespaces get the name"),
	VALUE('l', "join", &arg_bound, O, join,
	      "run COMMAND in a set; 0: the host; -PID: a process"),
	FLAG(0, "new", O, make, "make new namespaces for it"),
	TYPE('m', "mount", NS_MNT, "mount"),
	TYPE('u', "uts", NS_UTS, "UTS"),
	TYPE('i', "ipc", NS_IPC, "IPC"),
	TYPE('n', "net", NS_NET, "network"),
	TYPE('p', "pid", NS_PID, "pid"),
	TYPE('U', "user", NS_USER, "user"),
	TYPE('C', "cgroup", NS_CGROUP, "cgroup"),
	TYPE('T', "time", NS_TIME, "time"),
	FLAG(0, "list", O, list, "show the sets"),
	VALUE('o', "output", &arg_set_columns, O, columns,
	      "with --list: these columns; +COLUMNS: these too"),
	FLAG('J', "json", O, json, "write JSON"),
	FLAG(0, "remove", O, remove, "remove sets"),
	FLAG(0, "dead", O, dead, "with --remove: those that cannot be entered any more"),
	FLAG(0, "rename", O, rename, "give set A the name B"),
	VALUE(0, "add", &arg_types, O, add, "add these types, of -t or the caller"),
	VALUE(0, "drop", &arg_types, O, drop, "take these types out"),
	VALUE(0, "identify", &arg_ref, O, identify, "which sets these namespaces are in"),
	VALUE(0, "pids", &arg_set, O, pids, "which processes are in a set"),
	FLAG(0, "monitor", O, monitor, "show sets as they come and go"),
	VALUE(0, "export", &arg_set, O, export, "paths of a set, as shell variables"),
	FLAG(0, "replace", O, replace, "take the name from a set that has it"),
	FLAG(0, "alias", O, alias, "even if the namespaces have a name already"),
	FLAG(0, "holder", O, holder, "have a process hold the namespaces, not mounts"),
	FLAG(0, "netns", O, netns, "give the network namespace the name in 'ip netns', too"),
	FLAG('a', "all", struct unshare_opts, all, "with --new: every type that this kernel has"),
	SETUP_OPTIONS(struct unshare_opts),
	OWN_SETUP_OPTIONS(struct unshare_opts),
};

unsigned bind_types(const struct bind_opts *o)
{
	unsigned types = 0;

	for (int t = 0; t < NS_NTYPES; t++)
		types |= o->type[t] ? 1U << t : 0;
	return types;
}

/* What can be asked for, and with how many operands. */
struct action {
	const char *name;
	int min, max;
	int (*act)(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e);
};

#define MANY 1000000
enum {
	JOIN,
	NEW,
	LIST,
	REMOVE,
	RENAME,
	CHANGE,
	IDENTIFY,
	PIDS,
	MONITOR,
	EXPORT,
	EXISTING, /* if nothing else is asked for */
	NACTIONS,
};

static const struct action actions[] = {
	[JOIN] = { "--join", 0, MANY, bind_join },
	[NEW] = { "--new", 1, 1, bind_new },
	[LIST] = { "--list", 0, 0, bind_list },
	[REMOVE] = { "--remove", 1, MANY, bind_remove },
	[RENAME] = { "--rename", 2, 2, bind_rename },
	[CHANGE] = { "--add and --drop", 1, 1, bind_change },
	[IDENTIFY] = { "--identify", 0, 0, bind_identify },
	[PIDS] = { "--pids", 0, 0, bind_pids },
	[MONITOR] = { "--monitor", 0, 0, bind_monitor },
	[EXPORT] = { "--export", 0, 0, bind_export },
	[EXISTING] = { "bind-ns", 1, 1, bind_existing },
};

/* The one thing that is asked for; NULL, with a sentence, if there are two. */
static const struct action *choose(const struct bind_opts *o, struct err *e)
{
	const bool asked[NACTIONS] = {
		[JOIN] = o->join.text,	       [NEW] = o->make,	     [LIST] = o->list,
		[REMOVE] = o->remove,	       [RENAME] = o->rename, [CHANGE] = o->add || o->drop,
		[IDENTIFY] = o->identify.text, [PIDS] = o->pids,     [MONITOR] = o->monitor,
		[EXPORT] = o->export,
	};
	const struct action *chosen = NULL;

	for (int i = 0; i < NACTIONS; i++) {
		if (!asked[i])
			continue;
		if (chosen) {
			err_say(e, -EINVAL, "%s and %s exclude each other", chosen->name,
				actions[i].name);
			return NULL;
		}
		chosen = &actions[i];
	}
	return chosen ? chosen : &actions[EXISTING];
}

static int check_count(const struct action *a, const struct bind_opts *o, int argc, struct err *e)
{
	if (argc < a->min && !o->dead)
		return err_say(e, -EINVAL, "%s needs %s", a->name,
			       a->min == 2 ? "two names" : "a name");
	if (argc > a->max)
		return err_say(e, -EINVAL, "%s takes %s", a->name,
			       a->max == 2   ? "two names"
			       : a->max == 1 ? "one name"
					     : "no more words");
	return 0;
}

#define MAKES (1U << NEW | 1U << EXISTING)

/* Whether an option of new namespaces was given: where none is, nothing is set. */
static bool says_how_fresh(const struct unshare_opts *fresh)
{
	const char *bytes = (const char *)fresh;

	for (size_t i = 0; i < sizeof(*fresh); i++)
		if (bytes[i])
			return true;
	return false;
}

/* Options that say how, and with what: with which actions they go. */
static int check_manner(const struct bind_opts *o, const struct action *a, struct err *e)
{
	const struct {
		bool given;
		unsigned with; /* as bits */
		const char *sentence;
	} manners[] = {
		{ o->dead, 1U << REMOVE, "--dead goes with --remove" },
		{ o->columns, o->json ? 0 : 1U << LIST,
		  "--output goes with --list, without --json" },
		{ o->json, 1U << LIST | 1U << IDENTIFY | 1U << MONITOR,
		  "--json goes with --list, --identify or --monitor" },
		{ o->target.text, 1U << EXISTING | 1U << CHANGE,
		  "--target says whose namespaces get a name, or are added" },
		{ bind_types(o), MAKES | 1U << JOIN | 1U << IDENTIFY | 1U << PIDS,
		  "letters of types go with a name, --new, --join, --identify or --pids" },
		{ o->replace || o->alias || o->holder, MAKES | 1U << CHANGE,
		  "--replace, --alias and --holder say how a set is made" },
		{ o->netns, MAKES, "--netns goes with a new name" },
		{ says_how_fresh(&o->fresh), 1U << NEW, "options of new namespaces go with --new" },
	};

	for (size_t i = 0; i < ARRAY_LEN(manners); i++)
		if (manners[i].given && !(manners[i].with & 1U << (a - actions)))
			return err_say(e, -EINVAL, "%s", manners[i].sentence);
	return 0;
}

/* What there is to do about a failure, where nothing more exact is known. */
static void hint(int code, struct err *e)
{
	switch (code) {
	case -EINVAL:
		err_hint(e, "'nstool bind-ns --help' shows what can be said");
		break;
	case -ESRCH:
		err_hint(e, "it has ended, or has another pid in this pid namespace: 'nstool list' "
			    "shows processes");
		break;
	case -EPERM:
	case -EACCES:
		err_hint(e, "this takes CAP_SYS_ADMIN in the user namespace that owns this mount "
			    "namespace, and a security policy that allows it: run nstool as root, "
			    "or have a process hold the set (--holder)");
		break;
	case -ECHILD:
		err_hint(e, "'nstool bind-ns --list' shows whether the set is there: it is whole "
			    "then");
		break;
	case -EMFILE:
		err_hint(e, "'ulimit -n' shows and sets how many there may be");
		break;
	case -EROFS:
		err_hint(e, "sets are kept in /run, which must be writable");
		break;
	}
}

static int run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct bind_opts *o = opts;
	const struct action *a = choose(o, e);
	int r = a ? check_manner(o, a, e) : -EINVAL;

	if (r == 0)
		r = check_count(a, o, argc, e);
	if (r == 0)
		r = a->act(ctx, o, argv, e);
	if (r < 0 && e && !e->hint)
		hint(r, e);
	return r;
}

/* The rest names sets, or makes what it names. */
static bool has_target(const void *opts)
{
	const struct bind_opts *o = opts;

	return choose(o, NULL) == &actions[EXISTING] || o->add;
}

static const char *const aliases[] = { "bindns", "bind_ns", NULL };
static const struct operand operands[] = { { &arg_set, OPERAND_COMMAND } };

const struct applet applet_bind_ns = {
	.name = "bind-ns",
	.aliases = aliases,
	.summary = "give sets of namespaces names that outlive processes, join them",
	.opts = bind_opts,
	.nopts = ARRAY_LEN(bind_opts),
	.opts_size = sizeof(struct bind_opts),
	.opts_done = unshare_opts_done,
	.operands = operands,
	.noperands = ARRAY_LEN(operands),
	.command_with = "join",
	.exit = EXIT_AS_RUNNER,
	.where = APPLET_CHILD,
	.here = "target",
	.has_target = has_target,
	.run = run,
};
