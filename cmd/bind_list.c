/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns --list: what sets there are, as a table and as JSON. */
#include "bind.h"
#include "bind_view.h"

#include "../common/base/escape.h"
#include "../common/base/suggest.h"
#include "../common/cli/candidates.h"
#include "../common/out/json.h"
#include "../common/out/table.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <time.h>

struct listing {
	struct table *table;
	const struct set_column *columns[16];
	size_t n;
	struct json *json;
	struct json_object *list;
};

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

/* --- the table */

/* A set and who is in it. */
struct list_row {
	const struct nsset *set;
	const struct set_pids *members;
};

static void get_name(const struct list_row *row, struct str *ret)
{
	str_add(ret, row->set->name);
}

static void get_state(const struct list_row *row, struct str *ret)
{
	str_add(ret, set_state_names[set_state(row->set, row->members->pids.n)]);
}

static void get_types(const struct list_row *row, struct str *ret)
{
	view_add_types(ret, setinfo_types(&row->set->info));
}

static void get_nprocs(const struct list_row *row, struct str *ret)
{
	str_addf(ret, "%zu", row->members->pids.n);
}

static void get_created(const struct list_row *row, struct str *ret)
{
	add_time(ret, row->set->info.created);
}

static void get_user(const struct list_row *row, struct str *ret)
{
	add_user(ret, row->set->info.uid);
}

/* One line a namespace, so that NS and ID stand side by side. */
static void get_ns(const struct list_row *row, struct str *ret)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (row->set->info.ns[t].ino)
			str_addf(ret, "%s%s:[%lu]", ret->len ? "\n" : "", ns_types[t].name,
				 row->set->info.ns[t].ino);
}

static void get_id(const struct list_row *row, struct str *ret)
{
	const char *separator = "";

	for (int t = 0; t < NS_NTYPES; t++) {
		if (!row->set->info.ns[t].ino)
			continue;
		if (row->set->info.ns[t].id)
			str_addf(ret, "%s%" PRIu64, separator, row->set->info.ns[t].id);
		else
			str_addf(ret, "%s-", separator);
		separator = "\n";
	}
}

static void get_pids(const struct list_row *row, struct str *ret)
{
	for (size_t i = 0; i < row->members->pids.n; i++)
		str_addf(ret, "%s%d", i ? "," : "", row->members->pids.v[i]);
}

static void add_pid(struct str *ret, pid_t pid)
{
	if (pid)
		str_addf(ret, "%d", pid);
}

static void get_holder(const struct list_row *row, struct str *ret)
{
	add_pid(ret, row->set->info.holder.pid);
}

static void get_init(const struct list_row *row, struct str *ret)
{
	add_pid(ret, row->set->info.init.pid);
}

static void get_netns(const struct list_row *row, struct str *ret)
{
	if (row->set->info.netns)
		str_add(ret, row->set->info.netns);
}

static const struct set_column {
	const char *name;
	unsigned flags; /* of enum table_flag */
	const char *help;
	void (*get)(const struct list_row *row, struct str *ret);
} columns[] = {
	{ "NAME", 0, "its name", get_name },
	{ "STATE", 0, "alive, empty, dead or stale", get_state },
	{ "TYPES", 0, "the types of namespaces in it", get_types },
	{ "NPROCS", TABLE_RIGHT, "how many processes are in it", get_nprocs },
	{ "CREATED", 0, "when it was made", get_created },
	{ "USER", 0, "by whose login", get_user },
	{ "NS", TABLE_WRAP, "its namespaces, by inode", get_ns },
	{ "ID", TABLE_WRAP | TABLE_RIGHT, "their 64-bit ids", get_id },
	{ "PIDS", 0, "the processes in it", get_pids },
	{ "HOLDER", TABLE_RIGHT, "the process that holds it", get_holder },
	{ "INIT", TABLE_RIGHT, "the init of its pid namespace", get_init },
	{ "NETNS", 0, "its name in ip netns", get_netns },
};

static const char usual_columns[] = "NAME,STATE,TYPES,NPROCS,CREATED,USER";

static int unknown_column(const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion s = { .word = name };
	auto_str struct str known = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		suggest_consider(&s, columns[i].name);
		str_join(&known, ", ", columns[i].name);
	}
	err_say(e, -EINVAL, "there is no column %s", q);
	if (s.nearest)
		err_hint(e, "did you mean '%s'?", s.nearest);
	else
		err_hint(e, "the columns are %s", str_text(&known));
	return -EINVAL;
}

/* Adds the columns that LIST names, each once. */
static int add_columns(const char *list, struct listing *l, struct err *e)
{
	for (;; list++) {
		size_t n = strcspn(list, ","), c = 0, at = 0;
		auto_free char *name = xstrndup(list, n);

		while (c < ARRAY_LEN(columns) && strcasecmp(columns[c].name, name) != 0)
			c++;
		if (c == ARRAY_LEN(columns))
			return unknown_column(name, e);
		while (at < l->n && l->columns[at] != &columns[c])
			at++;
		l->columns[at] = &columns[c];
		l->n = MAX(l->n, at + 1);
		list += n;
		if (!*list)
			return 0;
	}
}

/* "+ID" is the usual ones and ID. */
static int choose_columns(const char *list, struct listing *l, struct err *e)
{
	int r = !list || *list == '+' ? add_columns(usual_columns, l, e) : 0;

	return r < 0 || !list ? r : add_columns(*list == '+' ? list + 1 : list, l, e);
}

static int parse_columns(const char *word, void *field, struct err *e)
{
	struct listing l = { 0 };

	*(const char **)field = word;
	return choose_columns(word, &l, e);
}

static void complete_columns(struct candidates *ret)
{
	candidates_settle_items(ret, "+,");
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		candidates_add(ret, columns[i].name, columns[i].help);
}

const struct arg_kind arg_set_columns = { "COLUMNS", sizeof(char *), parse_columns, NULL,
					  complete_columns };

static int list_row(struct view *v, const struct nsset *set, void *data)
{
	struct listing *l = data;
	auto_call(set_pids_done) struct set_pids members = { 0 };
	const struct list_row row = { set, &members };
	uint32_t number = table_row(l->table, TABLE_TOP);

	set_members(set, &v->graph, NS_ALL, &members);
	for (size_t i = 0; i < l->n; i++) {
		auto_str struct str text = { 0 };

		l->columns[i]->get(&row, &text);
		table_cell(l->table, number, i, str_text(&text));
	}
	return 0;
}

static int print_list(struct view *v, const char *list, struct err *e)
{
	struct table_style style = { .out = v->out };
	auto_table struct table *t = NULL;
	struct listing l = { 0 };
	int r = choose_columns(list, &l, e);

	if (r == 0)
		r = table_new(&style, &t, e);
	if (r < 0)
		return r;
	l.table = t;
	for (size_t i = 0; i < l.n; i++)
		table_column(t, l.columns[i]->name, 0, l.columns[i]->flags);
	r = view_each(v, list_row, &l, e);
	return r < 0 ? r : table_print(t, e);
}

/* --- JSON */

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
	r = view_each(v, list_json, &l, e);
	o = json_map(j);
	json_set(j, o, "sets", l.list);
	if (r == 0)
		return json_write(j, o, JSON_PRETTY, v->out, e);
	json_drop(j, o);
	return r;
}

int bind_list(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(view_done) struct view v = VIEW(ctx);
	int r = view_look(&v, true, e);

	(void)argv;
	if (r < 0)
		return r;
	return o->json ? write_list(&v, e) : print_list(&v, o->columns, e);
}
