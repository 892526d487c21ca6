/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind_view.h"

#include "../common/ns/discover.h"
#include "../common/sys/procfs.h"

#include <errno.h>

int view_look(struct view *v, bool processes, struct err *e)
{
	int r = proc_open();

	if (r < 0)
		return err_set(e, r, "cannot open /proc");
	v->proc = r;
	r = registry_open(&v->registry, v->proc, e);
	return r < 0 || !processes ? r : discover(&v->graph, v->proc, SOURCE_PROC, e);
}

void view_done(struct view *v)
{
	registry_close(&v->registry);
	graph_done(&v->graph);
	cleanup_fd(&v->proc);
}

/* A damaged set must not hide the others. */
static void pass_over(const struct err *e)
{
	fprintf(stderr, "nstool: bind-ns: note: %s (%s)\n", e->text, e->hint);
}

int view_each(struct view *v, int (*fn)(struct view *, const struct nsset *, void *), void *data,
	      struct err *e)
{
	auto_set_names struct set_names names = { 0 };
	int r = registry_names(&v->registry, &names, e);

	for (size_t i = 0; r == 0 && i < names.names.n; i++) {
		auto_nsset struct nsset set = NSSET_NONE;

		r = registry_load(&v->registry, names.names.v[i], &set, e);
		if (r == -ENOENT || r == -EBADMSG) {
			if (r == -EBADMSG)
				pass_over(e);
			err_done(e);
			r = 0;
		} else if (r == 0) {
			r = fn(v, &set, data);
		}
	}
	return r;
}

void view_add_types(struct str *s, unsigned types)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (types & 1U << t)
			str_join(s, ",", ns_types[t].name);
}
