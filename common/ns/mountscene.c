/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountscene.h"

#include "../base/fd.h"
#include "../sys/procfs.h"
#include "discover.h"
#include "idmap.h"

#include <errno.h>
#include <unistd.h>

/* A process in the mount namespace of M or, OF_USER, in its user namespace; 0: there is none. */
static pid_t member_of(const struct graph *g, const struct mount *m, bool of_user)
{
	pid_t found = 0;

	for (size_t i = 0; i < g->procs.n; i++) {
		const struct proc *p = &g->procs.v[i];
		bool in_user = p->ns[NS_USER] == m->owner, in_mnt = p->ns[NS_MNT] == m->ns;

		if (in_user && in_mnt)
			return p->pid;
		if (!found && (of_user ? in_user : in_mnt))
			found = p->pid;
	}
	return found;
}

/* What stands in PATH below PROC; NULL: nothing. */
static char *read_map(int proc, const char *path)
{
	auto_str struct str text = { 0 };

	return proc_read(proc, path, &text) < 0 || !text.len ? NULL : str_take(&text);
}

static char *read_map_of(int proc, pid_t pid, const char *name)
{
	char path[PROC_PATH_MAX];

	proc_path(path, pid, 0, name);
	return pid ? read_map(proc, path) : NULL;
}

/* The range of M that has ID outside, or NULL. */
static const struct id_range *find_outer(const struct idmap *m, uint32_t id)
{
	for (size_t i = 0; i < m->ranges.n; i++)
		if (id - m->ranges.v[i].outer < m->ranges.v[i].count)
			return &m->ranges.v[i];
	return NULL;
}

/* The highest id of M, that of the range with the highest. */
static uint32_t highest_inner(const struct idmap *m)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < m->ranges.n; i++)
		highest = MAX(highest, m->ranges.v[i].inner + (m->ranges.v[i].count - 1));
	return highest;
}

uint32_t mountscene_stranger(const char *uid_map, const char *own_map)
{
	auto_idmap struct idmap theirs = { 0 }, own = { 0 };
	const struct id_range *r;
	uint32_t first, id;

	idmap_read(&theirs, uid_map ? uid_map : "");
	idmap_read(&own, own_map ? own_map : "");
	/* The uppermost ids stand for nobody and for those without a place in a map. */
	first = id = MIN(highest_inner(&own), 4000000000);
	while ((r = find_outer(&theirs, id))) {
		if (!r->outer)
			return first;
		id = r->outer - 1;
	}
	return id;
}

/* A twin of root's would be root of the host: that is another actor. */
static void choose_ids(const struct mountview *v, const struct mount *m, struct mountscene *s)
{
	auto_idmap struct idmap theirs = { 0 };
	auto_free char *own_map = read_map(v->proc, "self/uid_map");
	pid_t member = member_of(v->graph, m, true);

	s->uid_map = read_map_of(v->proc, member, "uid_map");
	s->gid_map = read_map_of(v->proc, member, "gid_map");
	s->stranger = mountscene_stranger(s->uid_map, own_map);
	idmap_read(&theirs, s->uid_map ? s->uid_map : "");
	if (geteuid() == 0 && s->gid_map && !find_outer(&theirs, 0))
		return;
	free(take_ptr(&s->uid_map));
	free(take_ptr(&s->gid_map));
}

int mountscene_open(const struct mountview *v, const struct mount *m, struct mountscene *ret,
		    struct err *e)
{
	ret->proc = v->proc;
	ret->mntns = discover_open(v->graph, v->proc, m->ns);
	ret->userns = discover_open(v->graph, v->proc, m->owner);
	if (ret->mntns < 0 || ret->userns < 0)
		return err_say(e, -ESTALE, "the mount namespace %ju has gone",
			       (uintmax_t)v->graph->ns.v[m->ns].ino);
	ret->mntns_id = v->graph->ns.v[m->ns].id;
	ret->pid = member_of(v->graph, m, false);
	ret->at.path = xstrdup(m->target);
	ret->at.inside = xstrdup(m->target);
	choose_ids(v, m, ret);
	return 0;
}

void mountplace_done(struct mountplace *p)
{
	cleanup_fd(&p->userns);
	cleanup_fd(&p->mntns);
	free(p->path);
	free(p->inside);
}

void mountscene_done(struct mountscene *s)
{
	mountplace_done(&s->at);
	cleanup_fd(&s->userns);
	cleanup_fd(&s->mntns);
	free(s->uid_map);
	free(s->gid_map);
}
