/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch: namespaces as they come and go, and who enters them. */
#include "../common/base/fd.h"
#include "../common/cli/kinds.h"
#include "../common/cli/viewkinds.h"
#include "../common/ns/resolve.h"
#include "../common/ns/supervise.h"
#include "../common/ns/watcher.h"
#include "../common/out/eventview.h"
#include "../common/out/flush.h"
#include "../common/out/header.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

struct watch_opts {
	bool json, all, noheadings, show_columns, poll, initial;
	const char *columns, *filter;
	unsigned types, events;
	uint32_t count;
	uint64_t timeout, interval; /* ns; 0: not given */
	struct fd_arg ready;
};

#define SECOND UINT64_C(1000000000)

/* What is told without being asked for, and besides if references are given. */
#define USUAL  (1U << EVENT_NEW | 1U << EVENT_JOIN | 1U << EVENT_EMPTY | 1U << EVENT_GONE)
#define ALWAYS (1U << EVENT_LOST)
#define NAMED  (1U << EVENT_LEAVE)
#define ALL    (USUAL | NAMED | 1U << EVENT_FORK | 1U << EVENT_EXIT)

/* What the references name. Nothing of it is kept open: that would keep it alive. */
struct named {
	bool any;	   /* there are references */
	VEC(ino_t) ns;	   /* namespaces, until they are gone */
	VEC(ino_t) owners; /* user namespaces that stand for all that they own */
	VEC(pid_t) pids;
};

struct watch {
	const struct watch_opts *opts;
	struct named named;
	struct eventview view;
	struct err *e;
	uint64_t told; /* events */
	bool ended;    /* no more is to be told */
	int r;	       /* why not; 0: all were told */
};

static void watch_done(struct watch *w)
{
	vec_done(&w->named.ns);
	vec_done(&w->named.owners);
	vec_done(&w->named.pids);
	eventview_done(&w->view);
}

static bool has(const ino_t *v, size_t n, ino_t ino)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == ino)
			return true;
	return false;
}

/* A user namespace that is named alone stands for what it owns as well. */
static int name_ref(struct watch *w, int proc, const char *text, struct err *e)
{
	auto_resolver struct resolver resolver = { .proc = proc };
	auto_target struct target t = TARGET_NONE;
	int r = resolve(&resolver, text, &t, e);

	for (enum ns_type type = 0; r == 0 && type < NS_NTYPES; type++) {
		int fd = target_ns(&t, type, e);

		if (fd == -ENOENT) {
			err_done(e);
			continue;
		}
		r = MIN(fd, 0);
		if (r < 0)
			break;
		vec_push(&w->named.ns, fd_inode(fd));
		if (t.kind == TARGET_NAMESPACES && t.types == 1U << NS_USER)
			vec_push(&w->named.owners, fd_inode(fd));
	}
	if (r == 0 && t.kind == TARGET_PROCESS)
		vec_push(&w->named.pids, t.pid);
	return r;
}

/* Adds the user namespaces that stand below those in OWNERS in the snapshot G. */
static void name_owned(struct named *named, const struct graph *g)
{
	for (size_t before = 0; named->owners.n != before;) {
		before = named->owners.n;
		for (size_t i = 0; i < g->ns.n; i++) {
			const struct ns *n = &g->ns.v[i];

			if (n->type == NS_USER && n->owner != GRAPH_NONE &&
			    has(named->owners.v, named->owners.n, g->ns.v[n->owner].ino) &&
			    !has(named->owners.v, named->owners.n, n->ino))
				vec_push(&named->owners, n->ino);
		}
	}
}

static bool is_named(struct named *named, const struct event *e)
{
	bool owned = e->owner && has(named->owners.v, named->owners.n, e->owner);

	if (!named->any)
		return true;
	if (owned && e->type == NS_USER && e->kind == EVENT_NEW)
		vec_push(&named->owners, e->ino);
	if (owned || has(named->ns.v, named->ns.n, e->ino))
		return true;
	for (size_t i = 0; i < named->pids.n; i++)
		if (e->who && e->who->pid == named->pids.v[i])
			return e->kind != EVENT_FORK;
	return false;
}

