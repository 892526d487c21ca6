/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountkept.h"

#include "../base/fd.h"
#include "../sys/dir.h"
#include "../sys/filelook.h"
#include "../sys/kcmp.h"
#include "mountties.h"
#include "probe.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Some file systems may hold up even who only asks what is open: links are followed. */
#define PATIENCE 30000

struct search {
	const struct mountview *view;
	const struct mount *m;
	bool alone;		  /* nobody else has the file system */
	struct mountkept *shared; /* the parent sees it */
};

/* Whether NAME in DIR, a link of /proc, leads into the mount. */
static bool leads_there(const struct search *s, int dir, const char *name)
{
	struct statx st;

	if (file_look(dir, name, 0, 0, &st) < 0)
		return false;
	if (s->alone && makedev(st.stx_dev_major, st.stx_dev_minor) == s->m->dev)
		return true;
	return st.stx_mask & STATX_MNT_ID && st.stx_mnt_id == s->m->id;
}

/* What a process, or one of its threads, has. */
static void note(struct search *s, pid_t pid, pid_t tid, const char *dir, const char *name)
{
	char text[40]; /* as much as proc_path() takes */

	if (s->shared->count++)
		return;
	snprintf(text, sizeof(text), "%s%s%s", dir, *dir ? "/" : "", name);
	s->shared->pid = pid;
	proc_path(s->shared->path, pid, tid, text);
}

static void search_link(struct search *s, pid_t pid, pid_t tid, const char *name)
{
	char path[PROC_PATH_MAX];

	proc_path(path, pid, tid, name);
	if (leads_there(s, s->view->proc, path))
		note(s, pid, tid, "", name);
}

static void search_fds(struct search *s, pid_t pid, pid_t tid)
{
	char path[PROC_PATH_MAX];
	const char *name;
	struct dir d;
	int fd;

	proc_path(path, pid, tid, "fd");
	if (dir_open(&d, s->view->proc, path) < 0)
		return;
	while (dir_next(&d, &fd, &name))
		if (leads_there(s, d.fd, name))
			note(s, pid, tid, "fd", name);
	dir_close(&d);
}

/* Files that are mapped stay in use without a descriptor; the program is one of them. */
static void search_maps(struct search *s, pid_t pid)
{
	char path[PROC_PATH_MAX];
	const struct dirent *entry;
	int fd;
	DIR *d;

	proc_path(path, pid, 0, "map_files");
	fd = openat(s->view->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		cleanup_fd(&fd);
		return;
	}
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.' && leads_there(s, fd, entry->d_name))
			note(s, pid, 0, "map_files", entry->d_name);
	closedir(d);
}

/* A thread can have directories and descriptors of its own. */
static void search_threads(struct search *s, pid_t pid)
{
	char path[PROC_PATH_MAX];
	const char *name;
	struct dir d;
	int tid;

	proc_path(path, pid, 0, "task");
	if (dir_open(&d, s->view->proc, path) < 0)
		return;
	while (dir_next(&d, &tid, &name)) {
		if (tid == pid)
			continue;
		search_link(s, pid, tid, "cwd");
		search_link(s, pid, tid, "root");
		if (kcmp_files(pid, tid) != 1)
			search_fds(s, pid, tid);
	}
	dir_close(&d);
}

static void search_process(struct search *s, pid_t pid)
{
	search_link(s, pid, 0, "cwd");
	search_link(s, pid, 0, "root");
	search_fds(s, pid, 0);
	search_maps(s, pid);
	search_threads(s, pid);
}

static void search_all(void *data)
{
	struct search *s = data;
	const struct graph *g = s->view->graph;

	for (size_t i = 0; i < g->procs.n; i++)
		if (g->procs.v[i].ns[NS_USER] != s->m->owner)
			search_process(s, g->procs.v[i].pid);
}

int mountkept_find(const struct mountview *v, size_t index, struct mountkept *ret)
{
	struct search s = { .view = v,
			    .m = &v->mounts->v.v[index],
			    .alone = mount_is_alone(v->mounts, index),
			    .shared = probe_memory(sizeof(*s.shared)) };
	int r = probe_run(search_all, &s, PATIENCE);

	*ret = *s.shared;
	probe_memory_done(s.shared, sizeof(*s.shared));
	return r;
}
