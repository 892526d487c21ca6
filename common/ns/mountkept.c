/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountkept.h"

#include "../sys/dir.h"
#include "../sys/filelook.h"
#include "../sys/procfs.h"
#include "probe.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Some file systems may hold up even who only asks what is open: links are followed. */
#define PATIENCE 5000

struct search {
	const struct mountview *view;
	const struct mount *m;
	struct mountkept *shared; /* the parent sees it */
};

/* Whether NAME in DIR, a link of /proc, leads into the mount. */
static bool leads_there(const struct search *s, int dir, const char *name)
{
	struct statx st;

	return file_look(dir, name, 0, 0, &st) == 0 && st.stx_mask & STATX_MNT_ID &&
	       st.stx_mnt_id == s->m->id;
}

static void note(struct search *s, pid_t pid, int fd)
{
	if (s->shared->count++)
		return;
	s->shared->pid = pid;
	s->shared->fd = fd;
}

static void search_process(struct search *s, pid_t pid)
{
	char path[PROC_PATH_MAX];
	const char *name;
	struct dir d;
	int fd;

	proc_path(path, pid, 0, "cwd");
	if (leads_there(s, s->view->proc, path))
		note(s, pid, KEPT_CWD);
	proc_path(path, pid, 0, "root");
	if (leads_there(s, s->view->proc, path))
		note(s, pid, KEPT_ROOT);
	proc_path(path, pid, 0, "fd");
	if (dir_open(&d, s->view->proc, path) < 0)
		return;
	while (dir_next(&d, &fd, &name))
		if (leads_there(s, d.fd, name))
			note(s, pid, fd);
	dir_close(&d);
}

static void search_all(void *data)
{
	struct search *s = data;
	const struct graph *g = s->view->graph;

	for (size_t i = 0; i < g->procs.n; i++)
		if (g->procs.v[i].ns[NS_USER] != s->m->owner)
			search_process(s, g->procs.v[i].pid);
}

struct mountkept mountkept_find(const struct mountview *v, const struct mount *m)
{
	struct search s = { .view = v, .m = m, .shared = probe_memory(sizeof(*s.shared)) };
	struct mountkept found;

	probe_run(search_all, &s, PATIENCE);
	found = *s.shared;
	probe_memory_done(s.shared, sizeof(*s.shared));
	return found;
}
