/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_creds.h"

#include "../common/base/escape.h"
#include "../common/base/num.h"
#include "../common/base/vec.h"
#include "../common/ns/passwd.h"
#include "../common/sys/procfs.h"

#include <errno.h>

void enter_creds_choose(const struct enter_opts *o, unsigned joined, struct creds *c)
{
	/* There the caller's ids usually mean nobody; its root is the one to be, if it has one. */
	c->root_if_mapped = joined & 1U << NS_USER && !o->preserve_credentials;
	c->set_uid = o->uid.set;
	c->uid = o->uid.id;
	c->set_gid = o->gid.set;
	c->gid = o->gid.id;
	c->keep_caps = o->keep_caps;
	c->drop = o->cap_drop;
	c->no_new_privs = o->no_new_privs;
}

static int look_up(const struct id_arg *id, const char *file, unsigned *ret, struct err *e)
{
	auto_free char *q = NULL;
	int r;

	if (!id->name)
		return 0;
	r = passwd_id(file, id->name, ret);
	q = quoted(id->name);
	if (r == -ENOENT)
		return err_say(e, r, "there is no %s in the %s of the target", q, file);
	return r < 0 ? err_set(e, r, "cannot look up %s in the %s of the target", q, file) : 0;
}

/* "Uid:\t0\t5\t0\t0": real, effective, saved, file system. */
static int read_ids(const char *status, const char *field, unsigned ids[4])
{
	const char *p = proc_field(status, field);
	uint64_t n;

	for (int i = 0; i < 4; i++) {
		if (!p || num_prefix(&p, &n) < 0)
			return -EINVAL;
		ids[i] = (unsigned)n;
		p += strspn(p, "\t ");
	}
	return 0;
}

static size_t read_groups(const char *status, gid_t **ret)
{
	const char *p = proc_field(status, "Groups:");
	VEC(gid_t) groups = { 0 };
	uint64_t n;

	while (p && num_prefix(&p, &n) == 0) {
		vec_push(&groups, (gid_t)n);
		p += strspn(p, " ");
	}
	*ret = groups.v;
	return groups.n;
}

/* procfs numbers ids as the user namespace of who opens the file does: now the target's. */
static int follow(const struct enter_opts *o, const struct target *t, struct enter_ids *ids,
		  struct err *e)
{
	auto_str struct str status = { 0 };
	int r;

	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL, "'follow' needs a target that is a process");
	r = target_read(t, "status", &status, e);
	if (r < 0)
		return r;
	if (read_ids(str_text(&status), "Uid:", ids->uid) < 0 ||
	    read_ids(str_text(&status), "Gid:", ids->gid) < 0)
		return err_say(e, -EINVAL, "cannot understand the ids of %s", t->label);
	if (o->gid.follow)
		ids->ngroups = read_groups(str_text(&status), &ids->groups);
	return 0;
}

int enter_creds_look_up(const struct enter_opts *o, const struct target *t, struct creds *c,
			struct enter_ids *ids, struct err *e)
{
	int r = look_up(&o->uid, "/etc/passwd", &c->uid, e);

	if (r == 0)
		r = look_up(&o->gid, "/etc/group", &c->gid, e);
	if (r == 0 && (o->uid.follow || o->gid.follow))
		r = follow(o, t, ids, e);
	if (r < 0)
		return r;
	if (o->uid.follow)
		c->uid = ids->uid[1];
	if (o->gid.follow)
		c->gid = ids->gid[1];
	c->groups = ids->groups;
	c->ngroups = ids->ngroups;
	return 0;
}
