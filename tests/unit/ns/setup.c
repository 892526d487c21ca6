/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which steps follow from which wishes, in which order, and what the useful defaults add. */
#include "../../../common/ns/setup.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"

#include <errno.h>
#include <signal.h>

#define BIT(t) (1U << (t))

/* Each case overrides some facts of the one it begins with. */
#pragma GCC diagnostic ignored "-Woverride-init"

static struct id_range own[] = { { 0, 1000, 1 } };
static struct id_range block[] = { { 0, 100000, 65536 } };
static struct id_range twice[] = { { 0, 1, 2 }, { 1, 5, 1 } };
static struct setup_mount one_mount[] = { { NULL, "/tmp", false } };
static const char *const one_link[] = { "eth7" };
static const struct setup_stage stage;
static struct setup_limit low[] = { { RLIMIT_NOFILE, { 10, 10 } } };
static struct setup_limit high[] = { { RLIMIT_NOFILE, { 10, 2000 } } };

#define MAP(array)                                                                                 \
	{                                                                                          \
		.ranges = {.v = array, .n = ARRAY_LEN(array) }                                     \
	}

static const struct {
	struct setup s;
	bool root;	   /* the caller has every capability */
	const char *steps; /* NULL: refused */
} plans[] = {
	{ { .types = BIT(NS_UTS) }, true, "unshare |" },
	{ { .types = 0 }, true, "unshare |" },
	{ { .types = BIT(NS_MNT) }, true, "unshare | propagation" },
	{ { .types = BIT(NS_MNT), .propagation = PROPAGATION_KEEP }, true, "unshare |" },
	{ { .types = BIT(NS_USER), .maps = { MAP(own), MAP(own) } },
	  false,
	  "unshare setgroups map-uid map-gid |" },
	{ { .types = BIT(NS_USER), .maps = { MAP(block), MAP(block) } },
	  true,
	  "outside unshare map-uid map-gid |" },
	{ { .types = BIT(NS_USER), .maps = { MAP(own), MAP(block) }, .setgroups = SETGROUPS_DENY },
	  false,
	  "outside unshare setgroups map-uid map-gid |" },
	{ { .types = BIT(NS_USER), .maps = { MAP(own), MAP(own) }, .set_owner = true },
	  true,
	  "outside owner unshare map-uid map-gid |" },
	{ { .types = BIT(NS_USER), .setgroups = SETGROUPS_ALLOW }, false, "unshare setgroups |" },
	{ { .types = BIT(NS_USER), .maps = { MAP(own), MAP(own) }, .setgroups = SETGROUPS_ALLOW },
	  false,
	  NULL },
	{ { .types = BIT(NS_USER), .maps = { MAP(twice) } }, true, NULL },
	{ { .types = BIT(NS_NET), .persist = { [NS_NET] = "/x" } }, true, "outside unshare |" },
	{ { .types = BIT(NS_PID), .persist = { [NS_PID] = "/x" } }, true, NULL },
	{ { .types = BIT(NS_PID), .persist = { [NS_PID] = "/x" }, .fork = true },
	  true,
	  "outside unshare |" },
	{ { .types = BIT(NS_TIME), .monotonic = { .set = true } }, true, "unshare offsets |" },
	{ { .types = BIT(NS_UTS), .monotonic = { .set = true } }, true, NULL },
	{ { .types = BIT(NS_MNT), .hostname = "x" }, true, NULL },
	{ { .types = BIT(NS_UTS), .hostname = "x", .domainname = "y" },
	  true,
	  "unshare | hostname domainname" },
	{ { .types = BIT(NS_UTS), .mounts = one_mount, .nmounts = 1 }, true, NULL },
	{ { .types = BIT(NS_MNT) | BIT(NS_USER), .maps = { MAP(own), MAP(own) }, .stage = &stage },
	  true,
	  "stage unshare |" },
	{ { .types = BIT(NS_MNT) | BIT(NS_USER), .maps = { MAP(own), MAP(own) }, .stage = &stage },
	  false,
	  "keeper stage unshare |" },
	{ { .types = BIT(NS_MNT) | BIT(NS_USER),
	    .maps = { MAP(block), MAP(block) },
	    .stage = &stage,
	    .no_nested_userns = true,
	    .persist = { [NS_MNT] = "/x" } },
	  false,
	  "outside keeper stage unshare no-nested |" },
	{ { .types = BIT(NS_MNT), .stage = &stage }, true, NULL },
	{ { .types = BIT(NS_USER), .stage = &stage }, true, NULL },
	{ { .types = BIT(NS_MNT), .no_nested_userns = true }, true, NULL },
	{ { .types = BIT(NS_UTS), .lo = true }, true, NULL },
	{ { .types = BIT(NS_NET), .lo = true }, true, "unshare | lo" },
	{ { .types = BIT(NS_NET), .links = one_link, .nlinks = 1, .fork = true },
	  true,
	  "outside unshare |" },
	{ { .types = BIT(NS_UTS), .links = one_link, .nlinks = 1 }, true, NULL },
	{ { .types = BIT(NS_NET), .init = INIT_YES, .fork = true }, true, NULL },
	{ { .types = BIT(NS_MNT), .root = "/r", .proc = "/proc" },
	  true,
	  "unshare | propagation chroot proc wd" },
	{ { .types = BIT(NS_MNT), .root = "/r", .proc = "/proc", .bind_proc = true },
	  true,
	  "unshare | propagation sources chroot proc wd" },
	{ { .types = BIT(NS_MNT), .proc = "/proc", .bind_proc = true },
	  true,
	  "unshare | propagation proc" },
	{ { .types = BIT(NS_MNT), .proc = "/proc", .mqueue = true },
	  true,
	  "unshare | propagation proc mqueue" },
	{ { .types = 0, .root = "/r" }, true, "unshare | chroot wd" },
	{ { .types = BIT(NS_MNT),
	    .root = "/r",
	    .pivot = true,
	    .proc = "/proc",
	    .mounts = one_mount,
	    .nmounts = 1,
	    .wd = "/" },
	  true,
	  "unshare | propagation sources pivot proc mounts old-root wd" },
	{ { .types = BIT(NS_MNT), .interp = ":x:M::x::/y:", .binfmt = "/b" },
	  true,
	  "unshare | propagation binfmt interp" },
	{ { .types = BIT(NS_MNT), .interp = ":x:M::x::/y:F", .binfmt = "/b" },
	  true,
	  "unshare | propagation binfmt interp" },
	{ { .types = BIT(NS_MNT), .interp = ":x:M::x::/y:OF", .binfmt = "/b", .root = "/r" },
	  true,
	  "unshare | propagation interp-first chroot binfmt wd" },
	{ { .types = BIT(NS_UTS), .limits = low, .nlimits = 1 }, true, "unshare | limits" },
	{ { .types = BIT(NS_UTS), .limits = high, .nlimits = 1 },
	  true,
	  "hard-limits unshare | limits" },
	{ { .types = BIT(NS_CGROUP), .cgroup = "/c", .limits = high, .nlimits = 1 },
	  true,
	  "cgroup hard-limits unshare | limits" },
	{ { .types = BIT(NS_UTS), .creds.keep_caps = true }, true, NULL },
	{ { .types = BIT(NS_USER), .creds.keep_caps = true }, true, "unshare |" },
	{ { .types = BIT(NS_UTS), .setgroups = SETGROUPS_DENY }, true, NULL },
	{ { .types = BIT(NS_USER), .setgroups = SETGROUPS_DENY }, true, "unshare setgroups |" },
	{ { .types = BIT(NS_UTS), .die_with_parent = SIGKILL }, true, "unshare |" },
	{ { .types = BIT(NS_UTS), .fork = true, .detach = true }, true, "unshare |" },
	{ { .types = BIT(NS_UTS), .fork = true, .detach = true, .kill_child = SIGKILL },
	  true,
	  NULL },
	{ { .types = BIT(NS_UTS), .die_with_parent = SIGKILL, .fork = true },
	  true,
	  "unshare parent |" },
};

