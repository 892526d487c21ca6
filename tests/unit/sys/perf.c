/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/perf.h"

#include "../../../common/base/util.h"
#include "../../lib/deny.h"
#include "../child.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

/* A record as the kernel writes it. */
struct bytes {
	unsigned char b[256];
	size_t n;
};

static void put(struct bytes *to, const void *from, size_t n)
{
	memcpy(to->b + to->n, from, n);
	to->n += n;
}

static void put_u32(struct bytes *to, uint32_t value)
{
	put(to, &value, sizeof(value));
}

static void put_u64(struct bytes *to, uint64_t value)
{
	put(to, &value, sizeof(value));
}

static void begin(struct bytes *to, uint32_t type, uint16_t misc)
{
	struct perf_event_header h = { .type = type, .misc = misc };

	to->n = 0;
	put(to, &h, sizeof(h));
}

/* What every record ends with, and its size, which is known only now. */
static void end(struct bytes *to, uint32_t tid, uint64_t time)
{
	uint16_t size;

	put_u32(to, tid + 1000);
	put_u32(to, tid);
	put_u64(to, time);
	size = (uint16_t)to->n;
	memcpy(to->b + offsetof(struct perf_event_header, size), &size, sizeof(size));
}

static void make_fork(struct bytes *to, uint32_t type)
{
	begin(to, type, 0);
	put_u32(to, 30);
	put_u32(to, 10);
	put_u32(to, 31);
	put_u32(to, 11);
	put_u64(to, 5);
	end(to, 11, 77);
}

static void make_namespaces(struct bytes *to, uint64_t n)
{
	begin(to, PERF_RECORD_NAMESPACES, 0);
	put_u32(to, 30);
	put_u32(to, 31);
	put_u64(to, n);
	for (uint64_t i = 0; i < n; i++) {
		put_u64(to, 4);
		put_u64(to, 100 + i);
	}
	end(to, 11, 78);
}

static void test_fork_and_exit(void **state)
{
	struct perf_record r;
	struct bytes b;

	(void)state;
	make_fork(&b, PERF_RECORD_FORK);
	assert_int_equal(perf_parse(b.b, b.n, &r), 1);
	assert_int_equal(r.kind, PERF_FORK);
	assert_int_equal(r.time, 77);
	assert_int_equal(r.pid, 30);
	assert_int_equal(r.ppid, 10);
	assert_int_equal(r.tid, 31);
	assert_int_equal(r.ptid, 11);
	assert_int_equal(r.by, 11);
	make_fork(&b, PERF_RECORD_EXIT);
	assert_int_equal(perf_parse(b.b, b.n, &r), 1);
	assert_int_equal(r.kind, PERF_EXIT);
}

/* Kernels have told of more or fewer types; what is more is passed over. */
static void test_namespaces(void **state)
{
	struct perf_record r;
	struct bytes b;

	(void)state;
	for (uint64_t n = 0; n < 10; n++) {
		make_namespaces(&b, n);
		assert_int_equal(perf_parse(b.b, b.n, &r), 1);
		assert_int_equal(r.kind, PERF_NAMESPACES);
		assert_int_equal(r.tid, 31);
		for (uint64_t i = 0; i < PERF_NAMESPACES_MAX; i++)
			assert_int_equal(r.ino[i], i < n ? 100 + i : 0);
	}
}

static void test_names(void **state)
{
	static const char longest[24] = "fifteen letters";
	struct perf_record r;
	struct bytes b;

	(void)state;
	begin(&b, PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC);
	put_u32(&b, 30);
	put_u32(&b, 30);
	put(&b, "sh\0\0\0\0\0", 8);
	end(&b, 30, 1);
	assert_int_equal(perf_parse(b.b, b.n, &r), 1);
	assert_string_equal(r.comm, "sh");
	assert_true(r.exec);
	begin(&b, PERF_RECORD_COMM, 0);
	put_u32(&b, 30);
	put_u32(&b, 30);
	put(&b, longest, sizeof(longest));
	end(&b, 30, 1);
	assert_int_equal(perf_parse(b.b, b.n, &r), 1);
	assert_string_equal(r.comm, "fifteen letters");
	assert_false(r.exec);
}

static void test_loss(void **state)
{
	struct perf_record r;
	struct bytes b;

	(void)state;
	begin(&b, PERF_RECORD_LOST, 0);
	put_u64(&b, 1);
	put_u64(&b, 4711);
	end(&b, 0, 9);
	assert_int_equal(perf_parse(b.b, b.n, &r), 1);
	assert_int_equal(r.kind, PERF_LOST);
	assert_int_equal(r.lost, 4711);
}

static void test_other_and_broken(void **state)
{
	struct perf_record r;
	struct bytes b;

	(void)state;
	make_fork(&b, PERF_RECORD_THROTTLE);
	assert_int_equal(perf_parse(b.b, b.n, &r), 0);
	make_fork(&b, PERF_RECORD_FORK);
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(perf_parse(b.b, n, &r), -EBADMSG);
	make_namespaces(&b, 2);
	b.b[16] = 200; /* it says more than it has */
	assert_int_equal(perf_parse(b.b, b.n, &r), -EBADMSG);
}

