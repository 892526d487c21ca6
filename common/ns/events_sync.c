/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events out of a snapshot. A snapshot takes a while: of a task to which something happened since it
 * was begun, the happenings know better.
 */
#include "events_tell.h"

/* How long after the end of the last member it may take until the kernel has let a namespace go. */
#define PATIENCE UINT64_C(1000000000)

struct sync {
	struct events *ev;
	const struct graph *g;
	uint64_t began, time;
	bool first, lossy;
};

/* A task as the snapshot has it. */
struct found {
	pid_t pid, tid;
	uint32_t ns[NS_NTYPES]; /* of the graph */
	ino_t next_time;
	bool is_alone; /* in a namespace that is not one of the first */
};

static struct found process(const struct graph *g, const struct proc *p)
{
	struct found f = { .pid = p->pid, .tid = p->pid };

	for (int t = 0; t < NS_NTYPES; t++) {
		f.ns[t] = p->ns[t];
		f.is_alone |= p->ns[t] != GRAPH_NONE && !g->ns.v[p->ns[t]].initial;
	}
	return f;
}

static struct events_sight sight(const struct sync *s, uint32_t ns)
{
	const struct ns *n = &s->g->ns.v[ns];

	return (struct events_sight){
		.type = n->type,
		.ino = n->ino,
		.id = n->id,
		.owner = n->owner == GRAPH_NONE ? 0 : s->g->ns.v[n->owner].ino,
		.time = s->time,
		.late = true,
		.lossy = s->lossy,
	};
}

/*
 * Whether NS of the graph has ended since the snapshot was begun: its number stands for another one, which
 * happenings have told of.
 */
static bool is_outdated(const struct sync *s, uint32_t ns)
{
	const struct ns *n = &s->g->ns.v[ns];
	uint32_t known = members_find_ns(&s->ev->m, n->ino);
	const struct member_ns *now = known == GRAPH_NONE ? NULL : &s->ev->m.ns.v[known];

	return now && now->added >= s->began && now->added != s->time &&
	       (now->type != n->type || !now->id || now->id != n->id);
}

static void enter_all(const struct sync *s, uint32_t member, const struct found *f, bool is_born)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		struct events_sight at;

		if (f->ns[t] == GRAPH_NONE || is_outdated(s, f->ns[t]))
			continue;
		at = sight(s, f->ns[t]);
		events_enter(s->ev, member, &at, is_born);
	}
	if (f->next_time)
		s->ev->m.tasks.v[member].next_time = f->next_time;
}

/* A task that was not known. Those that are just ending are not to be waited for: their end was told. */
static void add(const struct sync *s, const struct found *f)
{
	uint32_t member;
	char comm[16] = "";

	if (f->is_alone && !s->ev->lives(s->ev->data, f->tid, comm))
		return;
	member = members_add(&s->ev->m, f->pid, f->tid);
	memcpy(s->ev->m.tasks.v[member].who.comm, comm, sizeof(comm));
	s->ev->m.tasks.v[member].mark = s->ev->mark;
	enter_all(s, member, f, true);
	if (f->tid == f->pid && !s->first)
		events_everywhere(s->ev, EVENT_FORK, member, s->time, true);
}

static bool is_elsewhere(const struct sync *s, uint32_t member, const struct found *f)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (f->ns[t] != GRAPH_NONE &&
		    s->g->ns.v[f->ns[t]].ino != members_ino(&s->ev->m, member, (enum ns_type)t))
			return true;
	return false;
}

static void see(const struct sync *s, const struct found *f)
{
	uint32_t member = members_find(&s->ev->m, f->tid);

	if (member == GRAPH_NONE) {
		add(s, f);
		return;
	}
	if (s->ev->m.tasks.v[member].touched >= s->began || !is_elsewhere(s, member, f))
		return;
	if (s->ev->is_younger(s->ev->data, f->tid)) {
		events_exit(s->ev, member, s->time, true);
		add(s, f);
		return;
	}
	enter_all(s, member, f, false);
}

/* Threads of which holders tell, by thread. */
struct threads {
	VEC(struct found) v;
	struct hash by_tid;
};

static struct found *thread(const struct sync *s, struct threads *threads, const struct holder *h)
{
	pid_t tid = h->tid ? h->tid : h->pid;
	uint32_t index, leader = graph_find_proc(s->g, h->pid);
	struct found f = { .pid = h->pid, .tid = tid };

	if (hash_get(&threads->by_tid, (uint64_t)tid, &index))
		return &threads->v.v[index];
	for (int t = 0; t < NS_NTYPES; t++)
		f.ns[t] = GRAPH_NONE;
	if (leader != GRAPH_NONE)
		f = process(s->g, &s->g->procs.v[leader]);
	f.tid = tid;
	f.is_alone = true;
	hash_put(&threads->by_tid, (uint64_t)tid, (uint32_t)threads->v.n);
	vec_push(&threads->v, f);
	return &threads->v.v[threads->v.n - 1];
}

