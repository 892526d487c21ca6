/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nscolumns.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "../sys/procfs.h"
#include "table.h"

#include <errno.h>
#include <strings.h>

static const struct ns *row_ns(const struct facts *f, const struct forest_row *row)
{
	return &f->g->ns.v[row->ns];
}

static bool is_process(const struct forest_row *row)
{
	return row->proc != GRAPH_NONE;
}

/* Whether the row speaks of its namespace. */
static bool is_namespace(const struct forest_row *row)
{
	return !is_process(row) || row->both;
}

/* The process a row speaks of: itself, or the namespace's member with the lowest pid; 0: none. */
static pid_t row_pid(const struct facts *f, const struct forest_row *row)
{
	uint32_t proc = is_process(row) ? row->proc : row_ns(f, row)->first_proc;

	return proc == GRAPH_NONE ? 0 : f->g->procs.v[proc].pid;
}

static void set_number(struct cell *c, uint64_t number)
{
	c->type = CELL_NUMBER;
	c->number = number;
}

static void set_text_if(struct cell *c, enum cell_type type, bool there)
{
	c->type = there ? type : CELL_NONE;
}

/* A process row shows the process there, in the form in which it can be named again. */
static void get_ns(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	if (is_namespace(row)) {
		set_number(ret, row_ns(f, row)->ino);
		return;
	}
	ret->type = CELL_TEXT;
	str_addf(&ret->text, "pid:%d", row_pid(f, row));
}

static void get_type(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	if (!is_namespace(row))
		return;
	ret->type = CELL_TEXT;
	str_add(&ret->text, ns_types[row_ns(f, row)->type].name);
}

static void get_path(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	if (is_process(row) && row->both) {
		ret->type = CELL_TEXT;
		str_addf(&ret->text, "/proc/%d/ns/%s", row_pid(f, row),
			 ns_types[row_ns(f, row)->type].name);
		return;
	}
	set_text_if(ret, CELL_TEXT, !is_process(row) && facts_path(f, row->ns, &ret->text));
}

static void get_nprocs(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	if (is_namespace(row))
		set_number(ret, row_ns(f, row)->nprocs);
}

static void get_nthreads(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_number(ret,
		   is_process(row) ? f->g->procs.v[row->proc].nthreads : row_ns(f, row)->nthreads);
}

static void get_pid(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	pid_t pid = row_pid(f, row);

	if (pid)
		set_number(ret, (uint64_t)pid);
}

static void get_ppid(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	pid_t pid = row_pid(f, row);
	struct proc_stat st;

	if (pid && proc_stat_read(f->proc, pid, &st) == 0)
		set_number(ret, (uint64_t)st.ppid);
}

static void get_command(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	pid_t pid = row_pid(f, row);

	set_text_if(ret, CELL_TEXT, pid && facts_command(f, pid, &ret->text));
}

static void get_uid(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	pid_t pid = row_pid(f, row);
	uid_t uid;

	if (pid && facts_uid(f, pid, &uid))
		set_number(ret, uid);
}

static void get_user(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	pid_t pid = row_pid(f, row);

	set_text_if(ret, CELL_TEXT, pid && facts_user(f, pid, &ret->text));
}

static void get_netnsid(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	bool is_net = is_namespace(row) && row_ns(f, row)->type == NS_NET;

	set_text_if(ret, CELL_TEXT, is_net && facts_netnsid(f, row->ns, &ret->text));
}

static void get_nsfs(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_text_if(ret, CELL_TEXT, is_namespace(row) && facts_mounts(f, row->ns, &ret->text));
}

/* As util-linux has it: 0 where there is none, or none to be seen. */
static void set_inode(struct facts *f, const struct forest_row *row, uint32_t ns, struct cell *ret)
{
	if (is_namespace(row))
		set_number(ret, ns == GRAPH_NONE ? 0 : f->g->ns.v[ns].ino);
}

static void get_pns(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_inode(f, row, row_ns(f, row)->parent, ret);
}

static void get_ons(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_inode(f, row, row_ns(f, row)->owner, ret);
}

