/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mount namespace with a higher id than another one that was made on another processor. */
#include "../../../common/ns/younger.h"

#include "../../../common/base/fd.h"
#include "../../../common/sys/procfs.h"
#include "../child.h"

enum { GOOD, BAD, NOT_ALLOWED, NO_IDS, NEVER_LOWER };

static int proc = -EBADF;

static void stay_on(int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
}

/* The id of a mount namespace that is made on CPU, where this process then is. */
static uint64_t make_on(int cpu)
{
	stay_on(cpu);
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	return mntns_own_id(proc);
}

static bool may_run_on(const cpu_set_t *expected)
{
	cpu_set_t is;

	return sched_getaffinity(0, sizeof(is), &is) == 0 && CPU_EQUAL(&is, expected);
}

/*
 * Finds a processor, LOW, that gives out lower ids than the other one, and is there then. Ids come
 * in batches, so that it is no more than likely which one it is; *THAN is an id of the other one.
 */
static bool find_low(int cpu[2], int *low, uint64_t *than)
{
	uint64_t first = make_on(cpu[0]), second = make_on(cpu[1]);

	*low = first < second ? cpu[0] : cpu[1];
	*than = MAX(first, second);
	return make_on(*low) < *than;
}

/* Nobody is younger than that: it says so, and stays where it was. */
static int fails(const cpu_set_t *allowed)
{
	return mntns_make_younger(proc, UINT64_MAX) == -ESRCH && may_run_on(allowed) ? GOOD : BAD;
}

static int try(void *data)
{
	cpu_set_t allowed, one;
	int cpu[2], n = 0;

	(void)data;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return BAD;
	for (int i = 0; i < CPU_SETSIZE && n < 2; i++)
		if (CPU_ISSET(i, &allowed))
			cpu[n++] = i;
	if (unshare(CLONE_NEWNS) < 0)
		return NOT_ALLOWED;
	if (!mntns_own_id(proc))
		return NO_IDS;
	if (fails(&allowed) != GOOD)
		return BAD;
	if (n < 2) /* there is no other one to go to */
		return GOOD;
	for (int i = 0; i < 20; i++) {
		uint64_t than;
		int low;

		if (!find_low(cpu, &low, &than))
			continue;
		CPU_ZERO(&one);
		CPU_SET(low, &one);
		if (mntns_make_younger(proc, than) == 0) /* a new batch has begun there */
			continue;
		if (!may_run_on(&one))
			return BAD;
		sched_setaffinity(0, sizeof(allowed), &allowed);
		if (mntns_own_id(proc) > than || mntns_make_younger(proc, than) < 0)
			return BAD;
		return mntns_own_id(proc) > than && may_run_on(&allowed) ? GOOD : BAD;
	}
	return NEVER_LOWER;
}

static void test_looks_for_a_processor(void **state)
{
	int r;

	(void)state;
	proc = proc_open();
	assert_true(proc >= 0);
	r = child_run(try, NULL);
	cleanup_fd(&proc);
	if (r == NOT_ALLOWED || r == NO_IDS)
		skip();
	assert_int_equal(r, GOOD);
}

/* Who is older than nobody has nothing to do, and nothing is asked of the kernel. */
static void test_is_content(void **state)
{
	(void)state;
	assert_int_equal(mntns_make_younger(-EBADF, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_for_a_processor),
		cmocka_unit_test(test_is_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
