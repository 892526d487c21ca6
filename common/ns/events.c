/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "events.h"

#include "../base/str.h"
#include "events_tell.h"

/* An end that comes so soon after an exec may be none: see applies_exit(). */
#define EXEC_IS_RECENT UINT64_C(1000000)

const struct event_info event_infos[EVENT_NKINDS] = {
	[EVENT_NEW] = { "new", "a namespace that was not there before, with who made it" },
	[EVENT_JOIN] = { "join", "a task came from another namespace, or was made by one there" },
	[EVENT_LEAVE] = { "leave", "a task went to another namespace" },
	[EVENT_FORK] = { "fork", "a process was born in it" },
	[EVENT_EXIT] = { "exit", "a process ended in it" },
	[EVENT_EMPTY] = { "empty", "nobody is in it any more, but something keeps it" },
	[EVENT_GONE] = { "gone", "it exists no more" },
	[EVENT_LOST] = { "lost", "more happened than could be read; told whatever is asked for" },
	[EVENT_IS] = { "is", "it was there when watching began" },
};

void seen_free(struct seen *s)
{
	if (!s)
		return;
	free(s->command);
	free(s->container);
	free(s);
}

void events_done(struct events *ev)
{
	members_done(&ev->m);
	vec_done(&ev->own);
}

void events_tell(struct events *ev, struct event *e, uint32_t ns, uint32_t member)
{
	const struct member_ns *of = ns == GRAPH_NONE ? NULL : &ev->m.ns.v[ns];

	if (!ev->begun || !(ev->wanted & 1U << e->kind))
		return;
	if (of) {
		e->type = of->type;
		e->ino = of->ino;
		e->id = of->id;
		e->owner = of->owner;
	}
	if (member != GRAPH_NONE)
		e->who = &ev->m.tasks.v[member].who;
	ev->tell(ev->data, e);
}

void events_gone(struct events *ev, uint32_t ns, uint64_t time, bool late)
{
	const struct who *last = &ev->m.ns.v[ns].last;
	struct event e = {
		.kind = EVENT_GONE, .time = time, .who = last->pid ? last : NULL, .late = late
	};

	events_tell(ev, &e, ns, GRAPH_NONE);
	members_drop_ns(&ev->m, ns);
}

/*
 * Whether the namespace S, which bears the number of NS, is another one. Numbers are used again at once:
 * one that nobody was in long enough to be asked for its id has ended, most probably. Not so network
 * namespaces: they end slowly, and are made to be kept by a mount. And not if a snapshot shows it: who
 * made another one would have been told of before, unless that was lost.
 */
static bool is_another(struct events *ev, uint32_t ns, const struct events_sight *s)
{
	const struct member_ns *known = &ev->m.ns.v[ns];
	int exists;

	if (known->type != s->type)
		return true;
	if (known->id && s->id)
		return known->id != s->id;
	if (known->nmembers || (s->late && !s->lossy))
		return false;
	if (s->id)
		return true;
	exists = ev->exists(ev->data, known);
	return exists < 0 ? !known->told_empty && s->type != NS_NET : !exists;
}

uint32_t events_ns(struct events *ev, const struct events_sight *s, bool *is_new)
{
	uint32_t ns = members_find_ns(&ev->m, s->ino);
	struct member_ns *known;

	if (ns != GRAPH_NONE && is_another(ev, ns, s)) {
		ev->dirty |= ev->m.ns.v[ns].nmembers > 0;
		events_gone(ev, ns, s->time, s->late);
		ns = GRAPH_NONE;
	}
	*is_new = ns == GRAPH_NONE;
	if (*is_new)
		ns = members_add_ns(&ev->m, s->type, s->ino, s->time);
	known = &ev->m.ns.v[ns];
	known->id = s->id ? s->id : known->id;
	if (s->owner || *is_new)
		known->owner = s->owner ? s->owner : s->maker;
	return ns;
}

