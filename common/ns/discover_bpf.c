/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All processes at once, through BPF iterators, where reading links one by one would take long.
 * The graph is the same, but for processes that /proc does not let us read: BPF asks nobody.
 *
 * What a structure of the kernel means may change under the same names. So before anything is
 * added, what the iterator says of this process is compared with what /proc says of it.
 */
#include "../base/fd.h"
#include "../sys/caps.h"
#include "../sys/dir.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "iterate.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * From some 120 processes on this is faster than the walk, which takes 50 to 70 us for each, while
 * loading the programs takes 6 ms. A host may note every program that is loaded: at twice as many.
 */
#define WORTH_IT 250

/* The link count of /proc is the number of processes and some more. */
static bool are_many(const struct scan *s)
{
	struct stat st;

	return fstat(s->proc, &st) == 0 && st.st_nlink >= WORTH_IT;
}

/* Iterators count pids as the initial pid namespace does: /proc and this process must do so too. */
static bool is_initial(const struct scan *s)
{
	enum ns_type type;
	char text[64];
	ino_t ino;

	if (!s->pids_are_ours || proc_link(s->proc, "self/ns/pid", text, sizeof(text)) < 0)
		return false;
	return ns_link_parse(text, &type, &ino) && ino == ns_types[NS_PID].initial;
}

/* Who may not is not to ask: a refusal is a line in some hosts' logs. */
static bool is_privileged(void)
{
	const uint64_t both = CAP_BIT(CAP_BPF) | CAP_BIT(CAP_PERFMON);
	struct caps caps;

	if (caps_get(&caps) < 0)
		return false;
	return (caps.effective & CAP_BIT(CAP_SYS_ADMIN)) || (caps.effective & both) == both;
}

/*
 * Whether IN says all that is to be known. Not of a pid namespace to which only an index led; and
 * from 6.11 until 6.18 mount namespaces alone had ids, elsewhere.
 */
static bool is_complete(enum ns_type type, const struct iterate_ns *in)
{
	return type == NS_USER || (in->owner && (type != NS_MNT || in->id));
}

static ino_t ino_of(const struct graph *g, uint32_t ns)
{
	return ns == GRAPH_NONE ? 0 : g->ns.v[ns].ino;
}

static bool is_same(const struct graph *g, uint32_t index, const struct iterate_ns *in)
{
	const struct ns *ns = index == GRAPH_NONE ? NULL : &g->ns.v[index];

	if (!ns)
		return in->ino == 0;
	if (ns->ino != in->ino || ino_of(g, ns->owner) != in->owner)
		return false;
	if (in->id != ns->id && is_complete(ns->type, in))
		return false;
	if (ns->type == NS_PID)
		return ino_of(g, ns->parent) == in->parent;
	return ns->type != NS_USER || (ns->has_creator && ns->creator == in->creator);
}

/* Whether the iterator says of this process what /proc says. Sets the device of nsfs. */
static bool is_trusted(struct scan *s, const struct records *r)
{
	auto_graph struct graph g = { 0 };
	struct scan probe = {
		.g = &g, .proc = s->proc, .wanted = SOURCE_PROC | SOURCE_ANCESTOR, .self = s->self
	};
	const struct iterate_task *own = records_find(r, s->self);

	if (!own || scan_process(&probe, s->self, NULL) < 0 || g.procs.n != 1)
		return false;
	for (int t = 0; t < NS_NTYPES; t++)
		if (!is_same(&g, g.procs.v[0].ns[t], &own->ns[t]))
			return false;
	s->g->dev = g.dev;
	return true;
}

static struct task task_of(const struct iterate_task *r)
{
	struct task t = { .pid = (pid_t)r->tgid,
			  .tid = r->pid == r->tgid ? 0 : (pid_t)r->pid,
			  .ns_dir = -EBADF };

	for (int type = 0; type < NS_NTYPES; type++)
		t.ino[type] = r->ns[type].ino;
	return t;
}

