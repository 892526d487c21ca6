/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "iterate.h"

/* First: it has names that the others forbid. */
#include "iterate_code.h"

#include "../base/fd.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The descriptor of a run keeps link and program. */
static int start(const struct bpf_code *c, uint32_t btf_id)
{
	auto_close int prog = bpf_load_iterator(c, btf_id);
	auto_close int link = prog < 0 ? prog : bpf_attach_iterator(prog);

	return link < 0 ? link : bpf_start_iterator(link);
}

/* All that FD yields, to be freed, whole records of SIZE bytes. */
static int read_records(int fd, size_t size, void **ret, size_t *n)
{
	auto_str struct str all = { 0 };

	for (;;) {
		ssize_t got = read(fd, str_room(&all, 1 << 16), 1 << 16);

		if (got == 0)
			break;
		if (got > 0)
			all.len += (size_t)got;
		else if (errno != EINTR && errno != EAGAIN) /* EAGAIN: nothing among many */
			return -errno;
	}
	if (all.len % size)
		return -EBADMSG;
	*n = all.len / size;
	*ret = str_take(&all);
	return 0;
}

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* By process, in it the leader first, then its threads. */
static int compare_tasks(uint32_t atgid, uint32_t apid, uint32_t btgid, uint32_t bpid)
{
	int order = compare(atgid, btgid);

	return order ? order : compare(apid == atgid ? 0 : apid, bpid == btgid ? 0 : bpid);
}

static int by_task(const void *x, const void *y)
{
	const struct iterate_task *a = x, *b = y;

	return compare_tasks(a->tgid, a->pid, b->tgid, b->pid);
}

static int by_fd(const void *x, const void *y)
{
	const struct iterate_fd *a = x, *b = y;
	int order = compare_tasks(a->tgid, a->pid, b->tgid, b->pid);

	return order ? order : compare(a->fd, b->fd);
}

/* Pids come in ascending order, so there is mostly nothing to do. */
static void sort(void *v, size_t n, size_t size, int (*order)(const void *, const void *))
{
	for (size_t i = 1; i < n; i++)
		if (order((char *)v + (i - 1) * size, (char *)v + i * size) > 0) {
			qsort(v, n, size, order);
			return;
		}
}

static int read_tasks(int fd, struct records *ret)
{
	void *v = NULL;
	int r = read_records(fd, sizeof(*ret->tasks), &v, &ret->ntasks);

	ret->tasks = v;
	if (r == 0)
		sort(ret->tasks, ret->ntasks, sizeof(*ret->tasks), by_task);
	return r;
}

/* What reads the descriptors, in a thread of its own if it can have one. */
struct reader {
	int fd;
	bool is_thread;
	pthread_t thread;
	pid_t tid;
	void *fds;
	size_t n;
	int result;
};

static void *read_fds(void *arg)
{
	struct reader *r = arg;

	r->tid = gettid();
	r->result = read_records(r->fd, sizeof(struct iterate_fd), &r->fds, &r->n);
	return NULL;
}

/* FD becomes the reader's. Signals are for the thread that was there before. */
static struct reader *reader_new(int fd)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	sigset_t all, before;

	r->fd = fd;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r->is_thread = pthread_create(&r->thread, NULL, read_fds, r) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!r->is_thread)
		read_fds(r);
	return r;
}

/*
 * A thread that is joined may still be counted for a moment: until it is not, unshare(2) and
 * setns(2) refuse a user namespace.
 */
static void reader_wait(struct reader *r)
{
	if (!r->is_thread)
		return;
	pthread_join(r->thread, NULL);
	while (syscall(SYS_tgkill, getpid(), r->tid, 0) == 0)
		sched_yield();
}

int iterate_fds(struct records *r)
{
	struct reader *reader = r->reader;
	int result;

	if (!reader)
		return 0;
	reader_wait(reader);
	result = reader->result;
	r->fds = reader->fds;
	r->nfds = reader->n;
	r->reader = NULL;
	cleanup_fd(&reader->fd);
	free(reader);
	sort(r->fds, r->nfds, sizeof(*r->fds), by_fd);
	return result;
}

int iterate(bool want_fds, struct records *ret)
{
	struct bpf_code task_code = { .n = 0 }, fd_code = { .n = 0 };
	auto_close int tasks = -EBADF;
	struct kernel k;
	int r = kernel_read(&k);

	if (r < 0)
		return r;
	iterate_task_code(&task_code, &k);
	iterate_fd_code(&fd_code, &k);
	tasks = start(&task_code, k.iter_task);
	if (tasks < 0)
		return tasks;
	if (want_fds) {
		int fds = start(&fd_code, k.iter_task_file);

		if (fds < 0)
			return fds;
		ret->reader = reader_new(fds);
	}
	return read_tasks(tasks, ret);
}

const struct iterate_task *records_find(const struct records *r, pid_t pid)
{
	struct iterate_task key = { .pid = (uint32_t)pid, .tgid = (uint32_t)pid };

	return bsearch(&key, r->tasks, r->ntasks, sizeof(key), by_task);
}

void records_done(struct records *r)
{
	iterate_fds(r);
	free(r->tasks);
	free(r->fds);
	*r = (struct records){ .ntasks = 0 };
}
