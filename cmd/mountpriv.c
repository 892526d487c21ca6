/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: mounts that one user namespace alone can use. */
#include "mountpriv.h"

#include "../common/base/str.h"
#include "../common/cli/candidates.h"
#include "../common/cli/complete_names.h"
#include "../common/cli/kinds.h"

#include <errno.h>

#define O struct mountpriv_opts

static int parse_text(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word ? word : "";
	return 0;
}

/* The source of a type is a device or a file. */
static void complete_fresh(struct candidates *ret)
{
	static const char *const types[] = { "tmpfs",  "ext4:",	    "xfs:",
					     "btrfs:", "squashfs:", "erofs:" };
	const char *colon = strchr(ret->typed, ':');

	ret->files = colon;
	if (colon)
		candidates_settle(ret, (size_t)(colon + 1 - ret->typed));
	for (size_t i = 0; !colon && i < ARRAY_LEN(types); i++)
		candidates_add(ret, types[i], NULL);
}

static const struct arg_kind arg_fresh = { "TYPE[:SOURCE]", sizeof(char *), parse_text, NULL,
					   complete_fresh };

static const struct opt opts[] = {
	MAYBE(0, "fresh", &arg_fresh, O, fresh, "a new file system (a tmpfs) instead of SRC"),
	VALUE('o', "options", &arg_mount_options, O, mount_options,
	      "as of mount(8); nosuid,nodev without"),
	VALUE('t', "target", &arg_ref, O, target, "for the user namespace of this one"),
	FLAG(0, "make-private", O, make_private, "with -t: even if DST is in a shared mount"),
	FLAG(0, "remove", O, remove, "unmount DST, with -t as the target sees it"),
	FLAG(0, "recursive", O, recursive, "with what is mounted below SRC"),
	VALUE(0, "idmap", &arg_mount_idmap, O, idmap,
	      "which ids the files have in the mount; repeatable"),
	VALUE(0, "propagation", &arg_mount_propagation, O, propagation,
	      "of what is mounted outside later: private, slave"),
	FLAG(0, "no-nested-userns", O, no_nested, "allow no user namespaces inside"),
	VALUE(0, "name", &arg_set, O, name, "bind the namespaces as this set, see bind-ns"),
	FLAG(0, "private-ids", O, private_ids, "map 65536 ids that nobody else has"),
	MAP_OPTIONS(struct unshare_opts),
	FLAG(0, "list", O, list, "show the mounts that one user namespace alone can use"),
	FLAG(0, "verify", O, verify, "try to use a private mount as others, say who can"),
	FLAG('J', "json", O, json, "with --list and --verify: write JSON"),
};

static void opts_done(void *fields)
{
	struct mountpriv_opts *o = fields;

	unshare_opts_done(&o->ids);
	vec_done(&o->mount_options);
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_done(&o->idmap.given[k]);
}

static bool chooses_ids(const struct unshare_opts *o)
{
	return o->map_user.set || o->map_group.set || o->map_users.n || o->map_groups.n ||
	       o->map_root || o->map_current || o->map_auto || o->map_subids;
}

/* Options that mean nothing together. */
static int check(const struct mountpriv_opts *o, bool command, struct err *e)
{
	const char *const target = o->target.text;
	const struct {
		bool wrong;
		const char *sentence;
	} rules[] = {
		{ o->json, "-J is for --list and --verify" },
		{ o->make_private && (!target || command),
		  "--make-private is for -t without a COMMAND" },
		{ o->name && target, "--name and -t exclude each other" },
		{ o->no_nested && target,
		  "--no-nested-userns is for a new user namespace, not for that of -t" },
		{ target && !command && (o->private_ids || chooses_ids(&o->ids)),
		  "-t without a COMMAND has its ids: no --private-ids, no --map-..." },
		{ o->private_ids && chooses_ids(&o->ids),
		  "--private-ids and --map-... exclude each other" },
		{ o->fresh && o->recursive, "--fresh has nothing below it: not with --recursive" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i].wrong)
			return err_say(e, -EINVAL, "%s", rules[i].sentence);
	return 0;
}

static bool chooses_mount(const struct mountpriv_opts *o)
{
	return o->fresh || o->mount_options.n || o->recursive || o->idmap.kind || o->propagation ||
	       o->no_nested || o->make_private || o->name || o->private_ids || chooses_ids(&o->ids);
}

/* --list and --verify take one word at most, and few of the options. */
static int look(struct ctx *ctx, const struct mountpriv_opts *o, int argc, char **argv,
		struct err *e)
{
	if (o->list + o->verify + o->remove > 1)
		return err_say(e, -EINVAL, "--list, --verify and --remove exclude each other");
	if (chooses_mount(o) || (o->list && o->target.text))
		return err_say(e, -EINVAL, "beside %s there can be only %s",
			       o->list ? "--list" : "--verify", o->list ? "-J" : "-t and -J");
	if (argc > 1)
		return err_say(e, -EINVAL, "%s",
			       o->list ? "--list takes one REF" : "--verify takes one DST");
	return o->list ? mountpriv_list(ctx, o, argv, e) : mountpriv_verify(ctx, o, argv, e);
}

static int take_away(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	if (chooses_mount(o) || o->json)
		return err_say(e, -EINVAL, "beside --remove there can be only -t");
	return mountpriv_remove(ctx, o, argv, e);
}

static int run(struct ctx *ctx, const void *fields, int argc, char **argv, struct err *e)
{
	const struct mountpriv_opts *o = fields;
	bool command = argc > (o->fresh ? 1 : 2);
	int r;

	if (o->list || o->verify)
		return look(ctx, o, argc, argv, e);
	if (o->remove)
		return take_away(ctx, o, argv, e);
	r = check(o, command, e);
	if (r < 0)
		return r;
	if (!o->target.text)
		return mountpriv_run(ctx, o, argv, e);
	return command ? mountpriv_copy(ctx, o, argv, e) : mountpriv_attach(ctx, o, argv, e);
}

/* Behind --list the word is no path. */
static void complete_src(struct candidates *ret)
{
	if (ret->before && str_is(ret->before, "--list"))
		arg_ref.complete(ret);
	else
		complete_file(ret);
}

static const struct arg_kind arg_src = { "SRC", sizeof(char *), NULL, NULL, complete_src };
static const struct arg_kind arg_dst = { "DST", sizeof(char *), NULL, NULL, complete_file };

static const struct operand operands[] = {
	{ &arg_src, OPERAND_MAYBE },
	{ &arg_dst, OPERAND_MAYBE },
	{ &arg_command, OPERAND_COMMAND },
};

const struct applet applet_mountpriv = {
	.name = "mountpriv",
	.summary = "a bind mount private to a user namespace",
	.opts = opts,
	.nopts = ARRAY_LEN(opts),
	.opts_size = sizeof(struct mountpriv_opts),
	.opts_done = opts_done,
	.operands = operands,
	.noperands = ARRAY_LEN(operands),
	.replaces_first = "fresh",
	.exit = EXIT_AS_RUNNER,
	.where = APPLET_CHILD,
	.run = run,
};
