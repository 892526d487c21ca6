/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include "../base/fd.h"
#include "../base/vec.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

void setup_probe(struct setup_facts *f)
{
	struct caps caps = { 0 };

	caps_get(&caps);
	f->has_admin = caps.effective & CAP_BIT(CAP_SYS_ADMIN);
	f->ids.own[ID_USER] = geteuid();
	f->ids.own[ID_GROUP] = getegid();
	f->ids.can[ID_USER] = caps.effective & CAP_BIT(CAP_SETUID);
	f->ids.can[ID_GROUP] = caps.effective & CAP_BIT(CAP_SETGID);
}

void setup_probe_limits(struct setup_facts *f)
{
	for (unsigned i = 0; i < RLIMIT_NLIMITS; i++) {
		struct rlimit l;

		f->hard[i] = getrlimit(i, &l) == 0 ? l.rlim_max : RLIM_INFINITY;
	}
}

void setup_why(const struct setup_run *run, enum why_call call, struct err *e)
{
	auto_close int fresh = run->proc < 0 ? proc_open() : -EBADF;

	why_hint(e, run->proc < 0 ? fresh : run->proc, call, run->s->types);
}

static int do_steps(struct setup_run *run, size_t from, size_t to, struct err *e)
{
	for (size_t i = from; i < to; i++) {
		int r = setup_step(run, run->plan.steps[i], e);

		if (r < 0)
			return r;
	}
	return 0;
}

static int enter(void *data, struct err *e)
{
	struct setup_run *run = data;

	return do_steps(run, 0, run->plan.ncommand, e);
}

static int prepare(void *data, struct err *e)
{
	struct setup_run *run = data;

	if (run->s->fork)
		outside_forget(&run->binder);
	return do_steps(run, run->plan.ncommand, run->plan.n, e);
}

