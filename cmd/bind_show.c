/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns: what sets there are, what is in them, and which ones something is in. */
#include "bind.h"

#include "../common/base/fd.h"
#include "../common/ns/discover.h"
#include "../common/ns/resolve.h"
#include "../common/ns/setstate.h"
#include "../common/out/flush.h"
#include "../common/out/json.h"
#include "../common/out/table.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <time.h>

/* What all of them look at. */
struct view {
	int proc;
	struct registry registry;
	struct graph graph;
	FILE *out;
};

static int look(struct view *v, bool processes, struct err *e)
{
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	v->proc = r;
	r = registry_open(&v->registry, v->proc, e);
	return r < 0 || !processes ? r : discover(&v->graph, v->proc, SOURCE_PROC, e);
}

static void view_done(struct view *v)
{
	registry_close(&v->registry);
	graph_done(&v->graph);
	cleanup_fd(&v->proc);
}

#define VIEW(ctx)                                                                                  \
	{                                                                                          \
		.proc = -EBADF, .registry = REGISTRY_NONE, .out = (ctx)->out                       \
	}

/* Calls FN with every set; one that is removed meanwhile is passed over. */
static int each_set(struct view *v, int (*fn)(struct view *, const struct nsset *, void *),
		    void *data, struct err *e)
{
	auto_set_names struct set_names names = { 0 };
	int r = registry_names(&v->registry, &names, e);

	for (size_t i = 0; r == 0 && i < names.names.n; i++) {
		auto_nsset struct nsset set = NSSET_NONE;

		r = registry_load(&v->registry, names.names.v[i], &set, e);
		if (r == -ENOENT) {
			err_done(e);
			r = 0;
		} else if (r == 0) {
			r = fn(v, &set, data);
		}
	}
	return r;
}

/* "net,uts" */
static void add_types(struct str *s, unsigned types)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (types & 1U << t)
			str_join(s, ",", ns_types[t].name);
}

/* --- --list */

