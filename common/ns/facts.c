/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/netnsid.h"
#include "../sys/procfs.h"
#include "container.h"
#include "discover.h"

#include <errno.h>
#include <pwd.h>

/* Nobody reads more of a command line; one may be 128 KiB long. */
#define COMMAND_LIMIT 4096

static uint32_t own_mount_namespace(const struct graph *g, int proc)
{
	char link[64];
	enum ns_type type;
	ino_t ino;

	if (proc_link(proc, "self/ns/mnt", link, sizeof(link)) < 0)
		return GRAPH_NONE;
	return ns_link_parse(link, &type, &ino) ? graph_find_ns(g, ino) : GRAPH_NONE;
}

void facts_init(struct facts *f, const struct graph *g, int proc)
{
	*f = (struct facts){
		.g = g, .proc = proc, .own_mnt = own_mount_namespace(g, proc), .netnsid = -EBADF
	};
}

static void memo_done(struct facts_memo *m)
{
	for (size_t i = 0; i < m->texts.n; i++)
		free(m->texts.v[i]);
	vec_done(&m->texts);
	hash_done(&m->by_key);
}

void facts_done(struct facts *f)
{
	memo_done(&f->users);
	memo_done(&f->commands);
	memo_done(&f->containers);
	known_sets_free(&f->sets);
	cleanup_fd(&f->netnsid);
	str_done(&f->text);
}

/* Adds the text that M has for KEY; if it has none yet, the one that READ gives for PID. */
static bool recall(struct facts *f, struct facts_memo *m, uint64_t key, pid_t pid,
		   char *(*read)(struct facts *f, pid_t pid), struct str *ret)
{
	uint32_t index;

	if (!hash_get(&m->by_key, key, &index)) {
		index = (uint32_t)m->texts.n;
		vec_push(&m->texts, read(f, pid));
		hash_put(&m->by_key, key, index);
	}
	if (!m->texts.v[index])
		return false;
	str_add(ret, m->texts.v[index]);
	return true;
}

static char *read_command(struct facts *f, pid_t pid)
{
	if (proc_command(f->proc, pid, COMMAND_LIMIT, &f->text) < 0)
		return NULL;
	return xstrdup(str_text(&f->text));
}

bool facts_command(struct facts *f, pid_t pid, struct str *ret)
{
	return recall(f, &f->commands, (uint64_t)pid, pid, read_command, ret);
}

const char *facts_user_name(struct facts *f, uid_t uid)
{
	struct facts_memo *m = &f->users;
	const struct passwd *pw;
	uint32_t index;

	if (hash_get(&m->by_key, uid, &index))
		return m->texts.v[index];
	pw = getpwuid(uid);
	index = (uint32_t)m->texts.n;
	vec_push(&m->texts, pw ? xstrdup(pw->pw_name) : xasprintf("%u", uid));
	hash_put(&m->by_key, uid, index);
	return m->texts.v[index];
}

bool facts_uid(const struct facts *f, pid_t pid, uid_t *ret)
{
	uint32_t proc = graph_find_proc(f->g, pid);

	if (proc == GRAPH_NONE || !f->g->procs.v[proc].has_uid)
		return proc_uid(f->proc, pid, ret) == 0;
	*ret = f->g->procs.v[proc].uid;
	return true;
}

bool facts_user(struct facts *f, pid_t pid, struct str *ret)
{
	uid_t uid;

	if (!facts_uid(f, pid, &uid))
		return false;
	str_add(ret, facts_user_name(f, uid));
	return true;
}

static bool read_file(struct facts *f, pid_t pid, const char *name)
{
	char path[PROC_PATH_MAX];

	proc_path(path, pid, 0, name);
	return proc_read(f->proc, path, &f->text) == 0 && f->text.len > 0;
}

static char *read_container(struct facts *f, pid_t pid)
{
	auto_container struct container c = { 0 };

	if (!read_file(f, pid, "cgroup") || !container_find(str_text(&f->text), &c))
		return NULL;
	return container_text(&c);
}

bool facts_container(struct facts *f, pid_t pid, struct str *ret)
{
	uint32_t proc = graph_find_proc(f->g, pid);
	uint64_t cgroups = proc == GRAPH_NONE ? 0 : f->g->procs.v[proc].cgroups;

	return recall(f, &f->containers, cgroups ? cgroups : (uint64_t)pid, pid, read_container,
		      ret);
}