static void get_id(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	if (is_namespace(row) && row_ns(f, row)->id)
		set_number(ret, row_ns(f, row)->id);
}

static void get_held(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	unsigned held = row_ns(f, row)->held;

	if (!is_namespace(row) || !held)
		return;
	ret->type = CELL_TEXT;
	for (unsigned bit = 1; bit < 1U << HELD_NKINDS; bit <<= 1)
		if (held & bit)
			str_join(&ret->text, ",", held_name((enum held)bit));
}

static void get_holders(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_text_if(ret, CELL_LINES, is_namespace(row) && facts_holders(f, row->ns, &ret->text));
}

static void get_container(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	pid_t pid = row_pid(f, row);

	set_text_if(ret, CELL_TEXT, pid && facts_container(f, pid, &ret->text));
}

static void get_names(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_text_if(ret, CELL_LINES, is_namespace(row) && facts_names(f, row->ns, &ret->text));
}

/* Of a namespace that has no parents the level is its owner's. */
static void get_level(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	const struct ns *ns = row_ns(f, row);
	uint32_t of = ns->type == NS_PID || ns->type == NS_USER ? row->ns : ns->owner;

	if (is_namespace(row) && of != GRAPH_NONE)
		set_number(ret, graph_level(f->g, of));
}

static void set_map(struct facts *f, const struct forest_row *row, const char *name,
		    struct cell *ret)
{
	bool is_user = is_namespace(row) && row_ns(f, row)->type == NS_USER;

	set_text_if(ret, CELL_LINES, is_user && facts_map(f, row->ns, name, &ret->text));
}

static void get_uidmap(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_map(f, row, "uid_map", ret);
}

static void get_gidmap(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	set_map(f, row, "gid_map", ret);
}

static void get_creator(struct facts *f, const struct forest_row *row, struct cell *ret)
{
	if (is_namespace(row) && row_ns(f, row)->has_creator)
		set_number(ret, row_ns(f, row)->creator);
}

/* Those of lsns(8) first, in its order. */
const struct nscolumn nscolumns[] = {
	{ "NS", CELL_NUMBER, TABLE_RIGHT | TABLE_TREE, "namespace identifier (inode number)",
	  get_ns },
	{ "TYPE", CELL_TEXT, 0, "kind of namespace", get_type },
	{ "PATH", CELL_TEXT, 0, "path to the namespace", get_path },
	{ "NPROCS", CELL_NUMBER, TABLE_RIGHT, "number of processes in it", get_nprocs },
	{ "PID", CELL_NUMBER, TABLE_RIGHT, "lowest pid in it", get_pid },
	{ "PPID", CELL_NUMBER, TABLE_RIGHT, "parent of that process", get_ppid },
	{ "COMMAND", CELL_TEXT, TABLE_TRUNCATE, "command line of that process", get_command },
	{ "UID", CELL_NUMBER, TABLE_RIGHT, "user id of that process", get_uid },
	{ "USER", CELL_TEXT, 0, "user name of that process", get_user },
	{ "NETNSID", CELL_TEXT, TABLE_RIGHT, "its id in the caller's network namespace",
	  get_netnsid },
	{ "NSFS", CELL_TEXT, TABLE_WRAP | TABLE_ESCAPED, "where it is mounted", get_nsfs },
	{ "PNS", CELL_NUMBER, TABLE_RIGHT, "parent namespace (inode number)", get_pns },
	{ "ONS", CELL_NUMBER, TABLE_RIGHT, "owning user namespace (inode number)", get_ons },
	{ "ID", CELL_NUMBER, TABLE_RIGHT, "64-bit id, never used again", get_id },
	{ "NTHREADS", CELL_NUMBER, TABLE_RIGHT, "number of threads in it", get_nthreads },
	{ "HELD", CELL_TEXT, 0, "what keeps it alive", get_held },
	{ "HOLDERS", CELL_LINES, TABLE_WRAP | TABLE_ESCAPED,
	  "which threads, descriptors and mounts do", get_holders },
	{ "CONTAINER", CELL_TEXT, 0, "container, pod, machine or unit of the lowest pid",
	  get_container },
	{ "NAMES", CELL_LINES, TABLE_WRAP | TABLE_ESCAPED, "names given to it", get_names },
	{ "LEVEL", CELL_NUMBER, TABLE_RIGHT, "how many levels of parents are above", get_level },
	{ "UIDMAP", CELL_LINES, TABLE_WRAP, "user ids of a user namespace", get_uidmap },
	{ "GIDMAP", CELL_LINES, TABLE_WRAP, "group ids of a user namespace", get_gidmap },
	{ "CREATOR", CELL_NUMBER, TABLE_RIGHT, "who made a user namespace (uid)", get_creator },
};

