/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perf.h"

#include "../base/fd.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What stands at the end of each record, by sample_type and sample_id_all. */
struct trailer {
	uint32_t pid, tid;
	uint64_t time;
};

static int open_event(struct perf_event_attr *attr, int cpu)
{
	long fd = syscall(SYS_perf_event_open, attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/* What all have, so that one can write into the ring of another. */
static struct perf_event_attr common_attr(void)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(struct perf_event_attr),
		.sample_id_all = 1,
		.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
	};
}

static int open_recorder(int cpu)
{
	struct perf_event_attr attr = common_attr();

	attr.namespaces = attr.task = attr.comm = attr.comm_exec = 1;
	return open_event(&attr, cpu);
}

/* A ring belongs to an event, here to one that says nothing itself, which also says when it wakes. */
static int open_ring(int cpu, size_t size, uint32_t wakeup, struct perf_ring *ret)
{
	struct perf_event_attr attr = common_attr();
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	attr.wakeup_watermark = wakeup;
	ret->fd = open_event(&attr, cpu);
	if (ret->fd < 0)
		return ret->fd;
	for (;; size /= 2) {
		void *map = mmap(NULL, page + size, PROT_READ | PROT_WRITE, MAP_SHARED, ret->fd, 0);

		if (map != MAP_FAILED) {
			ret->page = map;
			ret->data = (unsigned char *)map + page;
			ret->size = size;
			return 0;
		}
		if ((errno != EPERM && errno != ENOMEM) || size / 2 < page)
			return -errno;
	}
}

static void close_ring(struct perf_ring *r)
{
	if (r->page)
		munmap(r->page, r->size + (size_t)(r->data - (unsigned char *)r->page));
	cleanup_fd(&r->fd);
}

static void close_cpu(struct perf_cpu *c)
{
	cleanup_fd(&c->fd);
	close_ring(&c->prompt);
	close_ring(&c->bulk);
}

void perf_close(struct perf_rings *r)
{
	for (size_t i = 0; i < r->n; i++)
		close_cpu(&r->v[i]);
	free(r->v);
	*r = (struct perf_rings){ 0 };
}

static int write_to(const struct perf_cpu *c, const struct perf_ring *ring)
{
	return ioctl(c->fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd) < 0 ? -errno : 0;
}

void perf_hurry(struct perf_rings *r, bool on)
{
	for (size_t i = 0; i < r->n; i++)
		write_to(&r->v[i], on ? &r->v[i].bulk : &r->v[i].prompt);
	r->hurries = on;
}

static int open_cpu(int cpu, size_t size, struct perf_cpu *ret)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int r;

	*ret = (struct perf_cpu){ .cpu = cpu,
				  .fd = open_recorder(cpu),
				  .prompt = { .fd = -EBADF },
				  .bulk = { .fd = -EBADF } };
	r = MIN(ret->fd, 0);
	if (r == 0)
		r = open_ring(cpu, MAX(size / 4, page), 1, &ret->prompt);
	if (r == 0)
		r = open_ring(cpu, size, (uint32_t)size / 4, &ret->bulk);
	return r < 0 ? r : write_to(ret, &ret->prompt);
}

/* CPUs that are offline have no rings: ENODEV. */
int perf_open(size_t size, struct perf_rings *ret)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	size_t room = cpus > 0 ? (size_t)cpus : 1;
	struct perf_rings rings = { .v = xcalloc(room, sizeof(*rings.v)) };
	int r = 0;

	for (int cpu = 0; r == 0 && (size_t)cpu < room; cpu++) {
		r = open_cpu(cpu, size, &rings.v[rings.n]);
		if (r == 0) {
			rings.n++;
			continue;
		}
		close_cpu(&rings.v[rings.n]);
		r = r == -ENODEV ? 0 : r;
	}
	if (r == 0 && !rings.n)
		r = -ENODEV;
	if (r < 0)
		perf_close(&rings);
	else
		*ret = rings;
	return r;
}

/* Where a record is being read. */
struct cursor {
	const unsigned char *at;
	size_t left;
	bool broken;
};

static void take(struct cursor *c, void *to, size_t n)
{
	memset(to, 0, n);
	if (n > c->left) {
		c->broken = true;
		return;
	}
	memcpy(to, c->at, n);
	c->at += n;
	c->left -= n;
}

static uint32_t take_u32(struct cursor *c)
{
	uint32_t value;

	take(c, &value, sizeof(value));
	return value;
}

