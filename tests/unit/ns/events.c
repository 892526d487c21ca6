/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens and what is told of it: events.tsv; and snapshots. */
#include "../../../common/ns/events.h"

#include "../../../common/base/num.h"
#include "../../../common/base/str.h"
#include "../graphs.h"
#include "../tsv.h"

#include <stdio.h>

/* A machine of which events are told. */
struct stage {
	struct events ev;
	struct str told;
	uint64_t clock;
	bool reads;	       /* tasks are read when something happens to them … */
	struct seen seen;      /* … and this is what is found */
	ino_t dead;	       /* a namespace that exists no more, if asked */
	pid_t killed, younger; /* tasks */
	uint64_t lives;	       /* how often that was asked */
};

static void tell(void *data, const struct event *e)
{
	struct stage *s = data;

	str_join(&s->told, ", ", event_infos[e->kind].name);
	if (e->ino)
		str_addf(&s->told, " %s:%lu", ns_types[e->type].name, e->ino);
	if (e->who)
		str_addf(&s->told, " %d", e->who->pid);
	if (e->who && e->who->tid != e->who->pid)
		str_addf(&s->told, ".%d", e->who->tid);
	if (e->who && e->who->comm[0])
		str_addf(&s->told, " %s", e->who->comm);
	if (e->from || e->to)
		str_addf(&s->told, " %s %lu", e->from ? "from" : "to", e->from + e->to);
	for (unsigned bit = 1; bit < 1U << HELD_NKINDS; bit <<= 1)
		if (e->held & bit)
			str_addf(&s->told, " %s", held_name((enum held)bit));
	if (e->lost)
		str_addf(&s->told, " %lu", e->lost);
}

static bool lives(void *data, pid_t tid, char comm[16])
{
	struct stage *s = data;
	const char *name = tid == 1 ? "init" : tid < 20 ? "forker" : "holder";

	s->lives++;
	if (comm)
		snprintf(comm, 16, "%s", name);
	return tid != s->killed;
}

static int exists(void *data, const struct member_ns *ns)
{
	const struct stage *s = data;

	return ns->ino == s->dead ? 0 : -1;
}

static bool is_younger(void *data, pid_t pid)
{
	const struct stage *s = data;

	return pid == s->younger;
}

/* The snapshot before each case. No namespace counts as initial: every task is looked at. */
static void first_graph(struct graph *g)
{
	uint32_t net = graph_add_ns(g, NS_NET, 1), mnt = graph_add_ns(g, NS_MNT, 2);
	uint32_t other = graph_add_ns(g, NS_NET, 5), empty = graph_add_ns(g, NS_NET, 9);
	uint32_t held = graph_add_ns(g, NS_MNT, 88);

	in(g, 1, 1, net, mnt);
	in(g, 10, 1, net, mnt);
	in(g, 20, 2, other, mnt);
	g->ns.v[empty].id = 9;
	graph_add_holder(g, (struct holder){ .ns = empty, .kind = HELD_FD, .pid = 1, .fd = 3 });
	graph_add_holder(g, (struct holder){ .ns = held, .kind = HELD_FD, .pid = 1, .fd = 4 });
}

static void stage_init(struct stage *s)
{
	auto_graph struct graph g = { 0 };

	*s = (struct stage){ .clock = 10000000 };
	s->ev = (struct events){ .wanted = ~(1U << EVENT_IS),
				 .self = 5,
				 .tell = tell,
				 .lives = lives,
				 .exists = exists,
				 .is_younger = is_younger,
				 .data = s };
	first_graph(&g);
	graph_finish(&g);
	events_sync(&s->ev, &g, 1, 2);
	assert_string_equal(str_text(&s->told), "");
}

static void stage_done(struct stage *s)
{
	events_done(&s->ev);
	str_done(&s->told);
}

static uint64_t number(const char *word)
{
	uint64_t value;

	assert_int_equal(num_u64(word, 0, UINT64_MAX, &value), 0);
	return value;
}

/* "net:7" */
static ino_t ns_of(const char *word, enum ns_type *type)
{
	auto_free char *name = xstrndup(word, strcspn(word, ":"));
	int t = ns_type_from_name(name);

	assert_in_range(t, 0, NS_NTYPES - 1);
	*type = (enum ns_type)t;
	return number(word + strlen(name) + 1);
}

