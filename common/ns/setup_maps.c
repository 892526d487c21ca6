/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include "../base/fd.h"
#include "idmap_write.h"

#include "younger.h"

#include <errno.h>
#include <sys/socket.h>

static int map_from_outside(void *data, int number, struct err *e)
{
	struct setup_run *run = data;

	(void)number;
	for (enum id_kind k = 0; k < ID_NKINDS; k++) {
		enum idmap_writer w = run->plan.ids.writer[k];
		int r = 0;

		if (w == WRITER_ROOT)
			r = idmap_write(run->self, k, &run->s->maps[k], e);
		else if (w == WRITER_HELPER)
			r = idmap_write_by_helper(run->pid, k, &run->s->maps[k], e);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_mapped_outside(const struct setup_run *run)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		if (run->plan.ids.writer[k] >= WRITER_ROOT)
			return true;
	return false;
}

/* One end is the binder's alone, so that the other sees when that has ended. */
static int start_binder(struct setup_run *run, const struct outside_job *bind, struct err *e)
{
	const struct setup_keep *keep = run->s->keep;
	int r;

	if (keep && keep->stands) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, run->tether) < 0)
			return err_set(e, -errno, "cannot make a socket");
		*keep->tether = run->tether[0];
	}
	r = outside_start(&run->binder, bind, e);
	cleanup_fd(&run->tether[0]);
	return r;
}

int setup_outside(struct setup_run *run, struct err *e)
{
	struct outside_job map = { .act = map_from_outside, .data = run };
	struct outside_job bind = { .act = persist_make,
				    .undo = persist_undo,
				    .last = persist_last,
				    .data = &run->persist };
	bool persists = run->s->pid_file || run->s->keep || run->s->nlinks;
	bool keeps_mnt = run->s->types & 1U << NS_MNT && (run->s->persist[NS_MNT] || run->s->keep);
	int r = 0;

	run->persist = (struct persist){ .proc = run->proc,
					 .self = run->self,
					 .files = run->s->persist,
					 .create = run->s->create,
					 .keep = run->s->keep,
					 .types = run->s->types,
					 .pid_file = run->s->pid_file,
					 .links = { .names = run->s->links,
						    .n = run->s->nlinks,
						    .home = -EBADF,
						    .ns = -EBADF } };
	run->mnt_id = keeps_mnt ? mntns_own_id(run->proc) : 0;
	for (enum ns_type t = 0; t < NS_NTYPES; t++)
		persists |= run->s->persist[t] != NULL;
	if (!run->s->stage && is_mapped_outside(run))
		r = outside_start(&run->mapper, &map, e);
	if (r == 0 && persists)
		r = start_binder(run, &bind, e);
	return r;
}

int setup_write_setgroups(struct setup_run *run, struct err *e)
{
	int r = idmap_write_setgroups(run->self, run->plan.ids.deny, e);

	if (r < 0)
		setup_why(run, WHY_SETGROUPS, e);
	return r;
}

/* The process outside writes both maps when it is asked for the first of them. */
static int write_map(struct setup_run *run, enum id_kind kind, struct err *e)
{
	int r;

	if (run->plan.ids.writer[kind] == WRITER_SELF)
		r = idmap_write(run->self, kind, &run->s->maps[kind], e);
	else if (run->mapper.pid)
		r = outside_ask(&run->mapper, 0, e);
	else
		return 0;
	if (r == 0 && run->plan.ids.writer[kind] != WRITER_SELF)
		outside_end(&run->mapper, true);
	if (r < 0 && run->plan.ids.writer[kind] != WRITER_HELPER) /* newuidmap knows best why */
		setup_why(run, kind == ID_USER ? WHY_UID_MAP : WHY_GID_MAP, e);
	return r;
}

int setup_map_uid(struct setup_run *run, struct err *e)
{
	return write_map(run, ID_USER, e);
}

int setup_map_gid(struct setup_run *run, struct err *e)
{
	return write_map(run, ID_GROUP, e);
}
