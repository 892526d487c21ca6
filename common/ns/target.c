/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include "../base/fd.h"
#include "../sys/compat.h"
#include "../sys/pidfd.h"
#include "../sys/procfs.h"

#include <errno.h>
#include <fcntl.h>

static const unsigned pidfd_request[NS_NTYPES] = {
	[NS_MNT] = PIDFD_NS_MNT,       [NS_UTS] = PIDFD_NS_UTS,	  [NS_IPC] = PIDFD_NS_IPC,
	[NS_NET] = PIDFD_NS_NET,       [NS_PID] = PIDFD_NS_PID,	  [NS_USER] = PIDFD_NS_USER,
	[NS_CGROUP] = PIDFD_NS_CGROUP, [NS_TIME] = PIDFD_NS_TIME,
};

static int no_process(pid_t pid, bool is_thread, struct err *e)
{
	return err_say(e, -ESRCH, "there is no %s %d", is_thread ? "thread" : "process", pid);
}

static int is_a_thread(pid_t tid, pid_t pid, struct err *e)
{
	err_say(e, -EINVAL, "%d is not a process, but a thread of process %d", tid, pid);
	err_hint(e, "a thread is named by 'tid:%d'", tid);
	return -EINVAL;
}

static pid_t id_of(const struct target *t)
{
	return t->tid ? t->tid : t->pid;
}

/*
 * pidfd_open(2) numbers processes as the caller's pid namespace does. Where /proc is that of
 * another one, the same number is another process there: then its directory holds it.
 */
static int hold_by_pidfd(struct target *t, pid_t id, bool is_thread)
{
	auto_close int fd = is_thread ? pidfd_of_thread(id) : pidfd_of(id);
	pid_t seen;
	int r;

	if (fd < 0)
		return fd;
	r = pidfd_pid(t->proc, fd, &seen);
	if (r < 0)
		return r;
	if (seen != id)
		return -ENXIO;
	t->pidfd = take_fd(&fd);
	return 0;
}