/* MEMBER, which was elsewhere or (is_born) nowhere, is in the namespace S now. */
void events_enter(struct events *ev, uint32_t member, const struct events_sight *s, bool is_born)
{
	uint32_t before = ev->m.tasks.v[member].ns[s->type];
	ino_t from = members_ino(&ev->m, member, s->type);
	struct event e = { .time = s->time, .from = from, .late = s->late };
	bool is_new;
	uint32_t ns = events_ns(ev, s, &is_new);

	if (ns == before)
		return;
	/* Of a task that was not known it is not known either that it came from elsewhere. */
	e.kind = is_new ? EVENT_NEW : EVENT_JOIN;
	if (is_new || from)
		events_tell(ev, &e, ns, member);
	if (from && !is_born && members_find_ns(&ev->m, from) == before) {
		e = (struct event){
			.kind = EVENT_LEAVE, .time = s->time, .to = s->ino, .late = s->late
		};
		events_tell(ev, &e, before, member);
	}
	members_move(&ev->m, member, s->type, ns, s->time);
}

void events_everywhere(struct events *ev, enum event_kind kind, uint32_t member, uint64_t time,
		       bool late)
{
	struct event e = { .kind = kind, .time = time, .late = late };

	if (!(ev->wanted & 1U << kind))
		return;
	for (int t = 0; t < NS_NTYPES; t++)
		if (ev->m.tasks.v[member].ns[t] != GRAPH_NONE)
			events_tell(ev, &e, ev->m.tasks.v[member].ns[t], member);
}

void events_exit(struct events *ev, uint32_t member, uint64_t time, bool late)
{
	events_everywhere(ev, EVENT_EXIT, member, time, late);
	members_drop(&ev->m, member, time);
}

/* The task whose namespaces thread TID of process PID is in: itself, or its leader. */
static uint32_t standing(const struct events *ev, pid_t tid, pid_t pid)
{
	uint32_t member = members_find(&ev->m, tid);

	return member == GRAPH_NONE && pid != tid ? members_find(&ev->m, pid) : member;
}

/* Adds the task TID of PID where FROM (GRAPH_NONE: not known) is. */
static uint32_t add_beside(struct events *ev, pid_t pid, pid_t tid, uint32_t from, uint64_t time)
{
	uint32_t member = members_add(&ev->m, pid, tid);
	struct member *m = &ev->m.tasks.v[member];

	if (from == GRAPH_NONE)
		return member;
	for (int t = 0; t < NS_NTYPES; t++)
		members_move(&ev->m, member, (enum ns_type)t, ev->m.tasks.v[from].ns[t], time);
	memcpy(m->who.comm, ev->m.tasks.v[from].who.comm, sizeof(m->who.comm));
	m->next_time = ev->m.tasks.v[from].next_time;
	return member;
}

static bool is_beside(const struct events *ev, uint32_t a, uint32_t b)
{
	return memcmp(ev->m.tasks.v[a].ns, ev->m.tasks.v[b].ns, sizeof(ev->m.tasks.v[a].ns)) == 0;
}

/* A thread that is where its leader is needs no place of its own. */
static void apply_fork(struct events *ev, const struct happening *h)
{
	uint32_t parent = standing(ev, h->ptid, h->ppid), member = members_find(&ev->m, h->tid);
	uint32_t leader = h->pid == h->tid ? GRAPH_NONE : members_find(&ev->m, h->pid);

	if (member != GRAPH_NONE) /* its end was lost */
		members_drop(&ev->m, member, h->time);
	if (h->ppid == ev->self && h->pid != h->ppid) {
		vec_push(&ev->own, h->tid);
		return;
	}
	if (leader != GRAPH_NONE && parent != GRAPH_NONE && is_beside(ev, leader, parent))
		return;
	member = add_beside(ev, h->pid, h->tid, parent, h->time);
	ev->m.tasks.v[member].fresh = parent != GRAPH_NONE;
	ev->m.tasks.v[member].touched = h->time;
}

static bool is_own(const struct events *ev, pid_t tid)
{
	for (size_t i = 0; i < ev->own.n; i++)
		if (ev->own.v[i] == tid)
			return true;
	return false;
}

/* The name is that of the moment when it happened, if the kernel has told it. */
static void learn(struct who *who, const struct seen *s)
{
	if (!who->comm[0])
		memcpy(who->comm, s->comm, sizeof(who->comm));
	who->has_uid = s->has_uid;
	who->uid = s->uid;
	free(who->command);
	free(who->container);
	who->command = s->command ? xstrdup(s->command) : NULL;
	who->container = s->container ? xstrdup(s->container) : NULL;
}