/* "20.21", or "20" for the leader. */
static void task_of(const char *word, pid_t *pid, pid_t *tid)
{
	const char *end = word + strcspn(word, ".");
	auto_free char *leader = xstrndup(word, (size_t)(end - word));

	*pid = (pid_t)number(leader);
	*tid = *end ? (pid_t)number(end + 1) : *pid;
}

static void happen(struct stage *s, char **words, size_t n)
{
	static const struct {
		const char *word;
		enum happening_kind kind;
	} kinds[] = { { "fork", HAPPENS_FORK },	       { "born", HAPPENS_NAMESPACES },
		      { "moved", HAPPENS_NAMESPACES }, { "exec", HAPPENS_COMM },
		      { "exit", HAPPENS_EXIT },	       { "lost", HAPPENS_LOSS },
		      { "end", HAPPENS_END } };
	struct happening h = { .time = s->clock += 1000, .seen = s->reads ? &s->seen : NULL };
	bool is_born = str_is(words[0], "born");
	enum ns_type type;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_is(words[0], kinds[i].word))
			h.kind = kinds[i].kind;
	if (h.kind != HAPPENS_END)
		task_of(words[h.kind == HAPPENS_FORK ? 2 : 1], &h.pid, &h.tid);
	h.by = is_born ? (pid_t)number(words[2]) : h.tid;
	if (h.kind == HAPPENS_FORK)
		task_of(words[1], &h.ppid, &h.ptid);
	if (h.kind == HAPPENS_COMM) {
		h.exec = true;
		snprintf(h.comm, sizeof(h.comm), "%s", words[2]);
	}
	h.lost = h.kind == HAPPENS_LOSS ? (uint64_t)h.pid : 0;
	for (size_t i = is_born ? 3 : 2; h.kind == HAPPENS_NAMESPACES && i < n; i++) {
		ino_t ino = ns_of(words[i], &type);

		h.ino[type] = ino;
	}
	if (h.kind == HAPPENS_END) {
		ino_t ino = ns_of(words[1], &h.type);

		h.ino[h.type] = ino;
		h.id = ino == 9 ? 9 : 0;
	}
	events_apply(&s->ev, &h);
}

static void step(struct stage *s, char **words, size_t n)
{
	enum ns_type type;

	if (str_is(words[0], "id")) {
		s->reads = true;
		ns_of(words[1], &type);
		s->seen.ns[type].id = number(words[2]);
	} else if (str_is(words[0], "time")) {
		s->reads = n > 1;
		s->seen.time = n > 1 ? ns_of(words[1], &type) : 0;
		s->seen.next_time = n > 1 ? ns_of(words[2], &type) : 0;
	} else if (str_is(words[0], "dead")) {
		s->dead = ns_of(words[1], &type);
	} else if (str_is(words[0], "noid")) {
		s->ev.m.ns.v[members_find_ns(&s->ev.m, ns_of(words[1], &type))].id = 0;
	} else if (str_is(words[0], "kill")) {
		s->killed = (pid_t)number(words[1]);
	} else {
		happen(s, words, n);
	}
}

static void run(struct stage *s, const char *script)
{
	auto_free char *text = xstrdup(script);
	char *rest = text, *line, *word;

	while ((line = strsep(&rest, ","))) {
		char *words[8];
		size_t n = 0;

		while ((word = strsep(&line, " ")))
			if (*word)
				words[n++] = word;
		if (n)
			step(s, words, n);
	}
}

static char *check(const char *const *fields)
{
	struct stage s;
	char *wrong = NULL;

	stage_init(&s);
	run(&s, fields[1]);
	if (!str_is(s.told.len ? s.told.s : "nothing", fields[2]))
		wrong = xasprintf("%s:\n  told     %s\n  expected %s", fields[0], str_text(&s.told),
				  fields[2]);
	stage_done(&s);
	return wrong;
}

static void test_happenings(void **state)
{
	(void)state;
	tsv_each("unit/ns/events.tsv", 3, check);
}

static void assert_told(struct stage *s, const char *expected)
{
	assert_string_equal(str_text(&s->told), expected);
	str_clear(&s->told);
}

