/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: a command in a new user namespace that has a mount of its own. */
#include "mountpriv.h"

#include "../common/base/str.h"
#include "../common/ns/privmount.h"

#include <errno.h>
#include <linux/mount.h>

static int mount_it(void *data, int userns, struct err *e)
{
	(void)userns;
	return privmount_bind(data, e);
}

static bool is_mapped(const struct idmap *m, uint32_t outer)
{
	for (size_t i = 0; i < m->ranges.n; i++)
		if (outer - m->ranges.v[i].outer < m->ranges.v[i].count)
			return true;
	return false;
}

/* SRC and DST, then the command, perhaps behind "--". */
static int take_paths(char ***argv, struct privmount *m, struct err *e)
{
	if (!(*argv)[0] || !(*argv)[1])
		return err_say(e, -EINVAL, "SRC and DST are missing");
	m->src = (*argv)[0];
	m->dst = (*argv)[1];
	*argv += 2;
	if (*argv[0] && str_is(*argv[0], "--"))
		++*argv;
	return 0;
}

int mountpriv_run(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	struct privmount m = { .recursive = o->recursive,
			       .flags = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV };
	struct setup_stage stage = { mount_it, &m };
	auto_call(setup_done) struct setup s = { 0 };
	struct setup_facts f = { 0 };
	int r = take_paths(&argv, &m, e);

	(void)ctx;
	setup_probe(&f);
	if (r == 0)
		r = unshare_wish_maps(&o->ids, &f, &s, e);
	if (r < 0)
		return r;
	s.types = 1U << NS_USER | 1U << NS_MNT;
	s.stage = &stage;
	s.argv = argv;
	s.creds.root_if_mapped = !is_mapped(&s.maps[ID_USER], f.ids.own[ID_USER]);
	return setup_command(&s, &f, e);
}
