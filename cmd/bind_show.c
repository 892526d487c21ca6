/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: which sets something is in, who is in a set, and where it is. */
#include "bind.h"
#include "bind_view.h"

#include "../common/ns/resolve.h"
#include "../common/ns/set_resolve.h"
#include "../common/out/flush.h"
#include "../common/out/json.h"

#include <errno.h>

struct identify {
	ino_t ino[NS_NTYPES];
	unsigned wanted;
	struct json *json; /* or NULL: text */
	struct json_object *list;
};

static void add_match(struct identify *i, FILE *out, const char *name, unsigned types, bool whole)
{
	auto_str struct str s = { 0 };
	struct json_object *o, *list;

	if (!i->json) {
		view_add_types(&s, types);
		fprintf(out, "%s\t%s\n", name, whole ? "whole" : str_text(&s));
		return;
	}
	o = json_map(i->json);
	list = json_list(i->json);
	for (int t = 0; t < NS_NTYPES; t++)
		if (types & 1U << t)
			json_append(i->json, list, json_string(i->json, ns_types[t].name));
	json_set(i->json, o, "name", json_string(i->json, name));
	json_set(i->json, o, "whole", json_boolean(i->json, whole));
	json_set(i->json, o, "types", list);
	json_append(i->json, i->list, o);
}

static int identify_set(struct view *v, const struct nsset *set, void *data)
{
	struct identify *i = data;
	unsigned types = 0;

	for (int t = 0; t < NS_NTYPES; t++)
		if (i->ino[t] && set->ns[t] >= 0 && set->info.ns[t].ino == i->ino[t])
			types |= 1U << t;
	if (types & i->wanted)
		add_match(i, v->out, set->name, types, types == setinfo_types(&set->info));
	return 0;
}

static int find_inodes(const struct view *v, const struct ref *ref, struct identify *i,
		       struct err *e)
{
	auto_resolver struct resolver resolver = { .proc = v->proc };
	auto_target struct target t = TARGET_NONE;
	int r = resolve_ref(&resolver, ref, &t, e);

	for (enum ns_type type = 0; r == 0 && type < NS_NTYPES; type++) {
		int fd = t.types & 1U << type ? target_ns(&t, type, e) : -ENOENT;

		if (fd >= 0)
			i->ino[type] = fd_inode(fd);
		else if (fd == -EACCES || fd == -EPERM)
			r = target_refused(&t, fd, e);
		else if (e) /* this kernel has none of that type */
			err_done(e);
	}
	return r < 0 ? r : target_check(&t, e);
}

static int write_matches(struct view *v, struct identify *i, struct err *e)
{
	auto_json struct json *j = NULL;
	struct json_object *o;
	int r = json_new(&j, e);

	if (r < 0)
		return r;
	i->json = j;
	i->list = json_list(j);
	r = view_each(v, identify_set, i, e);
	o = json_map(j);
	json_set(j, o, "sets", i->list);
	if (r == 0)
		return json_write(j, o, JSON_PRETTY, v->out, e);
	json_drop(j, o);
	return r;
}

int bind_identify(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(view_done) struct view v = VIEW(ctx);
	struct identify i = { .wanted = bind_types(o) ? bind_types(o) : NS_ALL };
	int r = view_look(&v, false, e);

	(void)argv;
	if (r == 0)
		r = find_inodes(&v, &o->identify, &i, e);
	if (r < 0 || o->json)
		return r < 0 ? r : write_matches(&v, &i, e);
	r = view_each(&v, identify_set, &i, e);
	return r < 0 ? r : out_flush(v.out, e);
}

/* --- --pids, --export */

int bind_pids(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(view_done) struct view v = VIEW(ctx);
	auto_call(set_pids_done) struct set_pids members = { 0 };
	auto_nsset struct nsset set = NSSET_NONE;
	int r = view_look(&v, true, e);

	(void)argv;
	if (r == 0)
		r = registry_load(&v.registry, o->pids, &set, e);
	if (r < 0)
		return r;
	set_members(&set, &v.graph, bind_types(o) ? bind_types(o) : NS_ALL, &members);
	for (size_t i = 0; i < members.pids.n; i++)
		fprintf(v.out, "%d\n", members.pids.v[i]);
	return out_flush(v.out, e);
}

int bind_export(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	static const char *const variables[NS_NTYPES] = {
		"NSTOOL_MNT", "NSTOOL_UTS",  "NSTOOL_IPC",    "NSTOOL_NET",
		"NSTOOL_PID", "NSTOOL_USER", "NSTOOL_CGROUP", "NSTOOL_TIME",
	};
	auto_call(view_done) struct view v = VIEW(ctx);
	auto_nsset struct nsset set = NSSET_NONE;
	int r = view_look(&v, false, e);

	(void)argv;
	if (r == 0)
		r = registry_load(&v.registry, o->export, &set, e);
	if (r == 0)
		r = set_check_whole(&v.registry, &set, NS_ALL, e);
	if (r < 0)
		return r;
	fprintf(v.out, "NSTOOL_SET=%s\n", set.name);
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		auto_free char *path = set.ns[t] >= 0 ? set_path(&set, t) : NULL;

		if (path)
			fprintf(v.out, "%s=%s\n", variables[t], path);
	}
	return out_flush(v.out, e);
}
