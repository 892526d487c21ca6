/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keepset.h"

#include "../base/fd.h"
#include "../sys/fds.h"
#include "../sys/procfs.h"
#include "holder.h"

#include <errno.h>
#include <unistd.h>

static int with_registry(struct keepset *k,
			 int (*act)(const struct registry *, struct keepset *, struct err *),
			 struct err *e)
{
	auto_registry struct registry r = REGISTRY_NONE;
	auto_close int proc = proc_open();
	int rc = proc < 0 ? err_set(e, proc, "cannot open /proc") : registry_lock(&r, proc, e);

	return rc < 0 ? rc : act(&r, k, e);
}

static int create(const struct registry *r, struct keepset *k, struct err *e)
{
	return registry_create(r, &k->wish, e);
}

static int take_back(const struct registry *r, struct keepset *k, struct err *e)
{
	return registry_remove(r, k->wish.name, e);
}

static int keep(void *data, const int ns[NS_NTYPES], pid_t first, struct err *e)
{
	struct keepset *k = data;

	memcpy(k->wish.ns, ns, sizeof(k->wish.ns));
	k->wish.init = k->title ? first : 0;
	return with_registry(k, create, e);
}

static void undo(void *data)
{
	with_registry(data, take_back, NULL);
}

static int init_main(void *data)
{
	const struct keepset *k = data;

	if (!k->title)
		return 0;
	process_settle("nstool", k->title);
	fds_close(0);
	for (;;)
		pause();
}

void keepset_add(struct keepset *k, struct setup *s, bool alone)
{
	k->keep = (struct setup_keep){ .keep = keep, .undo = undo, .data = k };
	s->keep = &k->keep;
	s->fork = true;
	if (alone)
		s->init = INIT_NO; /* init_main() is the first process itself */
	if (s->types & 1U << NS_PID && (alone || s->init == INIT_YES))
		k->title = xasprintf("nstool: init of @%s", k->wish.name);
	if (!alone && !k->title)
		return;
	s->main = init_main;
	s->main_data = k;
	s->detach |= alone && k->title;
}

void keepset_done(struct keepset *k)
{
	free(k->title);
	k->title = NULL;
}