/* Takes out a namespace whose number may come to mean another one. */
static void forget(struct named *named, ino_t ino)
{
	for (size_t i = 0; i < named->ns.n; i++)
		if (named->ns.v[i] == ino)
			named->ns.v[i--] = named->ns.v[--named->ns.n];
}

static bool is_wanted(struct watch *w, const struct event *e)
{
	if (e->kind == EVENT_LOST)
		return true;
	return is_named(&w->named, e) && (!w->opts->types || w->opts->types & 1U << e->type) &&
	       eventview_passes(&w->view, e);
}

static void tell(void *data, const struct event *e)
{
	struct watch *w = data;

	if (w->ended)
		return;
	if (is_wanted(w, e)) {
		w->r = eventview_write(&w->view, e, w->e);
		w->told += e->kind != EVENT_LOST && e->kind != EVENT_IS;
	}
	if (e->kind == EVENT_GONE)
		forget(&w->named, e->ino);
	w->ended = w->r < 0 || (w->opts->count && w->told >= w->opts->count) ||
		   (w->named.any && !w->named.ns.n);
}

static unsigned wanted(const struct watch_opts *o, bool named)
{
	unsigned events = o->events ? o->events : USUAL | (named ? NAMED : 0) | (o->all ? ALL : 0);

	/* What is named is to be known to be gone. */
	return events | ALWAYS | (named ? 1U << EVENT_GONE : 0) | (o->initial ? 1U << EVENT_IS : 0);
}

static void note_refusal(const struct watcher *watcher)
{
	const char *why = watcher->refused == -EXDEV ? "/proc is that of another pid namespace"
						     : strerror(-watcher->refused);

	fprintf(stderr,
		"nstool: watch: note: the kernel cannot be listened to (%s): namespaces are looked "
		"at every "
		"%g s, what comes and goes in between is not seen\n",
		why, (double)watcher->interval / (double)SECOND);
	if (watcher->refused == -EACCES || watcher->refused == -EPERM)
		fputs("hint: listening takes CAP_PERFMON, or kernel.perf_event_paranoid below 1\n",
		      stderr);
	if (watcher->refused == -EXDEV)
		fputs("hint: mount a proc of this pid namespace: mount -t proc proc /proc\n",
		      stderr);
}

/* Says how it is watched if that is not as well as can be, and that now it is. */
static int begin(struct watch *w, const struct watcher *watcher, struct err *e)
{
	int fd = w->opts->ready.fd, r;

	if (watcher->refused)
		note_refusal(watcher);
	header_note(stderr, &watcher->graph);
	if (!w->opts->ready.set)
		return 0;
	r = fd_write_all(fd, "\n", 1);
	if (r < 0)
		return err_set(e, r, "cannot tell descriptor %d", fd);
	close(fd);
	return 0;
}

/* Nobody reads what we write: as if we had written, which tells by a signal unless it is ignored. */
static int hung_up(struct err *e)
{
	struct sigaction on_pipe;

	if (sigaction(SIGPIPE, NULL, &on_pipe) < 0 || on_pipe.sa_handler == SIG_IGN)
		return err_set(e, -EPIPE, "cannot write the output");
	return SUPERVISE_SIGNAL + SIGPIPE;
}

static int timed_out(const struct watch *w, struct err *e)
{
	if (!w->opts->count)
		return 0;
	return err_say(e, -ETIMEDOUT, "%lu of %u events came in time", w->told, w->opts->count);
}