const size_t nnscolumns = ARRAY_LEN(nscolumns);

static int add_column(const char *name, struct nschoice *ret, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion s = { .word = name };

	for (size_t i = 0; i < nnscolumns; i++)
		if (strcasecmp(nscolumns[i].name, name) == 0) {
			vec_push(&ret->columns, i);
			return 0;
		}
	for (size_t i = 0; i < nnscolumns; i++)
		suggest_consider(&s, nscolumns[i].name);
	err_say(e, -EINVAL, "unknown column %s", q);
	if (s.nearest)
		err_hint(e, "did you mean %s?", s.nearest);
	return -EINVAL;
}

int nschoice_parse(const char *list, const char *defaults, struct nschoice *ret, struct err *e)
{
	int r = 0;

	if (list[0] == '+') {
		list++;
		if (defaults)
			r = nschoice_parse(defaults, NULL, ret, e);
	}
	while (r == 0 && list) {
		auto_free char *name = str_part(&list);

		r = add_column(name, ret, e);
	}
	return r;
}

void nschoice_all(struct nschoice *ret)
{
	for (size_t i = 0; i < nnscolumns; i++)
		vec_push(&ret->columns, i);
}

bool nschoice_has(const struct nschoice *c, const char *name)
{
	for (size_t i = 0; i < c->columns.n; i++)
		if (str_is(nscolumns[c->columns.v[i]].name, name))
			return true;
	return false;
}

void nschoice_done(struct nschoice *c)
{
	vec_done(&c->columns);
}

void nscolumn_get(size_t column, struct facts *f, const struct forest_row *row, struct cell *ret)
{
	ret->type = CELL_NONE;
	str_clear(&ret->text);
	nscolumns[column].get(f, row, ret);
}

static const char *column_name(const void *table, size_t column)
{
	(void)table;
	return column < nnscolumns ? nscolumns[column].name : NULL;
}

struct filter *nsfilter_new(const char *text, struct err *e)
{
	struct filter_names names = { .name = column_name };

	return filter_new(text, &names, e);
}

/* The row a filter looks at, with room for every value: they stay until it has decided. */
struct filtered {
	struct facts *f;
	struct forest_row row;
	struct cell *cells;
};

static struct filter_value filter_cell(const void *row, size_t column)
{
	const struct filtered *r = row;
	struct cell *c = &r->cells[column];

	nscolumn_get(column, r->f, &r->row, c);
	switch (c->type) {
	case CELL_NUMBER:
		return (struct filter_value){ .type = FILTER_U64, .u64 = c->number };
	case CELL_TEXT:
	case CELL_LINES:
		return (struct filter_value){ .type = FILTER_TEXT, .text = str_text(&c->text) };
	case CELL_NONE:
		break;
	}
	return (struct filter_value){ .type = FILTER_MISSING };
}

bool nsfilter_match(const struct filter *filter, struct facts *f, uint32_t ns)
{
	struct filtered r = { .f = f,
			      .row = { .ns = ns, .proc = GRAPH_NONE, .parent = GRAPH_NONE },
			      .cells = xcalloc(nnscolumns, sizeof(*r.cells)) };
	bool passes = filter_match(filter, filter_cell, &r);

	for (size_t i = 0; i < nnscolumns; i++)
		str_done(&r.cells[i].text);
	free(r.cells);
	return passes;
}