static struct setup_facts facts_of(bool root)
{
	struct setup_facts f = { .ids = { .own = { 1000, 1000 }, .can = { root, root } },
				 .has_admin = root };

	for (size_t i = 0; i < RLIMIT_NLIMITS; i++)
		f.hard[i] = 1000;
	return f;
}

static void spell(const struct setup_plan *p, struct str *s)
{
	for (size_t i = 0; i <= p->n; i++) {
		if (i == p->ncommand)
			str_join(s, " ", "|");
		if (i < p->n)
			str_join(s, " ", step_names[p->steps[i]]);
	}
}

static void puts_steps_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		struct setup s = plans[i].s;
		struct setup_facts f = facts_of(plans[i].root);
		auto_err struct err e = { 0 };
		auto_str struct str text = { 0 };
		struct setup_plan p;
		int r;

		r = setup_plan(&s, &f, &p, &e);
		if (r < 0) {
			assert_int_equal(r, -EINVAL);
			if (plans[i].steps || !e.text)
				fail_msg("case %zu: %s", i, e.text);
			continue;
		}
		spell(&p, &text);
		if (!plans[i].steps || !str_is(text.s, plans[i].steps))
			fail_msg("case %zu: %s", i, text.s);
	}
}

static char *const init_command[] = { (char *)"/sbin/init", NULL };
static char *const shell_command[] = { (char *)"sh", NULL };