static void see_threads(const struct sync *s)
{
	struct threads threads = { .v = { 0 } };

	for (size_t i = 0; i < s->g->holders.n; i++) {
		const struct holder *h = &s->g->holders.v[i];
		enum ns_type type = s->g->ns.v[h->ns].type;

		if (h->kind == HELD_THREAD)
			thread(s, &threads, h)->ns[type] = h->ns;
		else if (h->kind == HELD_PENDING && type == NS_TIME)
			thread(s, &threads, h)->next_time = s->g->ns.v[h->ns].ino;
	}
	for (size_t i = 0; i < threads.v.n; i++)
		see(s, &threads.v.v[i]);
	vec_done(&threads.v);
	hash_done(&threads.by_tid);
}

static void mark(const struct sync *s, pid_t tid)
{
	uint32_t member = members_find(&s->ev->m, tid);

	if (member != GRAPH_NONE)
		s->ev->m.tasks.v[member].mark = s->ev->mark;
}

/*
 * Tasks that the snapshot does not have: some cannot be read, most have ended. They go first: numbers of
 * namespaces that they were the last in may stand for others by now.
 */
static void drop_ended(const struct sync *s)
{
	for (size_t i = 0; i < s->g->procs.n; i++)
		mark(s, s->g->procs.v[i].pid);
	for (size_t i = 0; i < s->g->holders.n; i++)
		mark(s, s->g->holders.v[i].tid);
	for (size_t i = 0; i < s->ev->m.tasks.n; i++) {
		const struct member *m = &s->ev->m.tasks.v[i];

		if (!m->who.tid || m->mark == s->ev->mark || m->touched >= s->began ||
		    s->ev->lives(s->ev->data, m->who.tid, NULL))
			continue;
		events_exit(s->ev, (uint32_t)i, s->time, true);
	}
}

/* Namespaces that no task has led to. One that only waits for its first process is not yet news. */
static void see_namespaces(const struct sync *s)
{
	for (uint32_t i = 0; i < s->g->ns.n; i++) {
		struct events_sight at = sight(s, i);
		struct member_ns probe = { .type = at.type, .ino = at.ino, .id = at.id };
		struct event e = { .kind = EVENT_NEW, .time = s->time, .late = true };
		bool is_new;
		uint32_t ns = members_find_ns(&s->ev->m, at.ino);

		if (is_outdated(s, i))
			continue;
		if (ns == GRAPH_NONE && !s->first &&
		    (s->g->ns.v[i].held == HELD_PENDING || s->ev->exists(s->ev->data, &probe) == 0))
			continue;
		ns = events_ns(s->ev, &at, &is_new);
		if (!is_new)
			continue;
		events_tell(s->ev, &e, ns, GRAPH_NONE);
		s->ev->m.ns.v[ns].told_empty = true;
	}
}

static void look_after_empty(const struct sync *s, uint32_t ns)
{
	struct member_ns *empty = &s->ev->m.ns.v[ns];
	uint32_t known = graph_find_ns(s->g, empty->ino);
	struct event e = { .kind = EVENT_EMPTY,
			   .time = s->time,
			   .who = empty->last.pid ? &empty->last : NULL };

	if (known != GRAPH_NONE && s->g->ns.v[known].type == empty->type &&
	    (!empty->id || s->g->ns.v[known].id == empty->id)) {
		e.held = s->g->ns.v[known].held & ~(unsigned)HELD_PROC;
	} else if (s->ev->exists(s->ev->data, empty) != 1) {
		events_gone(s->ev, ns, s->time, false);
		return;
	}
	/* Without a reason that can be seen it may be that the kernel has not come to it yet. */
	if (empty->told_empty || (!e.held && s->time - empty->since < PATIENCE))
		return;
	empty->told_empty = true;
	events_tell(s->ev, &e, ns, GRAPH_NONE);
}

/* Whether NS had no members when the snapshot was begun, or has none because of it. */
static bool is_settled(const struct sync *s, const struct member_ns *ns)
{
	return ns->since < s->began || ns->since == s->time;
}

/* What is there at the beginning, in the order of the snapshot. */
static void tell_all(const struct sync *s)
{
	for (uint32_t i = 0; i < s->g->ns.n; i++) {
		const struct ns *n = &s->g->ns.v[i];
		uint32_t ns = members_find_ns(&s->ev->m, n->ino);
		struct event e = { .kind = EVENT_IS, .time = s->time, .held = n->held };
		uint32_t first =
			n->first_proc == GRAPH_NONE
				? GRAPH_NONE
				: members_find(&s->ev->m, s->g->procs.v[n->first_proc].pid);

		if (ns != GRAPH_NONE)
			events_tell(s->ev, &e, ns, first);
	}
}

void events_sync(struct events *ev, const struct graph *g, uint64_t began, uint64_t time)
{
	struct sync s = { .ev = ev,
			  .g = g,
			  .began = began,
			  .time = time,
			  .first = !ev->mark,
			  .lossy = ev->dirty };

	ev->dirty = false;
	ev->mark++;
	drop_ended(&s);
	for (size_t i = 0; i < g->procs.n; i++) {
		struct found f = process(g, &g->procs.v[i]);

		see(&s, &f);
	}
	see_threads(&s);
	see_namespaces(&s);
	for (uint32_t i = 0; i < ev->m.ns.n; i++)
		if (ev->m.ns.v[i].used && !ev->m.ns.v[i].nmembers && is_settled(&s, &ev->m.ns.v[i]))
			look_after_empty(&s, i);
	ev->begun = true;
	if (s.first)
		tell_all(&s);
}
