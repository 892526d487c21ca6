/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "userns.h"

#include "../base/fd.h"
#include "../sys/procfs.h"
#include "idmap_write.h"
#include "outside.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#define PID_TEXT_MAX 16

/* A process in the namespace, and what it needs. */
struct inside {
	int proc;
	int tell; /* a pipe: its pid as /proc numbers it, then a NUL */
	int ns;	  /* what it joins; -EBADF: it makes a new one */
	const struct idmap *maps;
	const struct idmap_plan *plan;
};

static int write_own_maps(const struct inside *in, struct err *e)
{
	auto_close int self = openat(in->proc, "self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = self < 0 ? err_set(e, -errno, "cannot open /proc/self") : 0;

	if (r == 0 && in->plan->write_setgroups)
		r = idmap_write_setgroups(self, in->plan->deny, e);
	for (enum id_kind k = 0; r == 0 && k < ID_NKINDS; k++)
		if (in->plan->writer[k] == WRITER_SELF)
			r = idmap_write(self, k, &in->maps[k], e);
	return r;
}

static int go_inside(void *data, int number, struct err *e)
{
	struct inside *in = data;
	char pid[PID_TEXT_MAX];
	ssize_t n = proc_link(in->proc, "self", pid, sizeof(pid));
	int r = n < 0 ? (int)n : fd_write_all(in->tell, pid, (size_t)n + 1);

	(void)number;
	if (r < 0)
		return err_set(e, r, "cannot read /proc/self");
	if (in->ns >= 0)
		return setns(in->ns, CLONE_NEWUSER) < 0
			       ? err_set(e, -errno, "cannot enter the user namespace")
			       : 0;
	if (unshare(CLONE_NEWUSER) == 0)
		return write_own_maps(in, e);
	r = err_set(e, -errno, "cannot make a new user namespace");
	why_hint(e, in->proc, WHY_UNSHARE, 1U << NS_USER);
	return r;
}

/* Calls LOOK with the process there, whose directory is PID in IN->proc. */
static int with_inside(struct inside *in,
		       int (*look)(const struct inside *in, const char *pid, void *ret,
				   struct err *e),
		       void *ret, struct err *e)
{
	struct outside_job job = { .act = go_inside, .data = in };
	struct outside process = { 0 };
	char pid[PID_TEXT_MAX] = "";
	int ends[2], r;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int hear = ends[0];
	auto_close int tell = ends[1];

	in->tell = tell;
	r = outside_start(&process, &job, e);
	if (r == 0)
		r = outside_ask(&process, 0, e);
	if (r == 0 && read(hear, pid, sizeof(pid) - 1) <= 0)
		r = err_set(e, -errno, "cannot read a pipe");
	if (r == 0)
		r = look(in, pid, ret, e);
	outside_end(&process, false);
	return r;
}

static int write_map(int dir, const char *pid, enum id_kind k, const struct inside *in,
		     struct err *e)
{
	int r;

	if (in->plan->writer[k] == WRITER_HELPER)
		return idmap_write_by_helper(pid, k, &in->maps[k], e);
	if (in->plan->writer[k] != WRITER_ROOT)
		return 0;
	r = idmap_write(dir, k, &in->maps[k], e);
	if (r < 0)
		why_hint(e, in->proc, k == ID_USER ? WHY_UID_MAP : WHY_GID_MAP, 0);
	return r;
}

static int write_and_open(const struct inside *in, const char *pid, void *ret, struct err *e)
{
	auto_close int dir = openat(in->proc, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = dir < 0 ? err_set(e, -errno, "cannot look at the new user namespace") : 0;
	int ns;

	for (enum id_kind k = 0; r == 0 && k < ID_NKINDS; k++)
		r = write_map(dir, pid, k, in, e);
	if (r < 0)
		return r;
	ns = openat(dir, "ns/user", O_RDONLY | O_CLOEXEC);
	if (ns < 0)
		return err_set(e, -errno, "cannot open the new user namespace");
	*(int *)ret = ns;
	return 0;
}

int userns_make(int proc, const struct idmap maps[ID_NKINDS], const struct idmap_plan *plan,
		struct err *e)
{
	struct inside in = { .proc = proc, .ns = -EBADF, .maps = maps, .plan = plan };
	int ns = -EBADF;
	int r = with_inside(&in, write_and_open, &ns, e);

	return r < 0 ? r : ns;
}

static int read_maps(const struct inside *in, const char *pid, void *ret, struct err *e)
{
	static const char *const files[] = { [ID_USER] = "uid_map", [ID_GROUP] = "gid_map" };
	struct idmap *maps = ret;

	for (enum id_kind k = 0; k < ID_NKINDS; k++) {
		auto_free char *path = xasprintf("%s/%s", pid, files[k]);
		auto_str struct str text = { 0 };
		int r = proc_read(in->proc, path, &text);

		if (r < 0)
			return err_set(e, r, "cannot read the maps of the user namespace");
		idmap_read(&maps[k], str_text(&text));
		if (!maps[k].ranges.n)
			return err_say(e, -ENODATA, "the user namespace has no %s map so far",
				       id_names[k]);
	}
	return 0;
}

int userns_maps(int proc, int ns, struct idmap maps[ID_NKINDS], struct err *e)
{
	struct inside in = { .proc = proc, .ns = ns };

	return with_inside(&in, read_maps, maps, e);
}
