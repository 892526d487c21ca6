/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_like.h"

#include "../common/base/fd.h"
#include "../common/base/num.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

void enter_like_imply(struct enter_opts *o)
{
	if (!o->uid.set)
		o->uid = (struct id_arg){ .set = true, .follow = true };
	if (!o->gid.set)
		o->gid = (struct id_arg){ .set = true, .follow = true };
	if (!o->env)
		o->env = "";
	o->clear_env = true;
	if (!o->root && !o->host_tools)
		o->root = "";
	if (!o->wd && !o->wdns)
		o->wd = "";
	o->join_cgroup = true;
	if (!o->arch.set)
		o->arch = (struct arch_arg){ .set = true, .follow = true };
}

int enter_like_forgive(const struct enter_opts *o, int r, struct err *e)
{
	if (r == 0 || o->like != LIKE_BEST_EFFORT)
		return r;
	if (e && e->text)
		fprintf(stderr, "nstool: enter: note: %s\n", e->text);
	err_done(e);
	return 0;
}

static int read_oom(struct enter_like_parts *p, const struct target *t, struct err *e)
{
	auto_str struct str text = { 0 };
	int r = target_read(t, "oom_score_adj", &text, e);
	const char *s = str_text(&text);
	bool minus = *s == '-';
	uint64_t n;

	if (r < 0)
		return r;
	s += minus;
	if (num_prefix(&s, &n) < 0 || n > 1000)
		return err_say(e, -EINVAL, "cannot understand the oom_score_adj of %s", t->label);
	p->oom_score_adj = minus ? -(int)n : (int)n;
	return 0;
}

int enter_like_read(struct enter_like_parts *p, const struct target *t, struct err *e)
{
	auto_str struct str text = { 0 };
	const char *field;
	int r;

	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL, "--like needs a target that is a process");
	r = target_read(t, "status", &text, e);
	if (r == 0 && task_status_parse(str_text(&text), &p->status, &field) < 0)
		r = err_say(e, -EINVAL, "cannot understand '%s' in the status of %s", field,
			    t->label);
	return r == 0 ? read_oom(p, t, e) : r;
}

static int write_oom(const struct enter_like_parts *p, int proc, struct err *e)
{
	auto_close int fd = openat(proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	auto_free char *text = xasprintf("%d", p->oom_score_adj);
	int r = fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));

	if (r == 0)
		return 0;
	err_set(e, r, "cannot take over the oom_score_adj of %d", p->oom_score_adj);
	if (r == -EACCES)
		err_hint(e, "to lower it needs CAP_SYS_RESOURCE");
	return r;
}

static int check_no_new_privs(const struct enter_like_parts *p, struct err *e)
{
	if (p->status.no_new_privs || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 0;
	return err_say(e, -EOPNOTSUPP,
		       "cannot take over no_new_privs: the target lacks it, the caller has it for "
		       "good");
}

/* Before joining, for afterwards the file is another's. The command inherits it. */
int enter_like_before(const struct enter_like_parts *p, const struct enter_opts *o, int proc,
		      struct err *e)
{
	int r = enter_like_forgive(o, check_no_new_privs(p, e), e);

	return r == 0 ? enter_like_forgive(o, write_oom(p, proc, e), e) : r;
}

static bool same_groups(const struct creds *c)
{
	int n = getgroups(0, NULL);
	auto_free gid_t *own = xcalloc((size_t)MAX(n, 0), sizeof(gid_t));

	/* The kernel keeps them sorted, and shows them so. */
	return n >= 0 && (size_t)n == c->ngroups && getgroups(n, own) == n &&
	       (!n || memcmp(own, c->groups, (size_t)n * sizeof(gid_t)) == 0);
}

/*
 * Who may not become anybody else stays who he is, which is no failure if the target is nobody
 * else.
 */
static int keep_ids(const struct enter_opts *o, struct creds *c, struct err *e)
{
	struct caps own = { 0 };
	int r = 0;

	caps_get(&own);
	if (!(own.effective & CAP_BIT(CAP_SETGID))) {
		if (c->gid != getegid() || c->rgid != getgid() || !same_groups(c))
			r = err_say(e, -EPERM,
				    "cannot take over the groups: the caller lacks CAP_SETGID");
		c->set_gid = false;
	}
	r = enter_like_forgive(o, r, e);
	if (r < 0 || own.effective & CAP_BIT(CAP_SETUID))
		return r;
	if (c->uid != geteuid() || c->ruid != getuid())
		r = err_say(e, -EPERM, "cannot become uid %u: the caller lacks CAP_SETUID", c->uid);
	c->set_uid = false;
	c->uid = geteuid();
	c->ruid = getuid();
	return enter_like_forgive(o, r, e);
}

static bool is_pair(const unsigned ids[4])
{
	return ids[1] == ids[2] && ids[1] == ids[3];
}

/*
 * Real and effective ids can be two, as those of who runs a set-user-ID program; an exec makes
 * the others the effective ones. Before Linux 6.16 with no_new_privs it made the real ones the
 * effective ones, and emptied the ambient set.
 */
static int check_ids(const struct enter_opts *o, const struct enter_ids *ids,
		     const struct task_status *s, struct creds *c, struct err *e)
{
	if ((o->uid.follow && !is_pair(ids->uid)) || (o->gid.follow && !is_pair(ids->gid)))
		return err_say(e, -EOPNOTSUPP,
			       "cannot take over the ids: an exec makes the saved and file system "
			       "ones the effective ones");
	if ((s->no_new_privs || s->ambient) && (c->ruid != c->uid || c->rgid != c->gid)) {
		c->set_real = false;
		c->ruid = c->uid;
		c->rgid = c->gid;
		return err_say(e, -EOPNOTSUPP,
			       "cannot take over the ids: real and effective ones differ, and "
			       "%s does not go with that",
			       s->no_new_privs ? "no_new_privs" : "an ambient set");
	}
	return 0;
}

static int choose_ids(const struct enter_opts *o, const struct enter_ids *ids,
		      const struct task_status *s, struct creds *c, struct err *e)
{
	int r;

	c->set_real = true;
	c->ruid = o->uid.follow ? ids->uid[0] : c->uid;
	c->rgid = o->gid.follow ? ids->gid[0] : c->gid;
	c->root_if_mapped = false;
	r = enter_like_forgive(o, check_ids(o, ids, s, c, e), e);
	return r == 0 ? keep_ids(o, c, e) : r;
}

static int choose_sets(struct enter_like_parts *p, const struct enter_opts *o, struct creds *c,
		       struct err *e)
{
	int r = cap_plan_make(&p->status, c->ruid, c->uid, false, &p->sets, e);

	if (r == 0)
		r = cap_plan_check(&p->sets, e);
	if (r < 0 && enter_like_forgive(o, r, e) == 0)
		r = cap_plan_make(&p->status, c->ruid, c->uid, true, &p->sets, e);
	return r;
}

int enter_like_after(struct enter_like_parts *p, const struct enter_opts *o,
		     const struct enter_ids *ids, struct creds *c, struct err *e)
{
	int r = choose_ids(o, ids, &p->status, c, e);

	if (r == 0)
		r = choose_sets(p, o, c, e);
	if (r < 0)
		return r;
	umask(p->status.umask);
	c->sets = &p->sets;
	c->loose = o->like == LIKE_BEST_EFFORT;
	c->no_new_privs |= p->status.no_new_privs;
	return 0;
}