static uint64_t take_u64(struct cursor *c)
{
	uint64_t value;

	take(c, &value, sizeof(value));
	return value;
}

static void parse_task(struct cursor *c, struct perf_record *ret)
{
	ret->pid = (pid_t)take_u32(c);
	ret->ppid = (pid_t)take_u32(c);
	ret->tid = (pid_t)take_u32(c);
	ret->ptid = (pid_t)take_u32(c);
	take_u64(c); /* the time once more */
}

static void parse_comm(struct cursor *c, struct perf_record *ret)
{
	size_t n;

	ret->pid = (pid_t)take_u32(c);
	ret->tid = (pid_t)take_u32(c);
	n = MIN(c->left, sizeof(ret->comm));
	take(c, ret->comm, n);
	ret->comm[sizeof(ret->comm) - 1] = '\0';
}

static void parse_namespaces(struct cursor *c, struct perf_record *ret)
{
	uint64_t n;

	ret->pid = (pid_t)take_u32(c);
	ret->tid = (pid_t)take_u32(c);
	n = take_u64(c);
	for (uint64_t i = 0; i < n && !c->broken; i++) {
		uint64_t dev = take_u64(c), ino = take_u64(c);

		(void)dev; /* there is one nsfs */
		if (i < PERF_NAMESPACES_MAX)
			ret->ino[i] = ino;
	}
}

static void parse_lost(struct cursor *c, struct perf_record *ret)
{
	take_u64(c); /* the id of the event */
	ret->lost = take_u64(c);
}

int perf_parse(const void *bytes, size_t size, struct perf_record *ret)
{
	static const struct {
		uint32_t type;
		enum perf_kind kind;
		void (*parse)(struct cursor *c, struct perf_record *ret);
	} kinds[] = {
		{ PERF_RECORD_FORK, PERF_FORK, parse_task },
		{ PERF_RECORD_EXIT, PERF_EXIT, parse_task },
		{ PERF_RECORD_COMM, PERF_COMM, parse_comm },
		{ PERF_RECORD_NAMESPACES, PERF_NAMESPACES, parse_namespaces },
		{ PERF_RECORD_LOST, PERF_LOST, parse_lost },
	};
	struct perf_event_header h;
	struct trailer t;
	struct cursor c;

	if (size < sizeof(h) + sizeof(t))
		return -EBADMSG;
	memcpy(&h, bytes, sizeof(h));
	memcpy(&t, (const unsigned char *)bytes + size - sizeof(t), sizeof(t));
	c = (struct cursor){ .at = (const unsigned char *)bytes + sizeof(h),
			     .left = size - sizeof(h) - sizeof(t) };
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].type != h.type)
			continue;
		*ret = (struct perf_record){ .kind = kinds[i].kind,
					     .time = t.time,
					     .by = (pid_t)t.tid,
					     .exec = h.misc & PERF_RECORD_MISC_COMM_EXEC };
		kinds[i].parse(&c, ret);
		return c.broken ? -EBADMSG : 1;
	}
	return 0;
}

/* The longest record of ours has 152 bytes. */
bool perf_is_full(const struct perf_ring *r)
{
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);

	return head - r->page->data_tail > r->size - 256;
}

/* Copies N bytes from POSITION of the ring, which goes on at its beginning behind its end. */
static void copy_out(const struct perf_ring *r, uint64_t position, void *to, size_t n)
{
	size_t at = position & (r->size - 1), first = MIN(n, r->size - at);

	memcpy(to, r->data + at, first);
	memcpy((unsigned char *)to + first, r->data, n - first);
}

/* The kernel's head is read before what lies below it; ours is stored after we have read. */
int perf_next(struct perf_ring *r, struct perf_record *ret)
{
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = r->page->data_tail;
	int found = 0;

	while (found == 0 && tail != head) {
		unsigned char bytes[512];
		struct perf_event_header h;

		copy_out(r, tail, &h, sizeof(h));
		if (h.size < sizeof(h) || h.size > head - tail) {
			found = -EBADMSG;
			break;
		}
		if (h.size <= sizeof(bytes)) {
			copy_out(r, tail, bytes, h.size);
			found = perf_parse(bytes, h.size, ret);
		}
		tail += h.size;
	}
	__atomic_store_n(&r->page->data_tail, found < 0 ? head : tail, __ATOMIC_RELEASE);
	return found;
}
