/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nothing is looked up that the part typed so far rules out: with thousands of processes each
 * file read for each of them is felt under the fingers.
 */
#include "complete_ref.h"

#include "../base/fd.h"
#include "../base/hash.h"
#include "../ns/container.h"
#include "../ns/netns.h"
#include "../ns/nstype.h"
#include "../ns/registry.h"
#include "../sys/dir.h"
#include "../sys/procfs.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>

/* So many candidates are explained: nobody reads more, and each costs a file to be read. */
#define EXPLAINED_MAX 500

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

static void add_pid(struct candidates *ret, int proc, pid_t pid, const char *name, void *data)
{
	struct proc_stat st;

	(void)data;
	if (!str_after(name, ret->typed))
		return;
	if (ret->found.n >= EXPLAINED_MAX)
		candidates_add(ret, name, NULL);
	else if (proc_stat_read(proc, pid, &st) == 0)
		candidates_add(ret, name, st.comm);
}

void complete_pid(struct candidates *ret)
{
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
	struct proc_stat st;
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
	if (proc_stat_read(proc, pid, &st) == 0)
		candidates_add(ret, text, st.comm);
}

static void complete_inodes(struct candidates *ret, enum ns_type type)
{
	struct seen_type seen = { .type = type };

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

/* The ids of containers and names of units, each once, with what the first process calls itself. */
static void add_container(struct candidates *ret, int proc, pid_t pid, const char *name, void *data)
{
	auto_container struct container c = { 0 };
	auto_str struct str text = { 0 };
	char path[PROC_PATH_MAX];
	size_t n = ret->found.n;

	(void)name, (void)data;
	proc_path(path, pid, 0, "cgroup");
	if (proc_read(proc, path, &text) < 0 || !container_find(str_text(&text), &c))
		return;
	if (!is_plain(c.id))
		return;
	for (size_t i = 0; i < n; i++)
		if (str_is(ret->found.v[i].word + ret->head.len, c.id))
			return;
	candidates_add(ret, c.id, c.engine);
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
	} else if (ns_type_from_name(prefix) >= 0) {
		complete_inodes(ret, (enum ns_type)ns_type_from_name(prefix));
	} else {
		candidates_settle(ret, strlen(prefix) + 1);
		if (str_is(prefix, "pid"))
			complete_pid(ret);
		else if (str_is(prefix, "netns"))
			complete_netns(ret);
		else if (str_is(prefix, "container"))
			each_process(ret, add_container, NULL);
	}
}