/* A later snapshot that says the same tells nothing; one that differs tells what differs. */
static void test_snapshots(void **state)
{
	struct graph same = { 0 }, other = { 0 };
	uint32_t net, mnt;
	struct stage s;

	(void)state;
	stage_init(&s);
	first_graph(&same);
	graph_finish(&same);
	events_sync(&s.ev, &same, 20000000, 20000001);
	assert_told(&s, "");
	graph_done(&same);
	net = graph_add_ns(&other, NS_NET, 1);
	mnt = graph_add_ns(&other, NS_MNT, 7);
	in(&other, 1, 1, net, mnt);
	in(&other, 30, 1, net, mnt);
	graph_finish(&other);
	s.killed = 20;
	events_sync(&s.ev, &other, 30000000, 30000001);
	assert_told(&s, "exit mnt:2 20 holder, exit net:5 20 holder, "
			"new mnt:7 1 init from 2, leave mnt:2 1 init to 7, "
			"fork mnt:7 30 holder, fork net:1 30 holder, gone net:5 20 holder, gone "
			"net:9, gone mnt:88");
	graph_done(&other);
	stage_done(&s);
}

/* A namespace that was not asked for its id is the one that a snapshot shows, with an id. */
static void test_id_from_snapshot(void **state)
{
	auto_graph struct graph g = { 0 };
	struct stage s;

	(void)state;
	stage_init(&s);
	run(&s, "moved 10.10 uts:4, exit 10.10");
	str_clear(&s.told);
	first_graph(&g);
	g.ns.v[graph_add_ns(&g, NS_UTS, 4)].id = 44;
	graph_add_holder(
		&g,
		(struct holder){ .ns = graph_find_ns(&g, 4), .kind = HELD_FD, .pid = 1, .fd = 5 });
	graph_finish(&g);
	s.killed = 10;
	events_sync(&s.ev, &g, 20000000, 20000001);
	assert_told(&s, "empty uts:4 10 forker fd");
	assert_int_equal(s.ev.m.ns.v[members_find_ns(&s.ev.m, 4)].id, 44);
	stage_done(&s);
}

/* After a loss a snapshot is needed, and is enough. */
static void test_dirty(void **state)
{
	auto_graph struct graph g = { 0 };
	struct stage s;

	(void)state;
	stage_init(&s);
	assert_false(s.ev.dirty);
	run(&s, "lost 3");
	assert_true(s.ev.dirty);
	first_graph(&g);
	graph_finish(&g);
	events_sync(&s.ev, &g, 20000000, 20000001);
	assert_false(s.ev.dirty);
	stage_done(&s);
}

/* After a loss a number may stand for another namespace, of which nobody told. */
static void test_number_after_loss(void **state)
{
	auto_graph struct graph g = { 0 };
	struct stage s;
	uint32_t net, mnt, uts;

	(void)state;
	stage_init(&s);
	run(&s, "moved 20.20 uts:4, lost 3");
	str_clear(&s.told);
	net = graph_add_ns(&g, NS_NET, 1);
	mnt = graph_add_ns(&g, NS_MNT, 2);
	uts = graph_add_ns(&g, NS_UTS, 4);
	g.ns.v[uts].id = 44;
	in(&g, 1, 1, net, mnt);
	in(&g, 10, 1, net, mnt);
	in(&g, 30, 1, uts, mnt);
	graph_finish(&g);
	s.killed = 20;
	events_sync(&s.ev, &g, 20000000, 20000001);
	assert_told(&s, "exit mnt:2 20 holder, exit uts:4 20 holder, exit net:5 20 holder, "
			"gone uts:4 20 holder, new uts:4 30 holder, fork mnt:2 30 holder, "
			"fork uts:4 30 holder, gone net:5 20 holder, gone net:9, gone mnt:88");
	stage_done(&s);
}

/* What happened since a snapshot was begun is known better: 10 has moved, 20 has ended, 1 has not. */
static void test_late_snapshot(void **state)
{
	auto_graph struct graph g = { 0 };
	struct stage s;

	(void)state;
	stage_init(&s);
	run(&s, "moved 10.10 net:7 mnt:2, kill 20, exit 20.20");
	assert_told(&s, "new net:7 10 forker from 1, leave net:1 10 forker to 7, "
			"exit mnt:2 20 holder, exit net:5 20 holder");
	first_graph(&g);
	graph_finish(&g);
	events_sync(&s.ev, &g, 10000000, 20000000);
	assert_told(&s, "");
	stage_done(&s);
}

/* The number of a namespace that ended since then stands for another one, of another type or not. */
static void test_outdated(void **state)
{
	auto_graph struct graph g = { 0 };
	struct stage s;
	uint32_t mnt, uts;

	(void)state;
	stage_init(&s);
	run(&s, "moved 10.10 net:7 uts:6");
	str_clear(&s.told);
	first_graph(&g);
	mnt = graph_add_ns(&g, NS_MNT, 7);
	uts = graph_add_ns(&g, NS_UTS, 6);
	g.ns.v[uts].id = 66;
	in(&g, 40, 1, mnt, uts);
	graph_finish(&g);
	events_sync(&s.ev, &g, 10000000, 20000000);
	assert_told(&s, "");
	stage_done(&s);
}