/* Queries NS through FILE of T, "ns/mnt" or "fd/5". */
static void query_through(struct scan *s, uint32_t ns, const struct task *t, const char *file)
{
	auto_close int fd = -EBADF;
	char path[PROC_PATH_MAX];

	proc_path(path, t->pid, t->tid, file);
	fd = openat(s->proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		scan_query(s, ns, fd);
}

/* Adding may move the array of namespaces: each field is stored after the call that adds. */
static void learn(struct scan *s, uint32_t index, const struct iterate_ns *in)
{
	enum ns_type type = s->g->ns.v[index].type;
	uint32_t owner, parent = GRAPH_NONE;

	s->g->ns.v[index].queried = true;
	s->g->ns.v[index].id = in->id;
	if (!scan_wants(s, SOURCE_ANCESTOR))
		return;
	owner = in->owner ? graph_add_ns(s->g, NS_USER, in->owner) : GRAPH_NONE;
	if (type == NS_USER)
		parent = owner;
	else if (type == NS_PID && in->parent)
		parent = graph_add_ns(s->g, NS_PID, in->parent);
	s->g->ns.v[index].owner = owner;
	s->g->ns.v[index].parent = parent;
	s->g->ns.v[index].has_creator = type == NS_USER;
	s->g->ns.v[index].creator = in->creator;
}

/* Adds namespace IN of T, which is there as NAME below its ns. GRAPH_NONE: there is none. */
static uint32_t add_ns(struct scan *s, const struct task *t, enum ns_type type, const char *name,
		       const struct iterate_ns *in)
{
	auto_free char *file = NULL;
	uint32_t ns;

	if (!in->ino)
		return GRAPH_NONE;
	ns = graph_add_ns(s->g, type, in->ino);
	if (s->g->ns.v[ns].queried)
		return ns;
	if (is_complete(type, in)) {
		learn(s, ns, in);
		return ns;
	}
	file = xasprintf("ns/%s", name);
	query_through(s, ns, t, file);
	return ns;
}

static void add_pending(struct scan *s, const struct task *t, const struct iterate_task *r,
			enum ns_type type, int slot)
{
	uint32_t ns;

	if (!scan_wants(s, SOURCE_PENDING) || r->ns[slot].ino == r->ns[type].ino)
		return;
	ns = add_ns(s, t, type, ns_types[type].for_children, &r->ns[slot]);
	if (ns != GRAPH_NONE)
		graph_add_holder(s->g, (struct holder){ .ns = ns,
							.kind = HELD_PENDING,
							.pid = t->pid,
							.tid = t->tid });
}

static void add_process(struct scan *s, const struct task *t, const struct iterate_task *r)
{
	uint32_t index = graph_add_proc(s->g, t->pid);

	for (int type = 0; type < NS_NTYPES; type++) {
		uint32_t ns = add_ns(s, t, (enum ns_type)type, ns_types[type].name, &r->ns[type]);

		s->g->procs.v[index].ns[type] = ns;
	}
	s->g->procs.v[index].nthreads = r->nthreads;
	s->g->procs.v[index].uid = r->uid;
	s->g->procs.v[index].has_uid = true;
	s->g->procs.v[index].cgroups = r->cgroups;
}

static void add_thread(struct scan *s, const struct task *t, const struct task *leader,
		       const struct iterate_task *r)
{
	for (int type = 0; type < NS_NTYPES; type++) {
		uint32_t ns;

		if (!t->ino[type] || t->ino[type] == leader->ino[type])
			continue;
		ns = add_ns(s, t, (enum ns_type)type, ns_types[type].name, &r->ns[type]);
		graph_add_holder(s->g, (struct holder){ .ns = ns,
							.kind = HELD_THREAD,
							.pid = t->pid,
							.tid = t->tid });
	}
}

static void add_fd(struct scan *s, const struct task *t, const struct iterate_fd *r)
{
	int type = ns_type_from_clone((int)r->type);
	auto_free char *file = NULL;
	uint32_t ns;

	if (type < 0)
		return;
	ns = graph_add_ns(s->g, (enum ns_type)type, r->ino);
	if (!s->g->ns.v[ns].queried) {
		file = xasprintf("fd/%u", r->fd);
		query_through(s, ns, t, file);
	}
	graph_add_holder(s->g, (struct holder){ .ns = ns,
						.kind = HELD_FD,
						.pid = t->pid,
						.tid = t->tid,
						.fd = (int)r->fd });
}

/* Whether the leader's descriptors, records [FIRST, LAST), have R's number for the same namespace. */
static bool leader_has(const struct records *records, size_t first, size_t last,
		       const struct iterate_fd *r)
{
	while (first < last) {
		size_t middle = first + (last - first) / 2;
		const struct iterate_fd *at = &records->fds[middle];

		if (at->fd == r->fd)
			return at->ino == r->ino;
		if (at->fd < r->fd)
			first = middle + 1;
		else
			last = middle;
	}
	return false;
}

/* The descriptors of all processes that BPF alone was asked for. */
static int add_fds(struct scan *s, struct records *records, struct err *e)
{
	size_t first = 0, last = 0; /* those of the leader */
	int r = iterate_fds(records);

	if (r < 0)
		return err_set(e, r, "cannot read all descriptors through BPF");
	for (size_t i = 0; i < records->nfds; i++) {
		const struct iterate_fd *f = &records->fds[i];
		const struct iterate_task *leader = records_find(records, (pid_t)f->tgid);
		struct task t = { .pid = (pid_t)f->tgid, .ns_dir = -EBADF };

		if (i == 0 || f->tgid != f[-1].tgid)
			first = last = i;
		if (!leader || leader->torn || t.pid == s->self)
			continue;
		if (f->pid == f->tgid)
			last = i + 1;
		else if (!scan_wants(s, SOURCE_THREAD) || leader_has(records, first, last, f))
			continue;
		else
			t.tid = (pid_t)f->pid;
		add_fd(s, &t, f);
	}
	return 0;
}

/* One pass over the records of tasks: where it stands. */
struct walk {
	const struct records *records;
	size_t next;
};

/* The next record, if it is of process TGID. */
static struct iterate_task *next_of(const struct walk *w, uint32_t tgid)
{
	struct iterate_task *r = &w->records->tasks[w->next];

	return w->next < w->records->ntasks && r->tgid == tgid ? r : NULL;
}

/* The threads of LEADER that are in other namespaces. */
static int walk_threads(struct scan *s, struct walk *w, const struct task *leader, struct err *e)
{
	const struct iterate_task *r;
	int done = 0;

	for (; done == 0 && (r = next_of(w, (uint32_t)leader->pid)); w->next++) {
		struct task t = task_of(r);

		add_thread(s, &t, leader, r);
		add_pending(s, &t, r, NS_PID, ITERATE_PENDING_PID);
		add_pending(s, &t, r, NS_TIME, ITERATE_PENDING_TIME);
		if (scan_wants(s, SOURCE_MOUNT) && t.ino[NS_MNT] != leader->ino[NS_MNT])
			done = scan_mounts_of_task(s, &t, e);
	}
	return done;
}

/* The process whose leader is R, the next record. */
static int walk_process(struct scan *s, struct walk *w, const struct iterate_task *r, struct err *e)
{
	struct task t = task_of(r);
	int done = 0;

	w->next++;
	if (scan_wants(s, SOURCE_PROC))
		add_process(s, &t, r);
	add_pending(s, &t, r, NS_PID, ITERATE_PENDING_PID);
	add_pending(s, &t, r, NS_TIME, ITERATE_PENDING_TIME);
	if (scan_wants(s, SOURCE_MOUNT))
		done = scan_mounts_of_task(s, &t, e);
	if (done < 0 || !scan_wants(s, SOURCE_THREAD))
		return done;
	return walk_threads(s, w, &t, e);
}

/* How many threads the machine had before and after the iteration. */
struct census {
	uint64_t before, after;
};

/* Whether the records have all threads but the HIDDEN ones of which the caller knows. */
static bool are_all(const struct records *r, const struct census *c, uint64_t hidden)
{
	uint64_t known = hidden;

	for (size_t i = 0; i < r->ntasks; i++)
		if (r->tasks[i].pid == r->tasks[i].tgid)
			known += r->tasks[i].nthreads;
	return known >= MIN(c->before, c->after) && known <= MAX(c->before, c->after);
}

/* Some kernels keep processes, such as pid 1, from BPF: what /proc has of them is to be told. */
static int scan_hidden(struct scan *s, const struct records *r, const struct census *c,
		       struct err *e)
{
	bool is_hidden = !records_find(r, 1);
	const char *name;
	struct dir d;
	int pid, done;

	done = is_hidden ? scan_process(s, 1, e) : 0;
	if (done < 0 || are_all(r, c, is_hidden ? proc_nthreads(s->proc, 1) : 0))
		return done;
	done = dir_open(&d, s->proc, ".");
	if (done < 0)
		return err_set(e, done, "cannot read /proc");
	while (done == 0 && dir_next(&d, &pid, &name))
		if (pid != 1 && !records_find(r, pid))
			done = scan_process(s, pid, e);
	dir_close(&d);
	return done;
}

static bool has_namespaces(const struct iterate_task *r)
{
	for (int type = 0; type < NS_NTYPES; type++)
		if (r->ns[type].ino)
			return true;
	return false;
}

static bool is_torn(const struct walk *w, uint32_t tgid)
{
	for (size_t i = w->next; i < w->records->ntasks && w->records->tasks[i].tgid == tgid; i++)
		if (w->records->tasks[i].torn)
			return true;
	return false;
}

static int walk_all(struct scan *s, struct walk *w, struct err *e)
{
	int done = 0;

	while (done == 0 && w->next < w->records->ntasks) {
		struct iterate_task *r = &w->records->tasks[w->next];
		uint32_t tgid = r->tgid;

		if (is_torn(w, tgid)) {
			r->torn = true;
			done = scan_process(s, (pid_t)tgid, e);
		} else if (r->pid == tgid && has_namespaces(r)) {
			done = walk_process(s, w, r, e);
		}
		while (next_of(w, tgid))
			w->next++;
	}
	return done;
}

/* Owners and parents without any task of theirs: asked for through what is below them. */
static void query_ancestors(struct scan *s)
{
	const struct graph *g = s->g;

	for (uint32_t i = 0; i < g->ns.n; i++) {
		uint32_t owner = g->ns.v[i].owner, parent = g->ns.v[i].parent;
		auto_close int fd = -EBADF;

		if ((owner == GRAPH_NONE || g->ns.v[owner].queried) &&
		    (parent == GRAPH_NONE || g->ns.v[parent].queried))
			continue;
		fd = discover_open(g, s->proc, i);
		if (fd < 0)
			continue;
		g->ns.v[i].queried = false;
		scan_query(s, i, fd);
	}
}

int scan_bpf(struct scan *s, struct err *e)
{
	auto_call(records_done) struct records r = { .ntasks = 0 };
	struct walk w = { .records = &r };
	struct census c = { 0, 0 };
	int done;

	if (scan_wants(s, SOURCE_SOCKET) || !are_many(s) || !is_initial(s) || !is_privileged())
		return 0;
	proc_total_threads(s->proc, &c.before);
	if (iterate(scan_wants(s, SOURCE_FD), &r) < 0 || !is_trusted(s, &r))
		return 0;
	proc_total_threads(s->proc, &c.after);
	done = scan_hidden(s, &r, &c, e);
	if (done == 0)
		done = walk_all(s, &w, e);
	if (done == 0)
		done = add_fds(s, &r, e);
	if (done < 0)
		return done;
	query_ancestors(s);
	return 1;
}
