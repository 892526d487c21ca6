/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry_set.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "../sys/pty.h"
#include "holder.h"
#include "keeper.h"
#include "procbirth.h"
#include "publish.h"
#include "registry_tidy.h"
#include "setplace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A set on its way. */
struct making {
	const struct registry *r;
	const struct nsset_wish *wish;
	struct setinfo info;
	char staging[SET_ASIDE]; /* its name for now; empty: there is none */
	int dir;		 /* that directory */
};

/* --- what stands in the way */

static bool has_name(const struct registry *r, const char *name)
{
	struct stat st;

	return fstatat(r->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int in_use(const char *name, struct err *e)
{
	err_say(e, -EBUSY, "the name '%s' is in use", name);
	err_hint(e, "'nstool bind-ns --remove %s' frees it; bind-ns --replace takes it over", name);
	return -EBUSY;
}

/* Whether all that INFO tells of is in OTHER as well. */
static bool is_part_of(const struct setinfo *info, const struct setinfo *other)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (info->ns[t].ino && info->ns[t].ino != other->ns[t].ino)
			return false;
	return true;
}

static int check_aliases(const struct making *m, struct err *e)
{
	auto_set_names struct set_names names = { 0 };
	int rc = registry_names(m->r, &names, e);

	for (size_t i = 0; rc == 0 && i < names.names.n; i++) {
		auto_nsset struct nsset other = NSSET_NONE;
		const char *name = names.names.v[i];

		if (m->wish->replace && str_is(name, m->wish->name))
			continue;
		if (registry_load(m->r, name, &other, NULL) < 0 || other.missing ||
		    !is_part_of(&m->info, &other.info))
			continue;
		rc = err_say(e, -EACCES, "these namespaces are bound already, as '%s'", name);
		err_hint(e, "--alias gives them another name");
	}
	return rc;
}

static int is_empty(const struct making *m, struct err *e)
{
	err_say(e, -EINVAL, "a set without a namespace cannot be");
	if (m->wish->like)
		err_hint(e, "'nstool bind-ns --remove %s' removes the set", m->wish->name);
	return -EINVAL;
}

static int check(const struct making *m, struct err *e)
{
	int rc = set_name_check(m->wish->name, e);

	if (rc < 0)
		return rc;
	if (!setinfo_types(&m->info))
		return is_empty(m, e);
	if (!m->wish->replace && has_name(m->r, m->wish->name))
		return in_use(m->wish->name, e);
	if (m->wish->netns && !m->info.ns[NS_NET].ino)
		return err_say(e, -EINVAL, "the set has no network namespace to publish");
	return m->wish->alias ? 0 : check_aliases(m, e);
}

/* --- what is written down */

/* Who logged in, whoever he has become since (sudo(8)); our own user if nobody did. */
static uid_t maker(int proc)
{
	auto_str struct str text = { 0 };
	const char *p;
	uint64_t uid;

	if (proc_read(proc, "self/loginuid", &text) < 0)
		return getuid();
	p = str_text(&text);
	return num_prefix(&p, &uid) == 0 && uid < UINT32_MAX ? (uid_t)uid : getuid();
}

/* Returns 0, or -ESRCH with a sentence if the init has died meanwhile. */
static int note_origin(struct making *m, struct err *e)
{
	const struct setinfo *like = m->wish->like;
	struct setinfo *info = &m->info;
	struct timespec now;

	setplace_note(m->r->proc, info);
	if (like) {
		info->created = like->created;
		info->uid = like->uid;
		/* What belongs to a namespace that the set does not have any more ends. */
		if (info->ns[NS_PID].ino == like->ns[NS_PID].ino)
			info->init = like->init;
		if (info->ns[NS_NET].ino == like->ns[NS_NET].ino && like->netns)
			info->netns = xstrdup(like->netns);
		return 0;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	info->created = (uint64_t)now.tv_sec;
	info->uid = maker(m->r->proc);
	if (m->wish->init && procbirth_of(m->r->proc, m->wish->init, &info->init) < 0)
		return err_say(e, -ESRCH, "the first process of the pid namespace has ended");
	return 0;
}

static int note_namespaces(struct making *m, struct err *e)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		int fd = m->wish->ns[t];

		if (fd < 0)
			continue;
		if (ns_type_from_clone(nsfs_type(fd)) != (int)t)
			return err_say(e, -EINVAL, "what shall be bound is not a %s namespace",
				       ns_types[t].name);
		m->info.ns[t].ino = fd_inode(fd);
		nsfs_id(fd, &m->info.ns[t].id);
	}
	return 0;
}

/* --- the steps */

