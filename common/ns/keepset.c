/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keepset.h"

#include "../base/fd.h"
#include "../sys/fds.h"
#include "../sys/procfs.h"
#include "../sys/pty.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>

static int lock(struct registry *r, int *proc, struct err *e)
{
	*proc = proc_open();
	return *proc < 0 ? err_set(e, *proc, "cannot open /proc") : registry_lock(r, *proc, e);
}

/* The name is ours as long as the lock is. */
static int create(struct keepset *k, struct err *e)
{
	int rc = registry_create(&k->registry, &k->wish, e);

	if (rc == 0)
		k->made = openat(k->registry.dir, k->wish.name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return rc;
}

static void let_go(struct keepset *k)
{
	registry_close(&k->registry);
	cleanup_fd(&k->proc);
}

/* What has been replaced can be put back: until it is settled, nobody else comes in between. */
static int keep(void *data, const int ns[NS_NTYPES], pid_t first, struct err *e)
{
	struct keepset *k = data;
	int rc;

	memcpy(k->wish.ns, ns, sizeof(k->wish.ns));
	k->wish.init = k->init ? first : 0;
	k->wish.aside = k->replaced;
	rc = lock(&k->registry, &k->proc, e);
	if (rc == 0)
		rc = create(k, e);
	if (rc < 0 || !k->replaced[0])
		let_go(k);
	return rc;
}

/* What is called like ours may be another's by now, and ours be called otherwise. */
static void take_back(const struct keepset *k)
{
	auto_close int proc = -EBADF;
	auto_registry struct registry r = REGISTRY_NONE;
	auto_free char *name = NULL;

	if (lock(&r, &proc, NULL) < 0)
		return;
	name = registry_name_of(r.dir, k->made);
	if (name)
		registry_remove(&r, name, NULL);
}

static void undo(void *data)
{
	struct keepset *k = data;

	if (k->replaced[0])
		registry_put_back(&k->registry, k->replaced, k->wish.name);
	else if (k->made >= 0)
		take_back(k);
	let_go(k);
	cleanup_fd(&k->made);
}

static void last(void *data)
{
	struct keepset *k = data;

	if (k->replaced[0])
		registry_forget(&k->registry, k->replaced);
	let_go(k);
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
	k->made = k->proc = -EBADF;
	k->registry = (struct registry)REGISTRY_NONE;
	k->keep = (struct setup_keep){
		.keep = keep, .undo = undo, .last = last, .data = k, .tether = &k->wish.tether
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
