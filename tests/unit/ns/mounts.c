/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mount tables that cannot be read, and those that are no more. */
#include "../../../common/ns/mounts.h"

#include "../fixture.h"

/* How many tables of one mount namespace, that of process 12 in F, are missing. */
static uint32_t unread(const struct fixture *f)
{
	auto_mounts struct mounts m = { 0 };
	auto_graph struct graph g = { 0 };
	uint32_t ns = graph_add_ns(&g, NS_MNT, 4026532999);
	uint32_t proc = graph_add_proc(&g, 12);

	g.ns.v[ns].first_proc = proc;
	assert_int_equal(mounts_read(&m, &g, f->fd, NULL), 0);
	return m.nunread;
}

static void counts_what_is_there(void **state)
{
	struct fixture f = fixture_new();

	(void)state;
	fixture_link(&f, "12/ns/mnt", "mnt:[4026532999]");
	assert_int_equal(unread(&f), 1); /* no table */
	fixture_text(&f, "12/mountinfo", "");
	assert_int_equal(unread(&f), 1); /* nothing in it: it is another root's */
	assert_int_equal(unlinkat(f.fd, "12/ns/mnt", 0), 0);
	assert_int_equal(unread(&f), 0); /* the process is dead, waiting for its parent */
	assert_int_equal(unlinkat(f.fd, "12/mountinfo", 0), 0);
	assert_int_equal(unread(&f), 0);
	fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(counts_what_is_there) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