/* {"type":"net","ns":4026532178,"id":4101}; the id is null where the kernel gives none. */
static int add_namespace(const struct setup_run *run, enum ns_type t, struct str *s)
{
	const struct ns_type_info *type = &ns_types[t];
	auto_free char *path =
		xasprintf("ns/%s", type->for_children ? type->for_children : type->name);
	auto_close int fd = openat(run->self, path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint64_t id;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	str_addf(s, "%s{\"type\":\"%s\",\"ns\":%llu,\"id\":", s->s[s->len - 1] == '[' ? "" : ",",
		 type->name, (unsigned long long)st.st_ino);
	if (nsfs_id(fd, &id) == 0)
		str_addf(s, "%llu}", (unsigned long long)id);
	else
		str_add(s, "null}");
	return 0;
}

static int write_info(const struct setup_run *run, pid_t child, struct err *e)
{
	auto_str struct str s = { 0 };
	int r = 0;

	str_addf(&s, "{\"pid\":%d,\"namespaces\":[", child);
	for (enum ns_type t = 0; r == 0 && t < NS_NTYPES; t++)
		if (run->s->types & (1U << t))
			r = add_namespace(run, t, &s);
	str_add(&s, "]}\n");
	if (r == 0)
		r = fd_write_all(run->s->info_fd, s.s, s.len);
	return r < 0 ? err_set(e, r, "cannot tell descriptor %d what was made", run->s->info_fd)
		     : 0;
}

static int tell_ready(const struct setup_run *run, struct err *e)
{
	int r = fd_write_all(run->s->ready_fd, "\n", 1);

	return r < 0 ? err_set(e, r, "cannot tell descriptor %d", run->s->ready_fd) : 0;
}

/* Who reads to the end need not wait for the command's. */
static void close_reports(const struct setup *s)
{
	if (s->info && s->info_fd > STDERR_FILENO)
		close(s->info_fd);
	if (s->ready && s->ready_fd > STDERR_FILENO && !(s->info && s->info_fd == s->ready_fd))
		close(s->ready_fd);
}

/* The command is there and waits: tell those who want to know. */
static int born(void *data, pid_t child, struct err *e)
{
	struct setup_run *run = data;
	int r = run->binder.pid ? outside_ask(&run->binder, child, e) : 0;

	if (r == 0 && run->s->info)
		r = write_info(run, child, e);
	if (r == 0 && run->s->ready)
		r = tell_ready(run, e);
	if (r == 0)
		close_reports(run->s);
	if (r < 0) /* the child waits for that */
		outside_end(&run->binder, false);
	return r;
}

/* In the child, when nobody lets it go on. */
static int orphaned(void *data)
{
	const struct setup_run *run = data;
	const struct setup_keep *keep = run->s->keep;

	return keep->stands(keep->data, run->tether[1]) ? run->s->main(run->s->main_data)
							: RUN_FAILED;
}

static void runs(void *data)
{
	struct setup_run *run = data;

	outside_end(&run->binder, true);
}

static int instead(void *data)
{
	const struct setup_run *run = data;

	return run->s->main(run->s->main_data);
}

/* The descriptors that report are ours, not the command's, which cannot do without the first three. */
static int check_fd(bool wanted, int fd, struct err *e)
{
	if (wanted && fcntl(fd, F_SETFD, fd > STDERR_FILENO ? FD_CLOEXEC : 0) < 0)
		return err_set(e, -errno, "descriptor %d", fd);
	return 0;
}

static bool needs_proc(const struct setup_run *run)
{
	static const bool by_step[STEP_NSTEPS] = {
		[STEP_OUTSIDE] = true,	 [STEP_SETGROUPS] = true, [STEP_MAP_UID] = true,
		[STEP_MAP_GID] = true,	 [STEP_OFFSETS] = true,	  [STEP_STAGE] = true,
		[STEP_NO_NESTED] = true,
	};

	for (size_t i = 0; i < run->plan.n; i++)
		if (by_step[run->plan.steps[i]])
			return true;
	return run->s->info;
}

/* Opens our own directory in /proc, which may number its processes otherwise than we do. */
static int open_self(struct setup_run *run)
{
	ssize_t n;

	run->proc = proc_open();
	if (run->proc < 0)
		return run->proc;
	n = proc_link(run->proc, "self", run->pid, sizeof(run->pid));
	if (n < 0)
		return (int)n;
	run->self = openat(run->proc, run->pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return run->self < 0 ? -errno : 0;
}

static int start(struct setup_run *run, struct err *e)
{
	int r = check_fd(run->s->info, run->s->info_fd, e);

	if (r == 0)
		r = check_fd(run->s->ready, run->s->ready_fd, e);
	if (r < 0)
		return r;
	run->parent = getppid();
	/* A lone unshare(2) changes nothing that would put /proc out of reach. */
	if (run->plan.n > 1 || run->s->info)
		r = open_self(run);
	if (r == 0 || !needs_proc(run))
		return 0;
	err_set(e, r, "cannot open /proc/self");
	if (r == -ENODEV || r == -ENOENT)
		err_hint(e, "this needs a proc on /proc: 'mount -t proc proc /proc' as root");
	return r;
}

static void run_done(struct setup_run *run)
{
	outside_end(&run->binder, false);
	outside_end(&run->mapper, false);
	cleanup_fd(&run->tether[0]);
	cleanup_fd(&run->tether[1]);
	for (size_t i = 0; i < run->sources.n; i++)
		cleanup_fd(&run->sources.v[i]);
	vec_done(&run->sources);
	cleanup_fd(&run->old_proc);
	cleanup_fd(&run->self);
	cleanup_fd(&run->proc);
}

/* What the command shall die of with us; it may be more than was asked for outright. */
static int tie_of(const struct setup *s)
{
	if (s->kill_child)
		return s->kill_child;
	return s->die_with_parent ? s->die_with_parent : RUN_UNTIED;
}

int setup_command(const struct setup *s, const struct setup_facts *f, struct err *e)
{
	auto_call(run_done) struct setup_run run = {
		.s = s,
		.facts = f,
		.proc = -EBADF,
		.self = -EBADF,
		.old_proc = -EBADF,
		.tether = { -EBADF, -EBADF },
	};
	struct run command = {
		.argv = s->argv,
		.env = s->env,
		.login_shell = s->login_shell,
		.main = s->main && s->init != INIT_YES ? instead : NULL,
		.stay = s->main && s->init == INIT_YES ? instead : NULL,
		.fork = s->fork,
		.detach = s->detach,
		.new_session = s->detach,
		.init = s->init == INIT_YES,
		.tie = tie_of(s),
		.hold_keys = s->hold_keys,
		.creds = s->creds,
		.enter = enter,
		.prepare = prepare,
		.born = born,
		.orphaned = s->keep && s->keep->stands ? orphaned : NULL,
		.runs = runs,
		.data = &run,
	};
	int r = setup_plan(s, f, &run.plan, e);

	if (r == 0)
		r = start(&run, e);
	return r < 0 ? r : run_command(&command, e);
}

void setup_done(struct setup *s)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		idmap_done(&s->maps[k]);
}
