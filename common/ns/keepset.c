/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keepset.h"

#include "../base/fd.h"
#include "../sys/fds.h"
#include "../sys/procfs.h"
#include "../sys/pty.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>

static int with_registry(struct keepset *k,
			 int (*act)(const struct registry *, struct keepset *, struct err *),
			 struct err *e)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_close int proc = proc_open();
	int rc = proc < 0 ? err_set(e, proc, "cannot open /proc") : registry_lock(&r, proc, e);

	return rc < 0 ? rc : act(&r, k, e);
}

/* The name is ours as long as the lock is. */
static int create(const struct registry *r, struct keepset *k, struct err *e)
{
	int rc = registry_create(r, &k->wish, e);

	if (rc == 0)
		k->made = openat(r->dir, k->wish.name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return rc;
}

/* What is called like ours may be another's by now, and ours be called otherwise. */
static int take_back(const struct registry *r, struct keepset *k, struct err *e)
{
	auto_free char *name = registry_name_of(r->dir, k->made);

	return name ? registry_remove(r, name, e) : 0;
}

static int keep(void *data, const int ns[NS_NTYPES], pid_t first, struct err *e)
{
	struct keepset *k = data;

	memcpy(k->wish.ns, ns, sizeof(k->wish.ns));
	k->wish.init = k->init ? first : 0;
	return with_registry(k, create, e);
}

static void undo(void *data)
{
	struct keepset *k = data;

	if (k->made >= 0)
		with_registry(k, take_back, NULL);
	cleanup_fd(&k->made);
}

/* The last thing to be received is that nobody is left to send: all that could happen has. */
static bool stands(void *data, int tether)
{
	auto_close int sets = fd_receive(tether);
	auto_close int set = sets < 0 ? -EBADF : fd_receive(tether);
	auto_free char *name = set < 0 ? NULL : registry_name_of(sets, set);
	int end = fd_receive(tether);

	cleanup_fd(&end);
	(void)data;
	return name;
}

static int init_main(void *data)
{
	const struct keepset *k = data;
	struct keeper keeper;

	if (!k->init)
		return 0;
	keeper_settle(&keeper, "init of", k->wish.name);
	fds_close(0);
	keeper_stay(&keeper);
}

void keepset_add(struct keepset *k, struct setup *s, bool alone)
{
	k->made = -EBADF;
	k->keep = (struct setup_keep){
		.keep = keep, .undo = undo, .data = k, .tether = &k->wish.tether
	};
	s->keep = &k->keep;
	s->fork = true;
	if (alone)
		s->init = INIT_NO; /* init_main() is the first process itself */
	k->init = s->types & 1U << NS_PID && (alone || s->init == INIT_YES);
	if (!alone && !k->init)
		return;
	s->main = init_main;
	s->main_data = k;
	s->detach |= alone && k->init;
	if (k->init)
		k->keep.stands = stands;
}
