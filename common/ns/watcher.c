/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watcher.h"

#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "discover.h"
#include "seen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

/* Rings: of each CPU, of all together, and at least. */
#define RING_MAX  (512 << 10)
#define RINGS_MAX (16 << 20)
#define RING_MIN  (32 << 10)

/* What one CPU has noted may stand in its ring so much later than what another noted after it. */
#define HOLD	   (10 * MS)
/* A namespace may live on so long without it being worth a word. */
#define SETTLING   (100 * MS)
/* A look takes at most so much of the time: one part in … */
#define LOOK_SHARE 10
/* Of what was read last, so much is searched for a task. */
#define FORMER_MAX 256
/* From MANY records a second on they are read in portions, every PORTION, until they are FEW. */
#define MANY	   2000
#define FEW	   1000
#define PORTION	   (10 * MS)
#define WINDOW	   (100 * MS)

uint64_t watcher_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 * MS + (uint64_t)ts.tv_nsec;
}

static void sleep_until(uint64_t time)
{
	struct timespec ts = { .tv_sec = (time_t)(time / (1000 * MS)),
			       .tv_nsec = (long)(time % (1000 * MS)) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

static bool task_lives(void *data, pid_t tid, char comm[16])
{
	const struct watcher *w = data;

	return seen_lives(w->proc, tid, comm);
}

/* Linux 6.18; only who may administer the machine is told. */
static int ns_exists(void *data, const struct member_ns *ns)
{
	const struct watcher *w = data;
	int fd;

	if (!w->by_handle || !ns->id)
		return -1;
	fd = nsfs_open_handle(ns->id, (uint32_t)ns_types[ns->type].clone, (uint32_t)ns->ino);
	if (fd < 0)
		return fd == -ESTALE ? 0 : -1;
	close(fd);
	return 1;
}

static bool is_younger(void *data, pid_t pid)
{
	const struct watcher *w = data;
	struct timespec boot;
	struct proc_stat st;
	uint64_t age, born, now = watcher_now();

	if (proc_stat_read(w->proc, pid, &st) < 0)
		return true;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	born = st.starttime * (1000 * MS / (uint64_t)sysconf(_SC_CLK_TCK));
	age = (uint64_t)boot.tv_sec * 1000 * MS + (uint64_t)boot.tv_nsec - born;
	return age < now - w->last_look;
}

/* What a process was called and where it belonged is read as late as when it is told of a snapshot. */
static void tell(void *data, const struct event *event)
{
	struct watcher *w = data;
	struct event e = *event;
	struct who who = { 0 };

	if (e.who && !e.who->has_uid && e.kind != EVENT_GONE && e.kind != EVENT_EMPTY) {
		who_copy(&who, e.who);
		seen_who(w->proc, &who);
		e.who = &who;
	}
	w->tell(w->data, &e);
	who_done(&who);
}

static bool can_use_handles(int proc)
{
	auto_close int fd = openat(proc, "self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_close int again = -EBADF;
	uint64_t id;

	if (fd < 0 || nsfs_id(fd, &id) < 0)
		return false;
	again = nsfs_open_handle(id, (uint32_t)ns_types[NS_NET].clone, (uint32_t)fd_inode(fd));
	return again >= 0;
}

/* In the order of the kernel. */
static const enum ns_type perf_types[PERF_NAMESPACES_MAX] = { NS_NET,  NS_UTS, NS_IPC,	 NS_PID,
							      NS_USER, NS_MNT, NS_CGROUP };

static struct happening happening_of(const struct perf_record *r)
{
	static const enum happening_kind kinds[] = {
		[PERF_FORK] = HAPPENS_FORK, [PERF_EXIT] = HAPPENS_EXIT,
		[PERF_COMM] = HAPPENS_COMM, [PERF_NAMESPACES] = HAPPENS_NAMESPACES,
		[PERF_LOST] = HAPPENS_LOSS,
	};
	struct happening h = {
		.kind = kinds[r->kind],
		.time = r->time,
		.pid = r->pid,
		.tid = r->tid,
		.ppid = r->ppid,
		.ptid = r->ptid,
		.by = r->by,
		.exec = r->exec,
		.lost = r->lost,
	};

	memcpy(h.comm, r->comm, sizeof(h.comm));
	for (int i = 0; i < PERF_NAMESPACES_MAX; i++)
		h.ino[perf_types[i]] = r->ino[i];
	return h;
}

static void push(struct watcher *w, struct happening h)
{
	h.number = w->number++;
	vec_push(&w->queue, h);
}

/* What was last read, and not yet applied, of where H's task or its maker is. */
static const struct happening *find_former(const struct watcher *w, const struct happening *h)
{
	for (size_t i = w->queue.n; i > 0 && w->queue.n - i < FORMER_MAX; i--) {
		const struct happening *former = &w->queue.v[i - 1];

		if (former->kind == HAPPENS_NAMESPACES &&
		    (former->tid == h->tid || former->tid == h->by))
			return former;
	}
	return NULL;
}

static unsigned wants(const struct watcher *w, const struct happening *h)
{
	unsigned wanted = events_wants(&w->ev, h, NULL);

	return wanted & EVENTS_WANTS_FORMER ? events_wants(&w->ev, h, find_former(w, h)) : wanted;
}

/* Tasks that our pid namespace does not have are nobody's: pid 0. */
static size_t read_ring(struct watcher *w, struct perf_ring *ring)
{
	struct happening before = { 0 };
	struct perf_record record;
	size_t n = 0;
	int r;

	while ((r = perf_next(ring, &record)) > 0) {
		struct happening h = happening_of(&record);
		unsigned wanted;

		n++;
		if (h.kind != HAPPENS_LOSS && h.tid <= 0)
			continue;
		if (before.kind == HAPPENS_FORK && before.tid == h.tid)
			h.ppid = before.ppid;
		wanted = wants(w, &h);
		if (wanted)
			h.seen = seen_read(w->proc, &h, wanted);
		push(w, h);
		before = h;
	}
	if (r < 0)
		push(w, (struct happening){ .kind = HAPPENS_LOSS, .time = watcher_now() });
	return n;
}

/* Listens in the way that suits the rate at which records come. */
static void set_pace(struct watcher *w, uint64_t now)
{
	uint64_t took = now - w->window;
	bool hurries;

	if (took < WINDOW)
		return;
	hurries = w->read * 1000 * MS / took > (w->rings.hurries ? FEW : MANY);
	w->window = now;
	w->read = 0;
	if (hurries == w->rings.hurries)
		return;
	perf_hurry(&w->rings, hurries);
	for (size_t i = 0; i < w->rings.n; i++)
		w->polls[i].fd = hurries ? w->rings.v[i].bulk.fd : w->rings.v[i].prompt.fd;
}

/*
 * Both rings of a CPU may hold something when the pace has just been set. What one of them loses is told
 * when it is written again, which may be late: a snapshot is needed at once.
 */
static void read_rings(struct watcher *w)
{
	for (size_t i = 0; i < w->rings.n; i++) {
		struct perf_cpu *cpu = &w->rings.v[i];

		w->ev.dirty |= perf_is_full(&cpu->prompt) || perf_is_full(&cpu->bulk);
		w->read += read_ring(w, &cpu->prompt);
		w->read += read_ring(w, &cpu->bulk);
	}
	if (w->rings.n)
		set_pace(w, watcher_now());
}

static int by_time(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Applies what happened until TIME, in its order. */
static void apply_until(struct watcher *w, uint64_t time)
{
	size_t done = 0;

	if (w->queue.n)
		qsort(w->queue.v, w->queue.n, sizeof(*w->queue.v), by_time);
	for (; done < w->queue.n && w->queue.v[done].time <= time; done++) {
		events_apply(&w->ev, &w->queue.v[done]);
		seen_free(w->queue.v[done].seen);
	}
	w->queue.n -= done;
	if (done && w->queue.n)
		memmove(w->queue.v, w->queue.v + done, w->queue.n * sizeof(*w->queue.v));
}

/*
 * Looks after namespaces without members. What is seen to have gone joins the queue, so that it is told
 * in the order of time.
 */
static void check_empty(struct watcher *w, uint64_t now)
{
	for (uint32_t i = 0; w->ev.m.nempty && i < w->ev.m.ns.n; i++) {
		struct member_ns *ns = &w->ev.m.ns.v[i];
		struct happening end = { .kind = HAPPENS_END, .time = now, .type = ns->type };
		int there;

		if (!ns->used || ns->nmembers || ns->check > now)
			continue;
		there = ns_exists(w, ns);
		ns->pause = MIN(2 * ns->pause, w->interval);
		ns->check = now + ns->pause;
		ns->unsure = there < 0;
		if (there != 0)
			continue;
		end.ino[ns->type] = ns->ino;
		end.id = ns->id;
		push(w, end);
	}
}

/* When a snapshot is needed; UINT64_MAX: not at all. */
static uint64_t look_at(const struct watcher *w)
{
	uint64_t when = UINT64_MAX;

	if (!w->rings.n || w->ev.dirty)
		return w->next_look;
	for (uint32_t i = 0; w->ev.m.nempty && i < w->ev.m.ns.n; i++) {
		const struct member_ns *ns = &w->ev.m.ns.v[i];

		if (ns->used && !ns->nmembers && (ns->unsure || !ns->told_empty))
			when = MIN(when, MAX(w->next_look, ns->since + SETTLING));
	}
	return when;
}

/* When the next namespace without members is to be looked after. */
static uint64_t check_at(const struct watcher *w)
{
	uint64_t when = UINT64_MAX;

	for (uint32_t i = 0; w->ev.m.nempty && i < w->ev.m.ns.n; i++)
		if (w->ev.m.ns.v[i].used && !w->ev.m.ns.v[i].nmembers)
			when = MIN(when, w->ev.m.ns.v[i].check);
	return when;
}

static int look(struct watcher *w, struct err *e)
{
	unsigned sources_wanted = w->by_handle ? SOURCE_DEFAULT : SOURCE_ALL;
	uint64_t began = watcher_now(), ended;
	int r;

	graph_done(&w->graph);
	w->graph = (struct graph){ 0 };
	r = discover(&w->graph, w->proc, sources_wanted, e);
	if (r < 0)
		return r;
	ended = watcher_now();
	if (w->rings.n) {
		sleep_until(ended + HOLD);
		read_rings(w);
		apply_until(w, ended);
	}
	events_sync(&w->ev, &w->graph, began, ended);
	w->last_look = ended;
	w->next_look = ended + MAX(w->interval, LOOK_SHARE * (ended - began));
	return 0;
}

/* Whether PROC numbers processes as system calls do here. */
static bool are_pids_ours(int proc)
{
	char text[16];
	pid_t pid;

	return proc_link(proc, "self", text, sizeof(text)) > 0 && num_pid(text, &pid) == 0 &&
	       pid == getpid();
}

static size_t ring_size(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	size_t size = RING_MAX;

	while (size > RING_MIN && size * (size_t)MAX(cpus, 1) > RINGS_MAX)
		size /= 2;
	return size;
}

int watcher_open(struct watcher *w, struct err *e)
{
	w->ev.wanted = w->wanted;
	w->ev.self = getpid();
	w->ev.tell = tell;
	w->ev.lives = task_lives;
	w->ev.exists = ns_exists;
	w->ev.is_younger = is_younger;
	w->ev.data = w;
	w->by_handle = can_use_handles(w->proc);
	if (!w->looks)
		w->refused = are_pids_ours(w->proc) ? perf_open(ring_size(), &w->rings) : -EXDEV;
	w->polls = xcalloc(w->rings.n + 1, sizeof(*w->polls));
	for (size_t i = 0; i < w->rings.n; i++)
		w->polls[i] = (struct pollfd){ .fd = w->rings.v[i].prompt.fd, .events = POLLIN };
	w->window = watcher_now();
	return look(w, e);
}

static int wait_until(struct watcher *w, uint64_t time, int out)
{
	uint64_t now = watcher_now();
	struct timespec left = { 0 };
	int r;

	if (w->rings.hurries)
		time = MIN(time, now + PORTION);
	if (time > now && time != UINT64_MAX) {
		left.tv_sec = (time_t)((time - now) / (1000 * MS));
		left.tv_nsec = (long)((time - now) % (1000 * MS));
	}
	w->polls[w->rings.n] = (struct pollfd){ .fd = out };
	r = ppoll(w->polls, w->rings.n + 1, time == UINT64_MAX ? NULL : &left, NULL);
	if (r < 0 && errno != EINTR)
		return -errno;
	for (size_t i = 0; r > 0 && i < w->rings.n; i++)
		if (w->polls[i].revents & ~POLLIN)
			w->polls[i].fd = -1; /* its CPU has gone */
	return r > 0 && w->polls[w->rings.n].revents & (POLLERR | POLLHUP) ? -EPIPE : 0;
}

int watcher_step(struct watcher *w, uint64_t until, int out, struct err *e)
{
	uint64_t time = MIN(MIN(until, look_at(w)), check_at(w));
	int r;

	if (w->queue.n)
		time = MIN(time, w->queue.v[0].time + HOLD);
	r = wait_until(w, time, out);
	if (r < 0)
		return r == -EPIPE ? r : err_set(e, r, "cannot wait for events");
	read_rings(w);
	apply_until(w, watcher_now() - HOLD);
	if (w->rings.n)
		check_empty(w, watcher_now());
	if (look_at(w) <= watcher_now())
		return look(w, e);
	return 0;
}

void watcher_done(struct watcher *w)
{
	for (size_t i = 0; i < w->queue.n; i++)
		seen_free(w->queue.v[i].seen);
	vec_done(&w->queue);
	free(w->polls);
	perf_close(&w->rings);
	events_done(&w->ev);
	graph_done(&w->graph);
}
