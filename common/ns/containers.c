/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "containers.h"

#include "../base/escape.h"
#include "../base/suggest.h"
#include "../base/vec.h"
#include "../sys/dir.h"
#include "../sys/procfs.h"
#include "container.h"

#include <errno.h>

#define LISTED_MAX 10

/* A cgroup that the name fits, and its oldest process. */
struct place {
	char *where;
	pid_t pid;
	uint64_t starttime;
};

struct places {
	VEC(struct place) v;
};

static void places_done(struct places *p)
{
	for (size_t i = 0; i < p->v.n; i++)
		free(p->v.v[i].where);
	vec_done(&p->v);
}

static int read_cgroup(int proc, pid_t pid, struct str *ret)
{
	char path[PROC_PATH_MAX];

	proc_path(path, pid, 0, "cgroup");
	return proc_read(proc, path, ret);
}

/* Processes of the same clock tick: the lower pid came first, unless the pids wrapped just then. */
static bool is_older(const struct place *a, const struct place *b)
{
	return a->starttime != b->starttime ? a->starttime < b->starttime : a->pid < b->pid;
}

/* Takes over what NEW holds. */
static void places_add(struct places *p, struct place new)
{
	for (size_t i = 0; i < p->v.n; i++) {
		struct place *old = &p->v.v[i];

		if (!str_is(old->where, new.where))
			continue;
		free(is_older(&new, old) ? old->where : new.where);
		if (is_older(&new, old))
			*old = new;
		return;
	}
	vec_push(&p->v, new);
}

static void consider_process(struct places *p, int proc, pid_t pid, const char *wanted,
			     struct str *text)
{
	auto_free char *where = NULL;
	struct proc_stat st;

	if (read_cgroup(proc, pid, text) < 0)
		return;
	where = container_where(str_text(text), wanted);
	if (!where || proc_stat_read(proc, pid, &st) < 0 || st.state == 'Z')
		return;
	places_add(p, (struct place){ take_ptr(&where), pid, st.starttime });
}

static int find_places(int proc, const char *wanted, struct places *ret, struct err *e)
{
	auto_str struct str text = { 0 };
	const char *name;
	struct dir d;
	int pid, r;

	r = dir_open(&d, proc, ".");
	if (r < 0)
		return err_set(e, r, "cannot read /proc");
	while (dir_next(&d, &pid, &name))
		consider_process(ret, proc, pid, wanted, &text);
	dir_close(&d);
	return 0;
}

/* The name of a container nearest to WANTED, as text to be freed; NULL if none is near. */
static char *nearest(int proc, const char *wanted)
{
	auto_str struct str text = { 0 };
	char *best = NULL;
	struct dir d;
	const char *unused;
	int pid;

	if (dir_open(&d, proc, ".") < 0)
		return NULL;
	while (dir_next(&d, &pid, &unused)) {
		struct suggestion s = { .word = wanted };
		auto_container struct container c = { 0 };

		if (read_cgroup(proc, pid, &text) < 0 || !container_find(str_text(&text), &c))
			continue;
		if (best)
			suggest_consider(&s, best);
		suggest_consider(&s, c.id);
		if (s.nearest == c.id) {
			free(best);
			best = take_ptr(&c.id);
		}
	}
	dir_close(&d);
	return best;
}

static int no_such(int proc, const char *wanted, struct err *e)
{
	auto_free char *q = quoted(wanted);
	auto_free char *near = nearest(proc, wanted);

	err_say(e, -ENOENT, "no process is in a container, pod or unit %s", q);
	if (near) {
		auto_free char *q_near = quoted(near);

		err_hint(e, "did you mean %s?", q_near);
	}
	return -ENOENT;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t x = ((const struct place *)a)->pid, y = ((const struct place *)b)->pid;

	return (x > y) - (x < y);
}

static int ambiguous(const char *wanted, struct places *p, struct err *e)
{
	auto_free char *q = quoted(wanted);
	size_t listed = MIN(p->v.n, LISTED_MAX);

	qsort(p->v.v, p->v.n, sizeof(*p->v.v), compare_pids);
	err_say(e, -ENOTUNIQ, "%zu containers, pods or units are named %s", p->v.n, q);
	for (size_t i = 0; i < listed; i++) {
		auto_free char *where = quoted(p->v.v[i].where);

		err_hint(e, "process %d is in %s", p->v.v[i].pid, where);
	}
	if (listed < p->v.n)
		err_hint(e, "and %zu more", p->v.n - listed);
	return -ENOTUNIQ;
}

int containers_find(int proc, const char *wanted, pid_t *ret, struct err *e)
{
	auto_call(places_done) struct places places = { 0 };
	int r = find_places(proc, wanted, &places, e);

	if (r < 0)
		return r;
	if (!places.v.n)
		return no_such(proc, wanted, e);
	if (places.v.n > 1)
		return ambiguous(wanted, &places, e);
	*ret = places.v.v[0].pid;
	return 0;
}

bool containers_has(int proc, const char *wanted, pid_t pid)
{
	auto_str struct str text = { 0 };

	return read_cgroup(proc, pid, &text) == 0 && container_matches(str_text(&text), wanted);
}
