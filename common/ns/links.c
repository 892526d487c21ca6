/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "links.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/link.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

static int move_failed(int code, const char *name, struct err *e)
{
	auto_free char *q = quoted(name);

	if (code == -ENODEV)
		err_say(e, code, "there is no network interface %s to move", q);
	else
		err_set(e, code, "cannot move the network interface %s", q);
	if (code == -ENODEV)
		err_hint(e, "'ip link' lists those of the caller's network namespace");
	if (code == -EPERM)
		err_hint(e,
			 "this takes CAP_NET_ADMIN in the network namespace that it leaves: run it "
			 "as root, a user namespace does not help");
	if (code == -EINVAL)
		err_hint(e, "some, as lo, a bridge or wireless ones, cannot leave their namespace");
	if (code == -EEXIST)
		err_hint(e, "the new namespace has one of that name already");
	return code;
}

static void links_close(struct links *l)
{
	cleanup_fd(&l->home);
	cleanup_fd(&l->ns);
}

/* This process has no more to do outside: it may go in itself to send them back. */
void links_return(struct links *l)
{
	if (l->moved && setns(l->ns, CLONE_NEWNET) == 0)
		while (l->moved)
			link_move(l->names[--l->moved], l->home);
	l->moved = 0;
	links_close(l);
}

int links_move(struct links *l, int proc, int self, struct err *e)
{
	int r = 0;

	if (!l->n)
		return 0;
	l->home = openat(proc, "self/ns/net", O_RDONLY | O_CLOEXEC);
	l->ns = openat(self, "ns/net", O_RDONLY | O_CLOEXEC);
	if (l->home < 0 || l->ns < 0)
		r = err_set(e, -errno, "cannot open the network namespaces");
	for (; r == 0 && l->moved < l->n; l->moved += r == 0) {
		r = link_move(l->names[l->moved], l->ns);
		if (r < 0)
			move_failed(r, l->names[l->moved], e);
	}
	l->moved += r == -EPROTO;
	if (r < 0)
		links_return(l);
	return r;
}