/* The namespaces that H tells of, and the time namespace, which the kernel does not tell. */
static void enter_all(struct events *ev, uint32_t member, const struct happening *h, bool is_born)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		struct events_sight s = { .type = (enum ns_type)t,
					  .ino = h->ino[t],
					  .time = h->time };

		if (t == NS_TIME)
			s.ino = h->seen && h->seen->time ? h->seen->time
				: is_born		 ? ev->m.tasks.v[member].next_time
							 : 0;
		s.maker = t == NS_USER ? members_ino(&ev->m, member, NS_USER) : h->ino[NS_USER];
		if (h->seen) {
			s.id = h->seen->ns[t].id;
			s.owner = h->seen->ns[t].owner;
		}
		if (s.ino)
			events_enter(ev, member, &s, is_born);
	}
	if (h->seen && h->seen->next_time)
		ev->m.tasks.v[member].next_time = h->seen->next_time;
}

static bool differs(const struct events *ev, uint32_t member, const struct happening *h)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (h->ino[t] && h->ino[t] != members_ino(&ev->m, member, (enum ns_type)t))
			return true;
	return h->seen && h->seen->time && h->seen->time != members_ino(&ev->m, member, NS_TIME);
}

/* Adds the place of a task that has none. GRAPH_NONE: it needs none. */
static uint32_t place_of(struct events *ev, const struct happening *h)
{
	uint32_t leader = standing(ev, h->pid, h->pid);
	uint32_t maker = h->by == h->tid ? GRAPH_NONE : standing(ev, h->by, h->by);
	uint32_t member;

	if (h->tid != h->pid && leader != GRAPH_NONE)
		return differs(ev, leader, h) ? add_beside(ev, h->pid, h->tid, leader, h->time)
					      : GRAPH_NONE;
	member = add_beside(ev, h->pid, h->tid, maker, h->time);
	ev->m.tasks.v[member].fresh = maker != GRAPH_NONE;
	return member;
}

static void apply_namespaces(struct events *ev, const struct happening *h)
{
	uint32_t member = members_find(&ev->m, h->tid);
	struct member *m;
	bool is_born;

	if (is_own(ev, h->tid))
		return;
	if (member == GRAPH_NONE)
		member = place_of(ev, h);
	if (member == GRAPH_NONE)
		return;
	m = &ev->m.tasks.v[member];
	is_born = m->fresh;
	m->fresh = false;
	m->touched = h->time;
	if (h->seen)
		learn(&m->who, h->seen);
	enter_all(ev, member, h, is_born);
	if (is_born && h->tid == h->pid)
		events_everywhere(ev, EVENT_FORK, member, h->time, false);
}

static void apply_comm(struct events *ev, const struct happening *h)
{
	uint32_t member = members_find(&ev->m, h->tid);
	struct events_sight s = { .type = NS_TIME, .time = h->time };
	struct member *m;

	if (member == GRAPH_NONE)
		return;
	m = &ev->m.tasks.v[member];
	m->touched = h->time;
	memcpy(m->who.comm, h->comm, sizeof(m->who.comm));
	if (!h->exec)
		return;
	m->exec = h->time;
	free(m->who.command);
	m->who.command = NULL;
	if (!h->seen)
		return;
	learn(&m->who, h->seen);
	s.ino = h->seen->time;
	s.id = h->seen->ns[NS_TIME].id;
	s.owner = h->seen->ns[NS_TIME].owner;
	if (s.ino)
		events_enter(ev, member, &s, false);
}

/*
 * An exec that gains privileges counts as an end: begin_new_exec() in fs/exec.c stops the events of
 * whoever had fewer, and the same function tells of it.
 */
static void apply_exit(struct events *ev, const struct happening *h)
{
	uint32_t member = members_find(&ev->m, h->tid);

	for (size_t i = 0; i < ev->own.n; i++)
		if (ev->own.v[i] == h->tid)
			ev->own.v[i--] = ev->own.v[--ev->own.n];
	if (member == GRAPH_NONE)
		return;
	if (h->time - ev->m.tasks.v[member].exec < EXEC_IS_RECENT &&
	    ev->lives(ev->data, h->tid, NULL))
		return;
	if (h->seen && !ev->m.tasks.v[member].who.has_uid)
		learn(&ev->m.tasks.v[member].who, h->seen);
	events_exit(ev, member, h->time, false);
}