static int watch(struct watch *w, struct watcher *watcher, struct err *e)
{
	uint64_t until = w->opts->timeout ? watcher_now() + w->opts->timeout : UINT64_MAX;
	int r = watcher_open(watcher, e);

	if (r < 0)
		return r;
	name_owned(&w->named, &watcher->graph);
	r = begin(w, watcher, e);
	while (r == 0 && !w->ended) {
		if (watcher_now() >= until)
			return timed_out(w, e);
		r = watcher_step(watcher, until, fileno(w->view.out), e);
	}
	if (r == -EPIPE)
		return hung_up(e);
	return r < 0 ? r : w->r;
}

static int show_columns(FILE *out, struct err *e)
{
	for (size_t i = 0; i < neventcolumns; i++)
		fprintf(out, "%-9s  %s\n", eventcolumns[i].name, eventcolumns[i].help);
	return out_flush(out, e);
}

static int watch_run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct watch_opts *o = opts;
	auto_call(watch_done) struct watch w = { .opts = o, .e = e, .named = { .any = argc > 0 } };
	auto_close int proc = -EBADF;
	auto_watcher struct watcher watcher = { .looks = o->poll,
						.interval = o->interval ? o->interval : SECOND,
						.wanted = wanted(o, argc > 0),
						.tell = tell,
						.data = &w };
	int r;

	if (o->show_columns)
		return show_columns(ctx->out, e);
	if (o->ready.set && fcntl(o->ready.fd, F_SETFD, FD_CLOEXEC) < 0)
		return err_set(e, -errno, "descriptor %d", o->ready.fd);
	r = eventview_init(&w.view, ctx->out, o->json, o->columns, o->filter, e);
	proc = r == 0 ? proc_open() : -EBADF;
	if (r == 0 && proc < 0)
		r = err_set(e, proc, "cannot open /proc");
	watcher.proc = proc;
	for (int i = 0; r == 0 && i < argc; i++)
		r = name_ref(&w, proc, argv[i], e);
	if (r == 0 && !o->noheadings)
		r = eventview_heading(&w.view, e);
	return r < 0 ? r : watch(&w, &watcher, e);
}

static const struct opt watch_opts[] = {
	FLAG('a', "all", struct watch_opts, all, "also processes that are born, leave or end"),
	VALUE('e', "event", &arg_events, struct watch_opts, events, "only these events"),
	FLAG('i', "initial", struct watch_opts, initial, "begin with what is there"),
	FLAG('J', "json", struct watch_opts, json, "write JSON, one object per line"),
	VALUE('n', "count", &arg_u32, struct watch_opts, count, "end after N events"),
	FLAG(0, "noheadings", struct watch_opts, noheadings, "do not print the column names"),
	VALUE('o', "output", &arg_event_columns, struct watch_opts, columns,
	      "show these columns; +LIST: these too"),
	VALUE('Q', "filter", &arg_event_filter, struct watch_opts, filter,
	      "show only events for which the expression is true"),
	VALUE('t', "type", &arg_types, struct watch_opts, types, "only these types of namespace"),
	VALUE(0, "timeout", &arg_duration, struct watch_opts, timeout, "end after this time"),
	VALUE(0, "interval", &arg_duration, struct watch_opts, interval,
	      "how often to look (1s) where the kernel does not tell"),
	FLAG(0, "poll", struct watch_opts, poll, "look only, do not listen"),
	VALUE(0, "ready-fd", &arg_fd_given, struct watch_opts, ready,
	      "write one byte there when watching has begun"),
	FLAG('H', "list-columns", struct watch_opts, show_columns, "explain the columns"),
};

static const struct operand watch_operands[] = { { &arg_ref, OPERAND_REST } };

const struct applet applet_watch = {
	.name = "watch",
	.summary = "tell of namespaces as they come and go, and who enters them",
	.opts = watch_opts,
	.nopts = ARRAY_LEN(watch_opts),
	.opts_size = sizeof(struct watch_opts),
	.operands = watch_operands,
	.noperands = ARRAY_LEN(watch_operands),
	.where = APPLET_CHILD,
	.here = "",
	.run = watch_run,
};