#define RING 128

/* Records cross the end of the ring at every place; strange ones between them are passed over. */
static void test_ring(void **state)
{
	struct perf_event_mmap_page page = { 0 };
	unsigned char data[RING];
	struct perf_ring ring = { .page = &page, .data = data, .size = RING };
	struct perf_record r;
	struct bytes b;

	(void)state;
	for (uint64_t at = 0; at < 3 * RING; at += 8) {
		page.data_head = page.data_tail = at;
		for (int i = 0; i < 2; i++) {
			make_fork(&b, i ? PERF_RECORD_FORK : PERF_RECORD_THROTTLE);
			for (size_t k = 0; k < b.n; k++)
				data[page.data_head++ % RING] = b.b[k];
		}
		assert_int_equal(perf_next(&ring, &r), 1);
		assert_int_equal(r.tid, 31);
		assert_int_equal(r.time, 77);
		assert_int_equal(page.data_tail, page.data_head);
		assert_int_equal(perf_next(&ring, &r), 0);
	}
}

static void test_full(void **state)
{
	struct perf_event_mmap_page page = { .data_head = 10000 - 256, .data_tail = 10000 - 4096 };
	struct perf_ring ring = { .page = &page, .size = 4096 };

	(void)state;
	assert_false(perf_is_full(&ring));
	page.data_head += 8;
	assert_true(perf_is_full(&ring));
}

/* A size that cannot be: all is dropped, and the ring works again. */
static void test_broken_ring(void **state)
{
	struct perf_event_mmap_page page = { 0 };
	unsigned char data[RING] = { 0 };
	struct perf_ring ring = { .page = &page, .data = data, .size = RING };
	struct perf_record r;
	struct bytes b;

	(void)state;
	page.data_head = 40;
	assert_int_equal(perf_next(&ring, &r), -EBADMSG);
	assert_int_equal(page.data_tail, 40);
	make_fork(&b, PERF_RECORD_FORK);
	for (size_t k = 0; k < b.n - 8; k++)
		data[page.data_head++ % RING] = b.b[k];
	assert_int_equal(perf_next(&ring, &r), -EBADMSG);
	assert_int_equal(perf_next(&ring, &r), 0);
}

static pid_t make_child(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return child;
}

/* Waits until one of the rings has something to read. */
static bool wakes(const struct perf_rings *r)
{
	struct pollfd *polls = xcalloc(r->n, sizeof(*polls));
	int n;

	for (size_t i = 0; i < r->n; i++)
		polls[i] = (struct pollfd){ .fd = r->v[i].prompt.fd, .events = POLLIN };
	n = poll(polls, r->n, -1);
	free(polls);
	return n > 0;
}

/* Which kinds of records of CHILD stand in one half of the rings, names left out. */
static unsigned read_all(struct perf_rings *rings, pid_t child, bool bulk)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < rings->n; i++) {
		struct perf_ring *ring = bulk ? &rings->v[i].bulk : &rings->v[i].prompt;
		struct perf_record record;
		int r;

		while ((r = perf_next(ring, &record)) > 0)
			if (record.tid == child)
				kinds |= 1U << record.kind;
		assert_int_equal(r, 0);
	}
	return kinds & ~(1U << PERF_COMM);
}

/*
 * Whether one half of the rings, and not the other, tells of a child that is born and ends. What
 * else the machine does may have filled them: then the next child is told of.
 */
static bool tells_of_a_child(struct perf_rings *rings, bool bulk)
{
	const unsigned all = 1U << PERF_FORK | 1U << PERF_NAMESPACES | 1U << PERF_EXIT;
	bool told = false;

	for (int i = 0; !told && i < 100; i++) {
		pid_t child = make_child();

		assert_int_equal(read_all(rings, child, !bulk), 0);
		told = read_all(rings, child, bulk) == all;
	}
	return told;
}

/* The kernel's own. */
static void test_kernel(void **state)
{
	struct perf_rings rings = { 0 };
	int r = perf_open(256 << 10, &rings);

	(void)state;
	if (r == -EACCES || r == -EPERM)
		skip();
	assert_int_equal(r, 0);
	assert_true(rings.n > 0);
	make_child();
	assert_true(wakes(&rings));
	assert_true(tells_of_a_child(&rings, false));
	perf_hurry(&rings, true);
	assert_true(tells_of_a_child(&rings, true));
	perf_hurry(&rings, false);
	assert_true(tells_of_a_child(&rings, false));
	perf_close(&rings);
	perf_close(&rings);
}

static int refused(void *data)
{
	struct perf_rings rings = { 0 };

	(void)data;
	return deny("perf_event_open=EACCES") < 0 ? 1 : -perf_open(4096, &rings);
}

static void test_refusal(void **state)
{
	(void)state;
	assert_int_equal(child_run(refused, NULL), EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork_and_exit),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_other_and_broken),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_broken_ring),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