/* A member that the snapshot cannot read stays if it lives; so does its namespace. */
static void test_unreadable(void **state)
{
	auto_graph struct graph g = { 0 };
	struct stage s;

	(void)state;
	stage_init(&s);
	graph_finish(&g);
	s.killed = 20;
	events_sync(&s.ev, &g, 20000000, 20000001);
	assert_told(&s, "exit mnt:2 20 holder, exit net:5 20 holder, gone net:5 20 holder, gone "
			"net:9, gone mnt:88");
	stage_done(&s);
}

/* The same pid for another process is an end and a birth, not a move. */
static void test_pid_again(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t net, mnt, empty;
	struct stage s;

	(void)state;
	stage_init(&s);
	net = graph_add_ns(&g, NS_NET, 1);
	mnt = graph_add_ns(&g, NS_MNT, 2);
	empty = graph_add_ns(&g, NS_NET, 5);
	in(&g, 1, 1, net, mnt);
	in(&g, 10, 1, net, mnt);
	in(&g, 20, 1, net, mnt);
	graph_add_holder(&g, (struct holder){ .ns = empty, .kind = HELD_SOCKET, .pid = 1 });
	graph_finish(&g);
	s.younger = 20;
	events_sync(&s.ev, &g, 20000000, 20000001);
	assert_told(&s,
		    "exit mnt:2 20 holder, exit net:5 20 holder, fork mnt:2 20 holder, "
		    "fork net:1 20 holder, empty net:5 20 holder socket, gone net:9, gone mnt:88");
	stage_done(&s);
}

/* Threads elsewhere, of which only holders tell; a namespace that waits for its first process. */
static void test_threads(void **state)
{
	auto_graph struct graph g = { 0 };
	uint32_t net, pending;
	struct stage s;

	(void)state;
	stage_init(&s);
	first_graph(&g);
	net = graph_add_ns(&g, NS_NET, 8);
	pending = graph_add_ns(&g, NS_PID, 6);
	graph_add_holder(&g,
			 (struct holder){ .ns = net, .kind = HELD_THREAD, .pid = 20, .tid = 21 });
	graph_add_holder(&g, (struct holder){ .ns = pending, .kind = HELD_PENDING, .pid = 10 });
	graph_finish(&g);
	events_sync(&s.ev, &g, 20000000, 20000001);
	assert_told(&s, "new net:8 20.21 holder");
	run(&s, "exit 20.21");
	assert_told(&s, "exit mnt:2 20.21 holder, exit net:8 20.21 holder");
	stage_done(&s);
}

/* Thousands come and go, and leave nothing behind. */
static void test_storm(void **state)
{
	struct stage s;
	size_t members, namespaces;

	(void)state;
	stage_init(&s);
	s.ev.wanted = 0;
	members = s.ev.m.tasks.n;
	namespaces = s.ev.m.ns.n;
	for (pid_t pid = 100; pid < 30000; pid++) {
		ino_t ino = (ino_t)pid + 1000;
		struct happening h = { .time = s.clock += 1000, .pid = pid, .tid = pid };

		h.kind = HAPPENS_FORK;
		h.ppid = h.ptid = h.by = 10;
		events_apply(&s.ev, &h);
		h.kind = HAPPENS_NAMESPACES;
		h.ino[NS_NET] = ino;
		h.ino[NS_MNT] = 2;
		events_apply(&s.ev, &h);
		h.kind = HAPPENS_EXIT;
		events_apply(&s.ev, &h);
		h.kind = HAPPENS_END;
		h.type = NS_NET;
		events_apply(&s.ev, &h);
	}
	assert_in_range(s.ev.m.tasks.n, members, members + 1);
	assert_in_range(s.ev.m.ns.n, namespaces, namespaces + 1);
	assert_int_equal(s.ev.m.by_tid.nslots, 64);
	stage_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_happenings),
		cmocka_unit_test(test_snapshots),
		cmocka_unit_test(test_late_snapshot),
		cmocka_unit_test(test_outdated),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_pid_again),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_id_from_snapshot),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_dirty),
		cmocka_unit_test(test_number_after_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