/* The directory of a process stays that process's: once it has gone, nothing is found in it. */
static int hold_by_directory(struct target *t, pid_t id)
{
	char path[PROC_PATH_MAX];

	proc_path(path, id, 0, "");
	t->dir = openat(t->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return t->dir < 0 ? -errno : 0;
}

/* A process by its pidfd needs no look: pidfd_open(2) takes leaders only. */
static int find_leader(struct target *t, pid_t id, bool is_thread, struct err *e)
{
	pid_t leader = id;
	int r = 0;

	if (t->pidfd < 0 || is_thread)
		r = proc_tgid(t->proc, id, &leader);
	if (r < 0)
		return r == -ENOENT || r == -ESRCH
			       ? no_process(id, is_thread, e)
			       : err_set(e, r, "cannot read /proc/%d/status", id);
	if (leader != id && !is_thread)
		return is_a_thread(id, leader, e);
	t->pid = leader;
	t->tid = leader == id ? 0 : id;
	return 0;
}

int target_hold(struct target *t, int proc, pid_t pid, bool is_thread, struct err *e)
{
	int r;

	t->kind = TARGET_PROCESS;
	t->proc = proc;
	t->types = NS_ALL;
	if (hold_by_pidfd(t, pid, is_thread) < 0) {
		r = hold_by_directory(t, pid);
		if (r == -ENOENT || r == -ESRCH)
			return no_process(pid, is_thread, e);
		if (r < 0)
			return err_set(e, r, "cannot open /proc/%d", pid);
	}
	r = find_leader(t, pid, is_thread, e);
	return r < 0 ? r : target_check(t, e);
}

int target_hold_pidfd(struct target *t, int proc, int pidfd, struct err *e)
{
	pid_t id;
	int r = pidfd_pid(proc, pidfd, &id);

	t->kind = TARGET_PROCESS;
	t->proc = proc;
	t->types = NS_ALL;
	t->pidfd = pidfd;
	if (r == -ESRCH)
		return err_say(e, r, "the process of %s has ended", t->label);
	if (r == -ENXIO)
		return err_say(e, r, "the process of %s is not visible in /proc", t->label);
	if (r < 0)
		return err_set(e, r, "cannot tell the process of %s", t->label);
	return find_leader(t, id, true, e);
}

void target_add(struct target *t, enum ns_type type, int fd)
{
	cleanup_fd(&t->ns[type]);
	t->ns[type] = fd;
	t->types |= 1U << type;
}

static int has_ended(const struct target *t, struct err *e)
{
	struct proc_stat st;

	err_say(e, -ESRCH, "%s %d has ended", t->tid ? "thread" : "process", id_of(t));
	if (e && !t->tid && proc_stat_read(t->proc, t->pid, &st) == 0 && st.state == 'Z')
		err_hint(e,
			 "it is a zombie, which ps(1) shows until its parent, process %d, takes "
			 "notice",
			 st.ppid);
	return -ESRCH;
}

static bool directory_is_alive(int dir)
{
	auto_str struct str text = { 0 };
	struct proc_stat st;

	return proc_read(dir, "stat", &text) == 0 && proc_stat_parse(str_text(&text), &st) == 0 &&
	       st.state != 'Z' && st.state != 'X';
}

int target_check(const struct target *t, struct err *e)
{
	bool alive = true;

	if (t->pidfd >= 0)
		alive = pidfd_alive(t->pidfd);
	else if (t->dir >= 0)
		alive = directory_is_alive(t->dir);
	return alive ? 0 : has_ended(t, e);
}

static int open_link(const struct target *t, enum ns_type type)
{
	auto_free char *name = xasprintf("ns/%s", ns_types[type].name);
	char path[PROC_PATH_MAX];
	int fd;

	proc_path(path, id_of(t), 0, name);
	fd = t->dir >= 0 ? openat(t->dir, name, O_RDONLY | O_CLOEXEC)
			 : openat(t->proc, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whether a pidfd's ioctl was refused as such: by a kernel before 6.11, or by a seccomp filter. */
static bool is_unsupported(int r)
{
	return r == -ENOTTY || r == -EINVAL || r == -ENOSYS || r == -EPERM;
}

/* What is opened by a pid is that process's if it lives on: no other one can have had the pid. */
static int open_ns(const struct target *t, enum ns_type type)
{
	int fd = t->pidfd >= 0 ? pidfd_ns(t->pidfd, pidfd_request[type]) : -ENOTTY;

	if (!is_unsupported(fd))
		return fd;
	fd = open_link(t, type);
	if (fd >= 0 && target_check(t, NULL) < 0) {
		cleanup_fd(&fd);
		return -ESRCH;
	}
	return fd;
}

static int refused(const struct target *t, enum ns_type type, int r, struct err *e)
{
	const char *name = ns_types[type].name;

	if (target_check(t, NULL) < 0)
		return has_ended(t, e);
	if (r == -ENOENT || r == -EOPNOTSUPP)
		return err_say(e, -ENOENT, "this kernel has no %s namespaces", name);
	/* On its way out it is in none any more. */
	if (r == -ESRCH && (t->tid || proc_nthreads(t->proc, t->pid) < 2))
		return err_say(e, r, "%s is about to end", t->label);
	/* A process whose main thread has exited lives on in the others. */
	if (r == -ESRCH) {
		err_say(e, r, "the main thread of process %d has ended", t->pid);
		err_hint(e, "its other threads, in /proc/%d/task, are named by 'tid:NUMBER'",
			 t->pid);
		return r;
	}
	return err_set(e, r, "cannot open the %s namespace of %s", name, t->label);
}

int target_ns(struct target *t, enum ns_type type, struct err *e)
{
	int fd;

	if (t->ns[type] >= 0)
		return t->ns[type];
	if (!(t->types & 1U << type))
		return err_say(e, -ENOENT, "%s names no %s namespace", t->label,
			       ns_types[type].name);
	fd = open_ns(t, type);
	if (fd < 0)
		return refused(t, type, fd, e);
	t->ns[type] = fd;
	return fd;
}

int target_refused(const struct target *t, int r, struct err *e)
{
	if (r == -EACCES || r == -EPERM)
		err_hint(e,
			 "whose namespaces are looked at must be one's own process with no more "
			 "capabilities than oneself, else it needs CAP_SYS_PTRACE in the user "
			 "namespace of %s",
			 t->label);
	return r;
}

int target_read(const struct target *t, const char *name, struct str *ret, struct err *e)
{
	char path[PROC_PATH_MAX];
	int r;

	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL, "%s is not a process", t->label);
	proc_path(path, t->pid, t->tid, name);
	r = proc_read(t->proc, path, ret);
	if (r < 0 && target_check(t, NULL) == 0)
		return err_set(e, r, "cannot read the %s of %s", name, t->label);
	return target_check(t, e);
}

void target_done(struct target *t)
{
	for (int type = 0; type < NS_NTYPES; type++)
		cleanup_fd(&t->ns[type]);
	cleanup_fd(&t->pidfd);
	cleanup_fd(&t->dir);
	free(t->label);
	t->label = NULL;
	t->types = 0;
}
