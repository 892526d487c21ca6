/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nothing is looked up that the part typed so far rules out: with thousands of processes each
 * file read for each of them is felt under the fingers.
 */
#include "complete_ref.h"

#include "../base/fd.h"
#include "../base/hash.h"
#include "../ns/container.h"
#include "../ns/discover.h"
#include "../ns/netns.h"
#include "../ns/nstype.h"
#include "../ns/registry.h"
#include "../sys/dir.h"
#include "../sys/procfs.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>

/* So many candidates are explained: nobody reads more, and each costs a file to be read. */
#define EXPLAINED_MAX 200

/* Calls FN for every process of /proc. */
static void each_process(struct candidates *ret,
			 void (*fn)(struct candidates *ret, int proc, pid_t pid, const char *name,
				    void *data),
			 void *data)
{
	auto_close int proc = proc_open();
	const char *name;
	struct dir d;
	int pid;

	if (proc < 0 || dir_open(&d, proc, ".") < 0)
		return;
	while (dir_next(&d, &pid, &name))
		fn(ret, proc, pid, name, data);
	dir_close(&d);
}

/* The command of PID explains WORD, unless there are many words already. */
static void add_explained(struct candidates *ret, int proc, const char *word, pid_t pid)
{
	struct proc_stat st;
	bool explained = pid && ret->found.n < EXPLAINED_MAX && str_after(word, ret->typed) &&
			 proc_stat_read(proc, pid, &st) == 0;

	candidates_add(ret, word, explained ? st.comm : NULL);
}

static void add_pid(struct candidates *ret, int proc, pid_t pid, const char *name, void *data)
{
	(void)data;
	add_explained(ret, proc, name, pid);
}

static void add_pids_of(struct candidates *ret, const struct graph *g)
{
	auto_close int proc = proc_open();

	for (uint32_t i = 0; proc >= 0 && i < g->procs.n; i++) {
		pid_t pid = g->procs.v[i].pid;
		char name[16];

		snprintf(name, sizeof(name), "%d", pid);
		add_explained(ret, proc, name, pid);
	}
}

/* Not from a graph of some seconds ago: who looks for a process may have just started it. */
void complete_pid(struct candidates *ret)
{
	if (ret->graph && ret->just_seen)
		add_pids_of(ret, ret->graph);
	else
		each_process(ret, add_pid, NULL);
}

struct seen_type {
	enum ns_type type;
	struct hash inodes;
};

/* Each namespace once, with the command of the first process in it. */
static void add_inode(struct candidates *ret, int proc, pid_t pid, const char *name, void *data)
{
	struct seen_type *seen = data;
	char path[PROC_PATH_MAX], text[64];
	enum ns_type type;
	uint32_t unused;
	ino_t ino;

	(void)name;
	snprintf(path, sizeof(path), "%d/ns/%s", pid, ns_types[seen->type].name);
	if (proc_link(proc, path, text, sizeof(text)) < 0 || !ns_link_parse(text, &type, &ino))
		return;
	if (hash_get(&seen->inodes, ino, &unused))
		return;
	hash_put(&seen->inodes, ino, 0);
	add_explained(ret, proc, text, pid);
}

static void add_inodes_of(struct candidates *ret, int proc, const struct graph *g,
			  enum ns_type type)
{
	for (uint32_t i = 0; i < g->ns.n; i++) {
		const struct ns *ns = &g->ns.v[i];
		auto_free char *word = NULL;

		if (ns->type != type)
			continue;
		word = xasprintf("%s:[%ju]", ns_types[type].name, (uintmax_t)ns->ino);
		add_explained(ret, proc, word,
			      ns->first_proc == GRAPH_NONE ? 0 : g->procs.v[ns->first_proc].pid);
	}
}

/* What was seen a moment ago, or is to be had at once into STORE; NULL: /proc is to be walked. */
static const struct graph *graph_of(const struct candidates *ret, int proc, struct graph *store)
{
	if (ret->graph)
		return ret->graph;
	return proc >= 0 && discover_at_once(store, proc, SOURCE_PROC | SOURCE_BPF) ? store : NULL;
}

static void complete_inodes(struct candidates *ret, enum ns_type type)
{
	struct seen_type seen = { .type = type };
	auto_close int proc = proc_open();
	auto_graph struct graph store = { 0 };
	const struct graph *g = graph_of(ret, proc, &store);

	if (g)
		add_inodes_of(ret, proc, g, type);
	else
		each_process(ret, add_inode, &seen);
	hash_done(&seen.inodes);
}

/* A name that a shell's completion can carry: one line, no blanks. */
static bool is_plain(const char *name)
{
	for (; *name; name++)
		if (!isgraph((unsigned char)*name))
			return false;
	return true;
}