static int make_staging(struct making *m, struct err *e)
{
	const struct registry *r = m->r;
	mode_t mode = r->of_root ? 0755 : 0700;
	int rc;

	for (int i = 0;; i++) {
		snprintf(m->staging, sizeof(m->staging), STAGING_NEW "%d", i);
		if (mkdirat(r->dir, m->staging, mode) == 0)
			break;
		rc = -errno;
		if (rc == -EEXIST && i < 9999)
			continue;
		m->staging[0] = '\0';
		return err_set(e, rc, "cannot make a directory in %s", r->path);
	}
	m->dir = openat(r->dir, m->staging, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return m->dir < 0 ? err_set(e, -errno, "cannot open a directory in %s", r->path) : 0;
}

static int write_info(const struct making *m, struct err *e)
{
	auto_str struct str text = { 0 };
	auto_close int fd =
		openat(m->dir, "info.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int rc = fd < 0 ? -errno : 0;

	setinfo_write(&m->info, &text);
	if (rc == 0)
		rc = fd_write_all(fd, text.s, text.len);
	if (rc == 0 && renameat(m->dir, "info.new", m->dir, "info") < 0)
		rc = -errno;
	return rc < 0 ? err_set(e, rc, "cannot write down the set '%s'", m->wish->name) : 0;
}

static int bind_failed(enum ns_type type, int code, struct err *e)
{
	err_set(e, code, "cannot bind the %s namespace", ns_types[type].name);
	if (type == NS_MNT && code == -EINVAL)
		err_hint(e, "a mount namespace can be bound only in one that is older than it: not "
			    "in itself, nor in one that was made after it or by it; try from the "
			    "host, or --holder");
	if (code == -ENOSPC)
		err_hint(e, "this mount namespace has as many mounts as the sysctl fs.mount-max "
			    "allows: raise it, or have a process hold the set (--holder)");
	return code;
}

static int bind_one(const struct making *m, enum ns_type type, struct err *e)
{
	auto_free char *source = xasprintf("/proc/self/fd/%d", m->wish->ns[type]);
	auto_free char *target = xasprintf("/proc/self/fd/%d/%s", m->dir, ns_types[type].name);
	auto_close int fd =
		openat(m->dir, ns_types[type].name, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (fd < 0 || mount(source, target, NULL, MS_BIND, NULL) < 0)
		return bind_failed(type, -errno, e);
	return 0;
}

static int bind_all(const struct making *m, struct err *e)
{
	int rc = 0;

	for (enum ns_type t = 0; rc == 0 && t < NS_NTYPES; t++)
		if (m->info.ns[t].ino)
			rc = bind_one(m, t, e);
	return rc;
}

static int hold_all(struct making *m, struct err *e)
{
	return holder_start(m->r, m->dir, m->wish, &m->info.holder, e);
}

/* Whether the name in /run/netns is that of the set which is to be replaced. */
static bool is_of_replaced(const struct making *m)
{
	auto_setinfo struct setinfo old = { 0 };

	return m->wish->replace && registry_info(m->r, m->wish->name, &old) == 0 && old.netns &&
	       str_is(old.netns, m->wish->name);
}

static int cannot_publish(const struct making *m, int code, struct err *e)
{
	if (code != -EBUSY || !is_of_replaced(m))
		return code;
	err_say(e, code, "the set that is to be replaced has the name '%s' in 'ip netns'",
		m->wish->name);
	err_hint(e, "'nstool bind-ns --remove %s' frees it", m->wish->name);
	return code;
}

/* The name in /run/netns is written down first: whoever cleans up after us knows of it. */
static int publish(struct making *m, struct err *e)
{
	bool exists = true;
	int rc = publish_find(m->wish->name, m->info.ns[NS_NET].ino, &exists, e);

	if (rc < 0)
		return cannot_publish(m, rc, e);
	if (exists)
		return 0;
	m->info.netns = xstrdup(m->wish->name);
	rc = write_info(m, e);
	if (rc == 0)
		rc = publish_netns(m->wish->name, m->wish->ns[NS_NET], e);
	if (rc == -EEXIST) { /* somebody has been faster: it is not ours to take back */
		free(take_ptr(&m->info.netns));
		write_info(m, NULL);
	}
	return rc;
}

static int tell_tether(const struct making *m, struct err *e)
{
	int rc = fd_send(m->wish->tether, m->r->dir);

	if (rc == 0)
		rc = fd_send(m->wish->tether, m->dir);
	return rc < 0 ? err_set(e, rc, "cannot tell the init of the set '%s'", m->wish->name) : 0;
}

static int give_name(struct making *m, struct err *e)
{
	const struct registry *r = m->r;
	bool exchange = m->wish->replace && has_name(r, m->wish->name);

	if (renameat2(r->dir, m->staging, r->dir, m->wish->name,
		      exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE) < 0)
		return errno == EEXIST ? in_use(m->wish->name, e)
				       : err_set(e, -errno, "cannot give the set its name '%s'",
						 m->wish->name);
	if (m->wish->aside)
		snprintf(m->wish->aside, SET_ASIDE, "%s", exchange ? m->staging : "");
	else if (exchange)
		registry_destroy(r, m->staging, NULL, NULL);
	m->staging[0] = '\0';
	return 0;
}

static int make(struct making *m, struct err *e)
{
	bool holder = m->wish->holder || !m->r->mounts;
	int rc = make_staging(m, e);

	if (rc == 0)
		rc = note_origin(m, e);
	if (rc == 0)
		rc = write_info(m, e);
	if (rc == 0)
		rc = holder ? hold_all(m, e) : bind_all(m, e);
	if (rc == 0 && holder)
		rc = write_info(m, e);
	if (rc == 0 && m->wish->netns)
		rc = publish(m, e);
	if (rc == 0 && m->wish->tether)
		rc = tell_tether(m, e);
	return rc < 0 ? rc : give_name(m, e);
}

static void making_done(struct making *m)
{
	cleanup_fd(&m->dir);
	setinfo_done(&m->info);
}

int registry_create(const struct registry *r, const struct nsset_wish *wish, struct err *e)
{
	auto_call(making_done) struct making m = { .r = r, .wish = wish, .dir = -EBADF };
	int rc = note_namespaces(&m, e);

	if (rc == 0)
		rc = check(&m, e);
	if (rc == 0)
		rc = make(&m, e);
	if (rc < 0 && m.staging[0])
		registry_destroy(r, m.staging, NULL, NULL);
	return rc;
}

void registry_forget(const struct registry *r, const char *aside)
{
	registry_destroy(r, aside, NULL, NULL);
}

void registry_put_back(const struct registry *r, const char *aside, const char *name)
{
	if (renameat2(r->dir, aside, r->dir, name, RENAME_EXCHANGE) == 0)
		registry_destroy(r, aside, NULL, NULL);
}

static int rename_set(const struct registry *r, const char *from, const char *to, struct err *e)
{
	if (renameat2(r->dir, from, r->dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EEXIST)
		return err_set(e, -errno, "cannot rename the set '%s'", from);
	err_say(e, -EBUSY, "the name '%s' is in use", to);
	err_hint(e, "'nstool bind-ns --remove %s' frees it", to);
	return -EBUSY;
}

int registry_rename(const struct registry *r, const char *from, const char *to, struct err *e)
{
	auto_nsset struct nsset set = NSSET_NONE;
	bool kept;
	int rc = set_name_check(to, e);

	if (rc == 0)
		rc = registry_load(r, from, &set, e);
	if (rc < 0)
		return rc;
	kept = set.info.holder.pid || set.info.init.pid;
	if (kept)
		rc = registry_tell_later(r, to, e);
	if (rc == 0)
		rc = rename_set(r, from, to, e);
	if (kept)
		registry_tell(r, to);
	return rc;
}

/* Whether something of SET is mounted. */
static bool is_bound(const struct nsset *set)
{
	return !set->info.holder.pid && set->missing != setinfo_types(&set->info);
}

/* Said before anything is taken apart. */
static int not_unbound(const char *name, struct err *e)
{
	err_set(e, -EPERM, "cannot unbind the namespaces of the set '%s'", name);
	err_hint(e,
		 "this takes CAP_SYS_ADMIN in the user namespace that owns this mount namespace: "
		 "run nstool as root");
	return -EPERM;
}

/* Gives set NAME the first free name of those that are taken apart. */
static int put_aside(const struct registry *r, const char *name, char staging[static SET_ASIDE],
		     struct err *e)
{
	for (int i = 0; i < 10000; i++) {
		snprintf(staging, SET_ASIDE, STAGING_OLD "%d", i);
		if (renameat2(r->dir, name, r->dir, staging, RENAME_NOREPLACE) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return err_set(e, -errno, "cannot remove the set '%s'", name);
}

int registry_remove(const struct registry *r, const char *name, struct err *e)
{
	auto_nsset struct nsset set = NSSET_NONE;
	bool begun = false;
	char staging[SET_ASIDE];
	int rc = set_name_check(name, e);

	if (rc < 0)
		return rc;
	/* A set that cannot be read can be removed all the same. */
	rc = registry_load(r, name, &set, e);
	if (rc < 0 && rc != -EBADMSG && rc != -EPERM)
		return rc;
	if (rc < 0 && e)
		err_done(e);
	if (rc == 0 && is_bound(&set) && !r->mounts)
		return not_unbound(name, e);
	rc = put_aside(r, name, staging, e);
	if (rc < 0)
		return rc;
	rc = registry_destroy(r, staging, &begun, e);
	if (rc < 0)
		err_wrap(e, "cannot remove the set '%s'", name);
	if (rc < 0 && begun)
		err_hint(e, "it has no name any more; what is left of it goes with the next "
			    "command that makes or removes a set");
	else if (rc < 0)
		renameat2(r->dir, staging, r->dir, name, RENAME_NOREPLACE);
	return rc;
}
