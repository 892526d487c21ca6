/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seen.h"

#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "container.h"

#include <errno.h>
#include <fcntl.h>

/* Of a command line; as much as facts.h shows. */
#define COMMAND_LIMIT 4096
/* linux/sched.h: the task is on its way out. */
#define TASK_EXITING  0x4

static pid_t thread_of(pid_t pid, pid_t tid)
{
	return tid == pid ? 0 : tid;
}

static ino_t read_link(int proc, const struct happening *h, const char *name)
{
	char path[PROC_PATH_MAX], text[64];
	enum ns_type type;
	ino_t ino;

	proc_path(path, h->pid, thread_of(h->pid, h->tid), name);
	if (proc_link(proc, path, text, sizeof(text)) < 0 || !ns_link_parse(text, &type, &ino) ||
	    type != NS_TIME)
		return 0;
	return ino;
}

/* The task may be in another namespace by now: only the one with inode INO is asked. */
static void read_ns(int proc, const struct happening *h, enum ns_type type, ino_t ino,
		    struct seen *ret)
{
	auto_free char *name = xasprintf("ns/%s", ns_types[type].name);
	auto_close int fd = -EBADF, owner = -EBADF;
	char path[PROC_PATH_MAX];

	proc_path(path, h->pid, thread_of(h->pid, h->tid), name);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fd_inode(fd) != ino)
		return;
	if (nsfs_id(fd, &ret->ns[type].id) < 0)
		ret->ns[type].id = 0;
	owner = nsfs_userns(fd);
	ret->ns[type].owner = owner < 0 ? 0 : fd_inode(owner);
}

/* The effective one of "Uid:\t0\t0\t0\t0". */
static bool read_uid(const char *status, uid_t *ret)
{
	const char *field = proc_field(status, "Uid:"),
		   *second = field ? strpbrk(field, " \t") : NULL;
	auto_free char *word = NULL;
	uint64_t uid;

	if (!second)
		return false;
	second += strspn(second, " \t");
	word = xstrndup(second, strcspn(second, " \t\n"));
	if (num_u64(word, 0, UINT32_MAX, &uid) < 0)
		return false;
	*ret = (uid_t)uid;
	return true;
}

static char *read_container(const char *cgroups)
{
	auto_container struct container c = { 0 };

	return container_find(cgroups, &c) ? container_text(&c) : NULL;
}

static void read_task(int proc, pid_t pid, pid_t tid, struct seen *ret)
{
	auto_str struct str text = { 0 };
	char path[PROC_PATH_MAX];

	proc_path(path, pid, thread_of(pid, tid), "status");
	ret->has_uid = proc_read(proc, path, &text) == 0 && read_uid(str_text(&text), &ret->uid);
	proc_path(path, pid, thread_of(pid, tid), "cgroup");
	if (proc_read(proc, path, &text) == 0)
		ret->container = read_container(str_text(&text));
	proc_path(path, pid, thread_of(pid, tid), "comm");
	if (proc_read(proc, path, &text) == 0 && text.len)
		memcpy(ret->comm, text.s, MIN(text.len - 1, sizeof(ret->comm) - 1));
	str_clear(&text);
	if (proc_command(proc, pid, COMMAND_LIMIT, &text) == 0 && text.len)
		ret->command = str_take(&text);
}

struct seen *seen_read(int proc, const struct happening *h, unsigned wanted)
{
	struct seen *s = xcalloc(1, sizeof(*s));

	if (wanted & 1U << NS_TIME) {
		s->time = read_link(proc, h, "ns/time");
		s->next_time = read_link(proc, h, "ns/time_for_children");
	}
	for (int t = 0; t < NS_NTYPES; t++) {
		ino_t ino = t == NS_TIME ? s->time : h->ino[t];

		if (wanted & 1U << t && ino)
			read_ns(proc, h, (enum ns_type)t, ino, s);
	}
	if (wanted & EVENTS_WANTS_TASK)
		read_task(proc, h->pid, h->tid, s);
	return s;
}

void seen_who(int proc, struct who *who)
{
	struct seen s = { 0 };

	if (who->has_uid || !seen_lives(proc, who->tid, NULL))
		return;
	read_task(proc, who->pid, who->tid, &s);
	who->has_uid = s.has_uid;
	who->uid = s.uid;
	if (!who->comm[0])
		memcpy(who->comm, s.comm, sizeof(who->comm));
	if (who->command)
		free(s.command);
	else
		who->command = s.command;
	free(who->container);
	who->container = s.container;
}

bool seen_lives(int proc, pid_t tid, char comm[16])
{
	struct proc_stat st;

	if (proc_stat_read(proc, tid, &st) < 0 || strchr("ZXx", st.state) ||
	    st.flags & TASK_EXITING)
		return false;
	if (comm)
		memcpy(comm, st.comm, strnlen(st.comm, 15) + 1);
	return true;
}
