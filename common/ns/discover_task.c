/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One process of /proc: its namespace links, threads and descriptors. */
#include "../base/fd.h"
#include "../sys/compat.h"
#include "../sys/dir.h"
#include "../sys/kcmp.h"
#include "../sys/pidfd.h"
#include "../sys/procfs.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>

/* Room for the text of a link that matters here, "cgroup:[4026531835]"; others may be cut. */
#define LINK_TEXT 64

static int open_ns_dir(const struct scan *s, struct task *t)
{
	char path[PROC_PATH_MAX];

	proc_path(path, t->pid, t->tid, "ns");
	t->ns_dir = openat(s->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return t->ns_dir < 0 ? -errno : 0;
}

static void task_done(struct task *t)
{
	cleanup_fd(&t->ns_dir);
}

/* Reads a link such as "net". Returns its inode, 0 if there is none to read, or -EACCES. */
static int read_link(const struct task *t, const char *name, enum ns_type expected, ino_t *ino)
{
	char text[LINK_TEXT];
	enum ns_type type;
	ssize_t n = proc_link(t->ns_dir, name, text, sizeof(text));

	*ino = 0;
	if (n == -EACCES || n == -EPERM)
		return -EACCES;
	if (n < 0 || !ns_link_parse(text, &type, ino) || type != expected)
		*ino = 0;
	return 0;
}

/*
 * Reads the eight links. A zombie has lost most of them, an old kernel lacks some: such types stay
 * unknown. Returns how many are known, or -EACCES.
 */
static int read_links(struct task *t)
{
	int known = 0;

	for (int type = 0; type < NS_NTYPES; type++) {
		int r = read_link(t, ns_types[type].name, (enum ns_type)type, &t->ino[type]);

		if (r < 0)
			return r;
		known += t->ino[type] != 0;
	}
	return known;
}

/*
 * Until its first child is there, the link of a pid namespace to come leads nowhere. A pidfd tells
 * it all the same. Linux 6.11.
 */
static void read_unborn(struct scan *s, const struct task *t)
{
	auto_close int pidfd = t->tid ? pidfd_of_thread(t->tid) : pidfd_of(t->pid);
	auto_close int fd = pidfd < 0 ? pidfd : pidfd_ns(pidfd, PIDFD_NS_PID_FOR_CHILDREN);
	uint32_t ns;

	if (fd < 0 || fd_inode(fd) == t->ino[NS_PID])
		return;
	ns = scan_add_fd(s, fd);
	if (ns != GRAPH_NONE)
		graph_add_holder(s->g, (struct holder){ .ns = ns,
							.kind = HELD_PENDING,
							.pid = t->pid,
							.tid = t->tid });
}

/* pid_for_children and time_for_children, where they differ from what the task is in itself. */
static void read_pending(struct scan *s, const struct task *t)
{
	for (int type = 0; type < NS_NTYPES; type++) {
		const char *name = ns_types[type].for_children;
		uint32_t ns;
		ino_t ino;

		if (!name || read_link(t, name, (enum ns_type)type, &ino) < 0)
			continue;
		if (!ino && type == NS_PID && s->pids_are_ours)
			read_unborn(s, t);
		if (!ino || ino == t->ino[type])
			continue;
		ns = scan_add_at(s, (enum ns_type)type, ino, t->ns_dir, name);
		graph_add_holder(s->g, (struct holder){ .ns = ns,
							.kind = HELD_PENDING,
							.pid = t->pid,
							.tid = t->tid });
	}
}

/* Whether the leader's table has the same namespace under the same number (where kcmp(2) is missing). */
static bool leader_has(const struct scan *s, const struct task *t, const char *name,
		       const char *text)
{
	auto_free char *file = xasprintf("fd/%s", name);
	char path[PROC_PATH_MAX], leader[LINK_TEXT];

	proc_path(path, t->pid, 0, file);
	return proc_link(s->proc, path, leader, sizeof(leader)) >= 0 && str_is(leader, text);
}

/*
 * One descriptor. Only the text of its link is looked at, never stat(2): that may ask a file
 * system served by a stranger (FUSE), and wait for ever.
 */
static void read_fd(struct scan *s, const struct task *t, int dir, int number, const char *name,
		    int pidfd)
{
	char text[LINK_TEXT];
	enum ns_type type;
	uint32_t ns;
	ino_t ino;

	if (proc_link(dir, name, text, sizeof(text)) < 0)
		return;
	if (pidfd >= 0)
		scan_socket(s, t, pidfd, number, text);
	if (!scan_wants(s, SOURCE_FD) || !ns_link_parse(text, &type, &ino))
		return;
	if (t->tid && leader_has(s, t, name, text))
		return;
	ns = scan_add_at(s, type, ino, dir, name);
	graph_add_holder(
		s->g,
		(struct holder){
			.ns = ns, .kind = HELD_FD, .pid = t->pid, .tid = t->tid, .fd = number });
}

/* The descriptors of a process, or those of a thread that does not share its process's. */
static void read_fds(struct scan *s, const struct task *t)
{
	auto_close int pidfd = -EBADF;
	char path[PROC_PATH_MAX];
	const char *name;
	struct dir d;
	int number;

	if (!scan_wants(s, SOURCE_FD) && !scan_wants(s, SOURCE_SOCKET))
		return;
	if (t->pid == s->self)
		return;
	proc_path(path, t->pid, t->tid, "fd");
	if (dir_open(&d, s->proc, path) < 0)
		return;
	if (scan_wants(s, SOURCE_SOCKET) && s->pids_are_ours)
		pidfd = t->tid ? pidfd_of_thread(t->tid) : pidfd_of(t->pid);
	while (dir_next(&d, &number, &name))
		read_fd(s, t, d.fd, number, name, pidfd);
	dir_close(&d);
}

/* A thread other than the leader is worth a word only where it differs from it. */
static int read_thread(struct scan *s, const struct task *leader, pid_t tid, struct err *e)
{
	auto_call(task_done) struct task t = { .pid = leader->pid, .tid = tid };

	if (open_ns_dir(s, &t) < 0 || read_links(&t) <= 0)
		return 0;
	for (int type = 0; type < NS_NTYPES; type++) {
		uint32_t ns;

		if (!t.ino[type] || t.ino[type] == leader->ino[type])
			continue;
		ns = scan_add_at(s, (enum ns_type)type, t.ino[type], t.ns_dir, ns_types[type].name);
		graph_add_holder(
			s->g,
			(struct holder){ .ns = ns, .kind = HELD_THREAD, .pid = t.pid, .tid = tid });
	}
	if (scan_wants(s, SOURCE_PENDING))
		read_pending(s, &t);
	if (!s->pids_are_ours || kcmp_files(t.pid, tid) != 1)
		read_fds(s, &t);
	if (!scan_wants(s, SOURCE_MOUNT) || t.ino[NS_MNT] == leader->ino[NS_MNT])
		return 0;
	return scan_mounts_of_task(s, &t, e);
}

static int read_threads(struct scan *s, const struct task *leader, struct err *e)
{
	char path[PROC_PATH_MAX];
	const char *name;
	struct dir d;
	int tid, r = 0;

	proc_path(path, leader->pid, 0, "task");
	if (dir_open(&d, s->proc, path) < 0)
		return 0;
	while (r == 0 && dir_next(&d, &tid, &name))
		if (tid != leader->pid)
			r = read_thread(s, leader, tid, e);
	dir_close(&d);
	return r;
}

static void add_process(struct scan *s, const struct task *t, uint32_t nthreads)
{
	uint32_t index = graph_add_proc(s->g, t->pid);

	s->g->procs.v[index].nthreads = nthreads;
	for (int type = 0; type < NS_NTYPES; type++) {
		uint32_t ns;

		if (!t->ino[type])
			continue;
		ns = scan_add_at(s, (enum ns_type)type, t->ino[type], t->ns_dir,
				 ns_types[type].name);
		s->g->procs.v[index].ns[type] = ns;
	}
}

/* An ordinary user expects not to see what others do; anything else is worth a word. */
static void count_unreadable(const struct scan *s, pid_t pid)
{
	struct graph *g = s->g;
	uid_t uid;

	if (s->uid != 0 && proc_uid(s->proc, pid, &uid) == 0 && uid != s->uid) {
		g->nhidden++;
		return;
	}
	g->nunreadable++;
	if (pid == 1)
		g->pid1_unreadable = true;
}

int scan_process(struct scan *s, pid_t pid, struct err *e)
{
	auto_call(task_done) struct task t = { .pid = pid };
	uint32_t nthreads;
	int r = open_ns_dir(s, &t);

	if (r == 0)
		r = read_links(&t);
	if (r == -EACCES)
		count_unreadable(s, pid);
	if (r <= 0)
		return 0;
	nthreads = proc_nthreads(s->proc, pid);
	if (scan_wants(s, SOURCE_PROC))
		add_process(s, &t, nthreads);
	if (scan_wants(s, SOURCE_PENDING))
		read_pending(s, &t);
	read_fds(s, &t);
	if (scan_wants(s, SOURCE_MOUNT)) {
		r = scan_mounts_of_task(s, &t, e);
		if (r < 0)
			return r;
	}
	if (nthreads > 1 && scan_wants(s, SOURCE_THREAD))
		return read_threads(s, &t, e);
	return 0;
}
