/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_like.h"

#include "../common/base/fd.h"
#include "../common/base/num.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
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
	if (!o->root)
		o->root = "";
	if (!o->wd && !o->wdns)
		o->wd = "";
	o->join_cgroup = true;
	/* Where there are no labels there is none to take over. */
	if (access("/sys/fs/selinux/enforce", F_OK) == 0 ||
	    access("/sys/kernel/security/apparmor", F_OK) == 0)
		o->follow_context = true;
}

static int read_text(const struct target *t, const char *name, struct str *ret, struct err *e)
{
	char path[PROC_PATH_MAX];
	int r;

	proc_path(path, t->pid, t->tid, name);
	r = proc_read(t->proc, path, ret);
	return r < 0 ? err_set(e, r, "cannot read the %s of %s", name, t->label) : 0;
}

static int read_oom(struct enter_like_parts *p, const struct target *t, struct err *e)
{
	auto_str struct str text = { 0 };
	int r = read_text(t, "oom_score_adj", &text, e);
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

/* An exec makes saved and file system ids the effective ones; the real ones could stay others. */
static int check_ids(const struct task_status *s, struct err *e)
{
	if (s->uid[0] != s->uid[1] || s->gid[0] != s->gid[1])
		return err_say(e, -EOPNOTSUPP,
			       "cannot take over the ids: real and effective ones differ");
	if (!s->no_new_privs && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return err_say(e, -EOPNOTSUPP,
			       "cannot take over no_new_privs: the target lacks it, the caller "
			       "has it for good");
	return 0;
}

int enter_like_read(struct enter_like_parts *p, const struct enter_opts *o, const struct target *t,
		    struct err *e)
{
	auto_str struct str text = { 0 };
	const char *field;
	int r;

	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL, "--like needs a target that is a process");
	r = read_text(t, "status", &text, e);
	if (r == 0 && task_status_parse(str_text(&text), &p->status, &field) < 0)
		r = err_say(e, -EINVAL, "cannot understand '%s' in the status of %s", field,
			    t->label);
	if (r == 0)
		r = read_oom(p, t, e);
	if (r == 0)
		r = target_check(t, e);
	return r < 0 || o->like == LIKE_BEST_EFFORT ? r : check_ids(&p->status, e);
}

/* Before joining, for afterwards the file is another's. The command inherits it. */
int enter_like_before(const struct enter_like_parts *p, const struct enter_opts *o, int proc,
		      struct err *e)
{
	auto_close int fd = openat(proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	auto_free char *text = xasprintf("%d", p->oom_score_adj);
	int r = fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));

	if (r == 0 || o->like == LIKE_BEST_EFFORT)
		return 0;
	err_set(e, r, "cannot take over the oom_score_adj of %d", p->oom_score_adj);
	if (r == -EACCES)
		err_hint(e, "to lower it needs CAP_SYS_RESOURCE");
	return r;
}

/* Who may not become anybody else stays who he is. */
static void keep_ids(struct creds *c)
{
	struct caps own = { 0 };

	caps_get(&own);
	c->root_if_mapped = false;
	c->set_gid &= (own.effective & CAP_BIT(CAP_SETGID)) != 0;
	if (own.effective & CAP_BIT(CAP_SETUID))
		return;
	c->set_uid = false;
	c->uid = geteuid();
}

int enter_like_after(struct enter_like_parts *p, const struct enter_opts *o, struct creds *c,
		     struct err *e)
{
	bool loose = o->like == LIKE_BEST_EFFORT;
	int r;

	if (loose)
		keep_ids(c);
	r = cap_plan_make(&p->status, c->uid == 0, loose, &p->sets, e);

	if (r < 0)
		return r;
	umask(p->status.umask);
	c->sets = &p->sets;
	c->loose = loose;
	c->no_new_privs |= p->status.no_new_privs;
	return 0;
}