static const struct {
	struct setup s;
	bool root;
	unsigned types;
	bool fork, init, lo, maps;
	const char *proc;
} additions[] = {
	{ { .types = BIT(NS_UTS) }, true, BIT(NS_UTS), .proc = NULL },
	{ { .types = 0 }, false, 0, .proc = NULL },
	{ { .types = BIT(NS_UTS) }, false, BIT(NS_UTS) | BIT(NS_USER), .maps = true },
	{ { .types = BIT(NS_UTS) | BIT(NS_USER) },
	  false,
	  BIT(NS_UTS) | BIT(NS_USER),
	  .fork = false },
	{ { .types = BIT(NS_PID) }, true, BIT(NS_PID), .fork = true, .init = true },
	{ { .types = BIT(NS_PID), .argv = init_command }, true, BIT(NS_PID), .fork = true },
	{ { .types = BIT(NS_PID), .argv = shell_command, .init = INIT_NO },
	  true,
	  BIT(NS_PID),
	  .fork = true },
	{ { .types = BIT(NS_PID) | BIT(NS_MNT), .argv = shell_command },
	  true,
	  BIT(NS_PID) | BIT(NS_MNT),
	  .fork = true,
	  .init = true,
	  .proc = "/proc" },
	{ { .types = BIT(NS_PID) | BIT(NS_MNT), .proc = "/p" },
	  true,
	  BIT(NS_PID) | BIT(NS_MNT),
	  .fork = true,
	  .init = true,
	  .proc = "/p" },
	{ { .types = BIT(NS_PID) | BIT(NS_MNT), .no_proc = true },
	  true,
	  BIT(NS_PID) | BIT(NS_MNT),
	  .fork = true,
	  .init = true },
	{ { .types = BIT(NS_NET) }, true, BIT(NS_NET), .lo = true },
	{ { .types = BIT(NS_NET), .no_lo = true }, true, BIT(NS_NET), .lo = false },
	{ { .links = one_link, .nlinks = 1 }, true, BIT(NS_NET), .fork = true, .lo = true },
	{ { .hostname = "x" }, true, BIT(NS_UTS), .fork = false },
	{ { .boottime = { .set = true } }, true, BIT(NS_TIME), .fork = true },
	{ { .mounts = one_mount, .nmounts = 1 }, true, BIT(NS_MNT), .fork = false },
	{ { .init = INIT_YES }, true, BIT(NS_PID), .fork = true, .init = true },
	{ { .types = BIT(NS_NET), .no_lo = true, .persist = { [NS_NET] = "/x" } },
	  true,
	  BIT(NS_NET),
	  .fork = true },
	{ { .types = BIT(NS_UTS), .pid_file = "/x" }, true, BIT(NS_UTS), .fork = true },
};

static void adds_defaults(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(additions); i++) {
		struct setup s = additions[i].s;
		struct setup_facts f = facts_of(additions[i].root);
		const char *note = NULL;

		setup_defaults(&s, &f, &note);
		if (s.types != additions[i].types || s.fork != additions[i].fork ||
		    (s.init == INIT_YES) != additions[i].init || s.lo != additions[i].lo ||
		    !s.maps[ID_USER].ranges.n == additions[i].maps || !note == additions[i].maps ||
		    !s.proc != !additions[i].proc || (s.proc && !str_is(s.proc, additions[i].proc)))
			fail_msg("case %zu: types %x, fork %d, init %d, lo %d, note %s, proc %s", i,
				 s.types, s.fork, s.init, s.lo, note, s.proc);
		idmap_done(&s.maps[ID_USER]);
		idmap_done(&s.maps[ID_GROUP]);
	}
}

static void maps_the_callers_own_ids(void **state)
{
	struct setup s = { .types = BIT(NS_NET) };
	struct setup_facts f = facts_of(false);
	const char *note = NULL;
	auto_free char *text = NULL;

	(void)state;
	f.ids.own[ID_GROUP] = 1001;
	setup_defaults(&s, &f, &note);
	text = idmap_text(&s.maps[ID_GROUP]);
	assert_string_equal(text, "1001 1001 1\n");
	idmap_done(&s.maps[ID_USER]);
	idmap_done(&s.maps[ID_GROUP]);
}

static void knows_the_limits(void **state)
{
	(void)state;
	for (int i = 0; i < (int)RLIMIT_NLIMITS; i++)
		assert_non_null(setup_limit_words[i]);
	assert_null(setup_limit_words[RLIMIT_NLIMITS]);
	assert_string_equal(setup_limit_words[RLIMIT_NOFILE], "nofile");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_steps_in_order),
		cmocka_unit_test(adds_defaults),
		cmocka_unit_test(maps_the_callers_own_ids),
		cmocka_unit_test(knows_the_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