static void complete_netns(struct candidates *ret)
{
	struct netns_names names = { 0 };

	netns_read(NETNS_DIR, &names);
	for (size_t i = 0; i < names.names.n; i++)
		if (is_plain(names.names.v[i].name))
			candidates_add(ret, names.names.v[i].name,
				       names.names.v[i].ino ? NULL : "stale");
	netns_done(&names);
}

void complete_set(struct candidates *ret)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_set_names struct set_names names = { 0 };
	auto_close int proc = proc_open();

	if (proc < 0 || registry_open(&r, proc, NULL) < 0)
		return;
	registry_names(&r, &names, NULL);
	for (size_t i = 0; i < names.names.n; i++)
		candidates_add(ret, names.names.v[i], "a set of bind-ns");
}

/* The cgroups of processes, those looked at last: many processes in turn are in the same. */
struct seen_cgroups {
	struct str text, last;
	struct hash numbers; /* of graph.procs */
};

static bool has_word(const struct candidates *ret, const char *word)
{
	for (size_t i = 0; i < ret->found.n; i++)
		if (str_is(ret->found.v[i].word + ret->head.len, word))
			return true;
	return false;
}

/* The ids of containers and names of units, each once, with what made it. */
static void add_container(struct candidates *ret, int proc, pid_t pid, const char *name, void *data)
{
	auto_container struct container c = { 0 };
	struct seen_cgroups *seen = data;
	char path[PROC_PATH_MAX];
	struct str text;

	(void)name;
	proc_path(path, pid, 0, "cgroup");
	if (proc_read(proc, path, &seen->text) < 0 ||
	    str_is(str_text(&seen->text), str_text(&seen->last)))
		return;
	text = seen->last;
	seen->last = seen->text;
	seen->text = text;
	if (container_find(str_text(&seen->last), &c) && is_plain(c.id) && !has_word(ret, c.id))
		candidates_add(ret, c.id, c.engine);
}

/* Whether the cgroups with this number were not seen before; 0 says nothing. */
static bool is_new(struct seen_cgroups *seen, uint64_t number)
{
	uint32_t unused;

	if (!number)
		return true;
	if (hash_get(&seen->numbers, number, &unused))
		return false;
	hash_put(&seen->numbers, number, 0);
	return true;
}

static void complete_container(struct candidates *ret)
{
	struct seen_cgroups seen = { 0 };
	auto_close int proc = proc_open();
	auto_graph struct graph store = { 0 };
	const struct graph *g = graph_of(ret, proc, &store);

	if (!g)
		each_process(ret, add_container, &seen);
	for (uint32_t i = 0; g && i < g->procs.n; i++)
		if (is_new(&seen, g->procs.v[i].cgroups))
			add_container(ret, proc, g->procs.v[i].pid, NULL, &seen);
	str_done(&seen.text);
	str_done(&seen.last);
	hash_done(&seen.numbers);
}

static void add_forms(struct candidates *ret)
{
	static const struct {
		const char *word, *about;
	} forms[] = {
		{ "self", "the namespaces nstool was started in" },
		{ "parent", "those of the caller's parent" },
		{ "host", "the initial namespaces" },
		{ "@", "a set of bind-ns" },
		{ "netns:", "a name of ip-netns" },
		{ "container:", "a container, pod, machine or unit" },
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		candidates_add(ret, forms[i].word, forms[i].about);
	for (int t = 0; t < NS_NTYPES; t++) {
		auto_free char *word = xasprintf("%s:[", ns_types[t].name);

		candidates_add(ret, word, "a namespace by its inode");
	}
}

/* What can follow "PREFIX:", which has been settled; "pid:" may lead to a process, too. */
static void complete_named(struct candidates *ret, const char *prefix)
{
	candidates_settle(ret, strlen(prefix) + 1);
	if (str_is(prefix, "pid"))
		complete_pid(ret);
	else if (str_is(prefix, "netns"))
		complete_netns(ret);
	else if (str_is(prefix, "container"))
		complete_container(ret);
}

void complete_ref(struct candidates *ret)
{
	const char *colon = strchr(ret->typed, ':');
	auto_free char *prefix = xstrndup(ret->typed, colon ? (size_t)(colon - ret->typed) : 0);

	if (strchr(ret->typed, '/')) {
		ret->files = true;
	} else if (*ret->typed == '@') {
		candidates_settle(ret, 1);
		complete_set(ret);
	} else if (!colon) {
		add_forms(ret);
		complete_pid(ret);
	} else {
		if (ns_type_from_name(prefix) >= 0)
			complete_inodes(ret, (enum ns_type)ns_type_from_name(prefix));
		complete_named(ret, prefix);
	}
}