/* The kernel aligns the numbers of a map with many blanks. */
static void add_squeezed(struct str *ret, const char *line, size_t n)
{
	bool gap = false;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == ' ') {
			gap = ret->len > 0 && ret->s[ret->len - 1] != '\n';
			continue;
		}
		if (gap)
			str_addc(ret, ' ');
		gap = false;
		str_addc(ret, line[i]);
	}
}

bool facts_map(struct facts *f, uint32_t ns, const char *name, struct str *ret)
{
	uint32_t proc = f->g->ns.v[ns].first_proc;

	if (proc == GRAPH_NONE || !read_file(f, f->g->procs.v[proc].pid, name))
		return false;
	while (f->text.len > 0 && f->text.s[f->text.len - 1] == '\n')
		f->text.len--;
	add_squeezed(ret, f->text.s, f->text.len);
	return ret->len > 0;
}

bool facts_netnsid(struct facts *f, uint32_t ns, struct str *ret)
{
	auto_close int fd = discover_open(f->g, f->proc, ns);
	int id;

	if (f->netnsid < 0)
		f->netnsid = netnsid_open();
	if (fd < 0 || f->netnsid < 0 || netnsid_get(f->netnsid, fd, &id) < 0)
		return false;
	if (id < 0)
		str_add(ret, "unassigned");
	else
		str_addf(ret, "%d", id);
	return true;
}

static void add_task_path(struct str *ret, const struct holder *h)
{
	str_addf(ret, "/proc/%d/", h->pid);
	if (h->tid)
		str_addf(ret, "task/%d/", h->tid);
}

static bool holder_path(const struct facts *f, const struct holder *h, struct str *ret)
{
	const struct ns_type_info *type = &ns_types[f->g->ns.v[h->ns].type];

	switch (h->kind) {
	case HELD_THREAD:
		add_task_path(ret, h);
		str_addf(ret, "ns/%s", type->name);
		return true;
	case HELD_PENDING:
		add_task_path(ret, h);
		str_addf(ret, "ns/%s", type->for_children);
		return true;
	case HELD_FD:
		add_task_path(ret, h);
		str_addf(ret, "fd/%d", h->fd);
		return true;
	case HELD_MOUNT:
		if (h->mnt_ns != f->own_mnt)
			return false;
		str_add(ret, h->path);
		return true;
	case HELD_PROC:
	case HELD_SOCKET:
	case HELD_CHILD:
	case HELD_OWNER:
		break;
	}
	return false;
}

/* The first member of N that lets us look: a graph has more processes than /proc lets us read. */
static pid_t open_member(const struct facts *f, const struct ns *n)
{
	auto_free char *file = xasprintf("ns/%s", ns_types[n->type].name);

	for (uint32_t i = 0; i < n->nprocs; i++) {
		pid_t pid = f->g->procs.v[f->g->members[n->first_member + i]].pid;
		char path[PROC_PATH_MAX], text[64];

		proc_path(path, pid, 0, file);
		if (proc_link(f->proc, path, text, sizeof(text)) > 0)
			return pid;
	}
	return f->g->procs.v[n->first_proc].pid;
}

bool facts_path(const struct facts *f, uint32_t ns, struct str *ret)
{
	const struct ns *n = &f->g->ns.v[ns];

	if (n->first_proc != GRAPH_NONE) {
		str_addf(ret, "/proc/%d/ns/%s", open_member(f, n), ns_types[n->type].name);
		return true;
	}
	for (uint32_t i = 0; i < n->nholders; i++)
		if (holder_path(f, &f->g->holders.v[n->first_holder + i], ret))
			return true;
	return false;
}

static void read_parent(const struct facts *f, uint32_t proc, pid_t *parents)
{
	struct proc_stat st;

	if (proc_stat_read(f->proc, f->g->procs.v[proc].pid, &st) == 0)
		parents[proc] = st.ppid;
}

pid_t *facts_parents(const struct facts *f)
{
	pid_t *parents = xcalloc(f->g->procs.n, sizeof(*parents));

	for (uint32_t i = 0; i < f->g->procs.n; i++)
		read_parent(f, i, parents);
	return parents;
}

pid_t *facts_first_parents(const struct facts *f)
{
	pid_t *parents = xcalloc(f->g->procs.n, sizeof(*parents));

	for (size_t i = 0; i < f->g->ns.n; i++) {
		uint32_t first = f->g->ns.v[i].first_proc;

		if (first != GRAPH_NONE && !parents[first])
			read_parent(f, first, parents);
	}
	return parents;
}