static void apply_loss(struct events *ev, const struct happening *h)
{
	struct event e = { .kind = EVENT_LOST, .time = h->time, .lost = h->lost };

	ev->dirty = true;
	events_tell(ev, &e, GRAPH_NONE, GRAPH_NONE);
}

static void apply_end(struct events *ev, const struct happening *h)
{
	uint32_t ns = members_find_ns(&ev->m, h->ino[h->type]);
	const struct member_ns *known = ns == GRAPH_NONE ? NULL : &ev->m.ns.v[ns];

	if (known && known->type == h->type && known->id == h->id && !known->nmembers)
		events_gone(ev, ns, h->time, false);
}

void events_apply(struct events *ev, const struct happening *h)
{
	switch (h->kind) {
	case HAPPENS_FORK:
		apply_fork(ev, h);
		break;
	case HAPPENS_NAMESPACES:
		apply_namespaces(ev, h);
		break;
	case HAPPENS_COMM:
		apply_comm(ev, h);
		break;
	case HAPPENS_EXIT:
		apply_exit(ev, h);
		break;
	case HAPPENS_LOSS:
		apply_loss(ev, h);
		break;
	case HAPPENS_END:
		apply_end(ev, h);
		break;
	}
}

/* Whether MEMBER is the last one in some namespace: what is known of it then will be told. */
static bool is_last(const struct events *ev, uint32_t member)
{
	for (int t = 0; t < NS_NTYPES; t++) {
		uint32_t ns = ev->m.tasks.v[member].ns[t];

		if (ns != GRAPH_NONE && ev->m.ns.v[ns].nmembers == 1)
			return true;
	}
	return false;
}

/* Whether H's namespace of TYPE may be one that is not known, or that a task in FROM was not in. */
static bool may_be_new(const struct events *ev, const struct happening *h, enum ns_type type,
		       ino_t from)
{
	uint32_t ns = members_find_ns(&ev->m, h->ino[type]);

	return ns == GRAPH_NONE || !ev->m.ns.v[ns].nmembers || from != h->ino[type];
}

static unsigned wants_of_namespaces(const struct events *ev, const struct happening *h,
				    const struct happening *former)
{
	bool itself = h->by == h->tid;
	uint32_t at = itself ? standing(ev, h->tid, h->pid) : standing(ev, h->by, h->ppid);
	unsigned wanted = 0;

	for (int t = 0; t < NS_NTYPES; t++) {
		ino_t from = former		? former->ino[t]
			     : at == GRAPH_NONE ? 0
						: members_ino(&ev->m, at, (enum ns_type)t);

		if (h->ino[t] && may_be_new(ev, h, (enum ns_type)t, from))
			wanted |= 1U << t;
	}
	if (itself || (at != GRAPH_NONE && ev->m.tasks.v[at].next_time))
		wanted |= 1U << NS_TIME;
	if (wanted && at == GRAPH_NONE && !former)
		wanted |= EVENTS_WANTS_FORMER;
	return wanted ? wanted | EVENTS_WANTS_TASK : 0;
}

unsigned events_wants(const struct events *ev, const struct happening *h,
		      const struct happening *former)
{
	uint32_t member = members_find(&ev->m, h->tid);

	switch (h->kind) {
	case HAPPENS_NAMESPACES:
		return wants_of_namespaces(ev, h, former);
	case HAPPENS_COMM:
		return h->exec && member != GRAPH_NONE && ev->m.tasks.v[member].next_time
			       ? EVENTS_WANTS_TASK | 1U << NS_TIME
			       : 0;
	case HAPPENS_EXIT:
		return member != GRAPH_NONE && is_last(ev, member) ? EVENTS_WANTS_TASK : 0;
	case HAPPENS_FORK:
	case HAPPENS_LOSS:
	case HAPPENS_END:
		break;
	}
	return 0;
}
