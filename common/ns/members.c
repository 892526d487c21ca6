/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "members.h"

/* How soon an empty namespace is looked after: at once, then ever more seldom. */
#define FIRST_PAUSE UINT64_C(5000000)

void who_done(struct who *who)
{
	free(who->command);
	free(who->container);
	*who = (struct who){ 0 };
}

void who_copy(struct who *ret, const struct who *who)
{
	struct who copy = *who;

	copy.command = who->command ? xstrdup(who->command) : NULL;
	copy.container = who->container ? xstrdup(who->container) : NULL;
	who_done(ret);
	*ret = copy;
}

static uint32_t find(const struct hash *h, uint64_t key)
{
	uint32_t index;

	return hash_get(h, key, &index) ? index : GRAPH_NONE;
}

uint32_t members_find(const struct members *m, pid_t tid)
{
	return find(&m->by_tid, (uint64_t)tid);
}

uint32_t members_find_ns(const struct members *m, ino_t ino)
{
	return find(&m->by_ino, ino);
}

uint32_t members_add(struct members *m, pid_t pid, pid_t tid)
{
	struct member member = { .who = { .pid = pid, .tid = tid } };
	uint32_t index = (uint32_t)m->tasks.n;

	for (int t = 0; t < NS_NTYPES; t++)
		member.ns[t] = GRAPH_NONE;
	if (m->free_members.n) {
		index = m->free_members.v[--m->free_members.n];
		m->tasks.v[index] = member;
	} else {
		vec_push(&m->tasks, member);
	}
	hash_put(&m->by_tid, (uint64_t)tid, index);
	return index;
}

static void is_empty_now(struct members *m, struct member_ns *ns, uint64_t time)
{
	m->nempty++;
	ns->told_empty = ns->unsure = false;
	ns->since = time;
	ns->pause = FIRST_PAUSE;
	ns->check = time + ns->pause;
}

uint32_t members_add_ns(struct members *m, enum ns_type type, ino_t ino, uint64_t time)
{
	struct member_ns ns = { .used = true, .type = type, .ino = ino, .added = time };
	uint32_t index = (uint32_t)m->ns.n;

	is_empty_now(m, &ns, time);
	if (m->free_ns.n) {
		index = m->free_ns.v[--m->free_ns.n];
		m->ns.v[index] = ns;
	} else {
		vec_push(&m->ns, ns);
	}
	hash_put(&m->by_ino, ino, index);
	return index;
}

ino_t members_ino(const struct members *m, uint32_t member, enum ns_type type)
{
	uint32_t ns = m->tasks.v[member].ns[type];

	return ns == GRAPH_NONE ? 0 : m->ns.v[ns].ino;
}

void members_move(struct members *m, uint32_t member, enum ns_type type, uint32_t ns, uint64_t time)
{
	struct member *who = &m->tasks.v[member];
	uint32_t from = who->ns[type];

	if (from == ns)
		return;
	who->ns[type] = ns;
	if (ns != GRAPH_NONE && m->ns.v[ns].nmembers++ == 0)
		m->nempty--;
	if (from == GRAPH_NONE || --m->ns.v[from].nmembers > 0)
		return;
	is_empty_now(m, &m->ns.v[from], time);
	who_copy(&m->ns.v[from].last, &who->who);
}

void members_drop(struct members *m, uint32_t member, uint64_t time)
{
	for (int t = 0; t < NS_NTYPES; t++)
		members_move(m, member, (enum ns_type)t, GRAPH_NONE, time);
	hash_drop(&m->by_tid, (uint64_t)m->tasks.v[member].who.tid);
	who_done(&m->tasks.v[member].who);
	vec_push(&m->free_members, member);
}

void members_drop_ns(struct members *m, uint32_t ns)
{
	struct member_ns *gone = &m->ns.v[ns];

	for (size_t i = 0; gone->nmembers && i < m->tasks.n; i++)
		if (m->tasks.v[i].who.tid && m->tasks.v[i].ns[gone->type] == ns)
			members_move(m, (uint32_t)i, gone->type, GRAPH_NONE, 0);
	m->nempty--;
	hash_drop(&m->by_ino, gone->ino);
	who_done(&gone->last);
	gone->used = false;
	vec_push(&m->free_ns, ns);
}

void members_done(struct members *m)
{
	for (size_t i = 0; i < m->tasks.n; i++)
		who_done(&m->tasks.v[i].who);
	for (size_t i = 0; i < m->ns.n; i++)
		who_done(&m->ns.v[i].last);
	vec_done(&m->tasks);
	vec_done(&m->ns);
	vec_done(&m->free_members);
	vec_done(&m->free_ns);
	hash_done(&m->by_ino);
	hash_done(&m->by_tid);
}
