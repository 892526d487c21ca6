/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: what the user should know, on standard error; none of it is a failure. */
#include "mountpriv.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/ns/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static char *describe(const struct reach *r)
{
	switch (r->who) {
	case REACH_EVERYBODY:
		return xstrdup("every user");
	case REACH_GROUP:
		return xasprintf("every member of group %u", r->gid);
	case REACH_USER:
		return xasprintf("user %u", r->uid);
	case REACH_ROOT:
		break;
	}
	return xstrdup("only root");
}

char *mountpriv_source_note(const struct privmount *m)
{
	const char *src = m->src ? m->src : m->source;
	auto_close int fd = src ? open(src, O_PATH | O_CLOEXEC) : -EBADF;
	auto_reach_way struct reach_way way = { 0 };

	/* The word for the source of a tmpfs is no file, though there may be one of that name. */
	if (fd < 0 || (!m->src && src[0] != '/') || reach_look(fd, &way) < 0)
		return NULL;
	struct reach reach = reach_of(&way);
	auto_free char *who = describe(&reach);
	auto_free char *q = quoted(src);

	if (!m->src)
		return xasprintf("nstool: mountpriv: note: what is in the file system is on %s, "
				 "which %s of the host can reach\n",
				 q, who);
	return xasprintf("nstool: mountpriv: note: a bind does not hide %s itself, which %s of the "
			 "host can reach; --fresh leaves nothing outside\n",
			 q, who);
}

void mountpriv_say(const char *note)
{
	if (note)
		fputs(note, stderr);
}

/* Those inside are not root to what no id of theirs owns. */
static bool can_pass(const struct reach_step *s, const struct idmap maps[ID_NKINDS])
{
	return s->mode & S_IXOTH ||
	       (idmap_has(&maps[ID_USER], s->uid) && idmap_has(&maps[ID_GROUP], s->gid));
}

void mountpriv_note_root(const struct idmap maps[ID_NKINDS])
{
	if (idmap_has(&maps[ID_USER], 0))
		fprintf(stderr, "nstool: mountpriv: note: root inside is root outside to files and "
				"processes; --private-ids gives it ids of its own\n");
}

void mountpriv_note_way(const char *dst, const struct idmap maps[ID_NKINDS])
{
	auto_close int fd = open(dst, O_PATH | O_CLOEXEC);
	auto_reach_way struct reach_way way = { 0 };
	auto_free char *q = quoted(dst);

	if (fd < 0 || reach_look(fd, &way) < 0)
		return;
	for (size_t i = 0; i + 1 < way.steps.n; i++) {
		if (can_pass(&way.steps.v[i], maps))
			continue;
		fprintf(stderr,
			"nstool: mountpriv: note: the ids of the new user namespace may not pass "
			"all directories above %s\n",
			q);
		return;
	}
}