/* In UTC, as ISO 8601 has it. */
static void add_time(struct str *s, uint64_t seconds)
{
	time_t t = (time_t)seconds;
	char text[32];
	struct tm tm;

	if (gmtime_r(&t, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		str_add(s, text);
}

/* The name of user UID, or its number. */
static void add_user(struct str *s, uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	if (pw)
		str_add(s, pw->pw_name);
	else
		str_addf(s, "%u", uid);
}

struct listing {
	struct table *table;
	struct json *json;
	struct json_object *list;
};

static int list_row(struct view *v, const struct nsset *set, void *data)
{
	struct listing *l = data;
	auto_call(set_pids_done) struct set_pids members = { 0 };
	auto_str struct str types = { 0 }, count = { 0 }, created = { 0 }, user = { 0 };
	uint32_t row = table_row(l->table, TABLE_TOP);

	set_members(set, &v->graph, NS_ALL, &members);
	add_types(&types, setinfo_types(&set->info));
	str_addf(&count, "%zu", members.pids.n);
	add_time(&created, set->info.created);
	add_user(&user, set->info.uid);
	table_cell(l->table, row, 0, set->name);
	table_cell(l->table, row, 1, set_state_names[set_state(set, members.pids.n)]);
	table_cell(l->table, row, 2, str_text(&types));
	table_cell(l->table, row, 3, str_text(&count));
	table_cell(l->table, row, 4, str_text(&created));
	table_cell(l->table, row, 5, str_text(&user));
	return 0;
}

static struct json_object *namespaces_json(struct json *j, const struct setinfo *info)
{
	struct json_object *list = json_list(j);

	for (int t = 0; t < NS_NTYPES; t++) {
		struct json_object *o;

		if (!info->ns[t].ino)
			continue;
		o = json_map(j);
		json_set(j, o, "type", json_string(j, ns_types[t].name));
		json_set(j, o, "ns", json_u64(j, info->ns[t].ino));
		json_set(j, o, "id", info->ns[t].id ? json_u64(j, info->ns[t].id) : NULL);
		json_append(j, list, o);
	}
	return list;
}

static struct json_object *pid_json(struct json *j, pid_t pid)
{
	return pid ? json_i64(j, pid) : NULL;
}

static int list_json(struct view *v, const struct nsset *set, void *data)
{
	struct listing *l = data;
	struct json *j = l->json;
	auto_call(set_pids_done) struct set_pids members = { 0 };
	auto_str struct str created = { 0 }, user = { 0 };
	struct json_object *o = json_map(j), *pids = json_list(j);

	set_members(set, &v->graph, NS_ALL, &members);
	for (size_t i = 0; i < members.pids.n; i++)
		json_append(j, pids, json_i64(j, members.pids.v[i]));
	add_time(&created, set->info.created);
	add_user(&user, set->info.uid);
	json_set(j, o, "name", json_string(j, set->name));
	json_set(j, o, "state", json_string(j, set_state_names[set_state(set, members.pids.n)]));
	json_set(j, o, "namespaces", namespaces_json(j, &set->info));
	json_set(j, o, "nprocs", json_u64(j, members.pids.n));
	json_set(j, o, "pids", pids);
	json_set(j, o, "created", json_string(j, str_text(&created)));
	json_set(j, o, "uid", json_u64(j, set->info.uid));
	json_set(j, o, "user", json_string(j, str_text(&user)));
	json_set(j, o, "holder", pid_json(j, set->info.holder.pid));
	json_set(j, o, "init", pid_json(j, set->info.init.pid));
	json_set(j, o, "netns", json_string(j, set->info.netns));
	json_append(j, l->list, o);
	return 0;
}

static int write_list(struct view *v, struct err *e)
{
	auto_json struct json *j = NULL;
	struct listing l = { 0 };
	struct json_object *o;
	int r = json_new(&j, e);

	if (r < 0)
		return r;
	l.json = j;
	l.list = json_list(j);
	r = each_set(v, list_json, &l, e);
	o = json_map(j);
	json_set(j, o, "sets", l.list);
	if (r == 0)
		return json_write(j, o, JSON_PRETTY, v->out, e);
	json_drop(j, o);
	return r;
}

static int print_list(struct view *v, struct err *e)
{
	struct table_style style = { .out = v->out };
	auto_table struct table *t = NULL;
	struct listing l = { 0 };
	int r = table_new(&style, &t, e);

	if (r < 0)
		return r;
	l.table = t;
	table_column(t, "NAME", 0, 0);
	table_column(t, "STATE", 0, 0);
	table_column(t, "TYPES", 0, 0);
	table_column(t, "NPROCS", 0, TABLE_RIGHT);
	table_column(t, "CREATED", 0, 0);
	table_column(t, "USER", 0, 0);
	r = each_set(v, list_row, &l, e);
	return r < 0 ? r : table_print(t, e);
}

int bind_list(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(view_done) struct view v = VIEW(ctx);
	int r = look(&v, true, e);

	(void)argv;
	if (r < 0)
		return r;
	return o->json ? write_list(&v, e) : print_list(&v, e);
}

/* --- --identify */

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
		add_types(&s, types);
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

	for (enum ns_type type = 0; r == 0 && type < NS_NTYPES; type++)
		if (t.types & 1U << type && target_ns(&t, type, NULL) >= 0)
			i->ino[type] = fd_inode(t.ns[type]);
	return r < 0 ? r : target_check(&t, e);
}

int bind_identify(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(view_done) struct view v = VIEW(ctx);
	auto_json struct json *j = NULL;
	struct identify i = { .wanted = bind_types(o) ? bind_types(o) : NS_ALL };
	int r = look(&v, false, e);

	(void)argv;
	if (r == 0)
		r = find_inodes(&v, &o->identify, &i, e);
	if (r == 0 && o->json)
		r = json_new(&j, e);
	if (r < 0)
		return r;
	if (!o->json) {
		r = each_set(&v, identify_set, &i, e);
		return r < 0 ? r : out_flush(v.out, e);
	}
	i.json = j;
	i.list = json_list(j);
	r = each_set(&v, identify_set, &i, e);
	if (r == 0)
		return json_write(j, i.list, JSON_PRETTY, v.out, e);
	json_drop(j, i.list);
	return r;
}

/* --- --pids, --export */

int bind_pids(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(view_done) struct view v = VIEW(ctx);
	auto_call(set_pids_done) struct set_pids members = { 0 };
	auto_nsset struct nsset set = NSSET_NONE;
	int r = look(&v, true, e);

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
	int r = look(&v, false, e);

	(void)argv;
	if (r == 0)
		r = registry_load(&v.registry, o->export, &set, e);
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
