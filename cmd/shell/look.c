/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The snapshot, and the way from what the user writes to a place in it. */
#include "shell.h"

#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "../../common/cli/dispatch.h"
#include "../../common/ns/discover.h"
#include "../../common/out/color.h"
#include "../../common/sys/pidfd.h"
#include "../../common/sys/procfs.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>

/*
 * A snapshot older than this is taken anew, for a command and for who types, if that takes no longer
 * than the last.
 */
#define OLD_MS	      1000
#define TYPED_OLD_MS  10000
#define LOOK_AHEAD_MS 100

/* A completion does not wait longer than this: for so many processes looked at one by one. */
#define QUICK_MS    40
#define QUICK_PROCS 600

struct shell *shell_of(struct ctx *ctx)
{
	return (struct shell *)ctx;
}

bool shell_has_looked(const struct shell *sh)
{
	return sh->looked && !sh->outdated;
}

void shell_forget(struct shell *sh)
{
	sh->outdated = true;
}

uint64_t shell_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Takes what was discovered since START for the snapshot. */
static void keep_look(struct shell *sh, uint64_t start)
{
	facts_init(&sh->facts, &sh->graph, sh->proc);
	sh->looked = true;
	sh->outdated = false;
	sh->looked_at = shell_now();
	sh->look_took = sh->looked_at - start;
}

void shell_drop(struct shell *sh)
{
	if (sh->looked)
		facts_done(&sh->facts);
	graph_done(&sh->graph);
	sh->looked = false;
}

int shell_look(struct shell *sh, struct err *e)
{
	uint64_t start = shell_now();
	int r;

	if (shell_has_looked(sh))
		return 0;
	shell_drop(sh);
	r = discover(&sh->graph, sh->proc, sh->settings.sources, e);
	if (r < 0)
		shell_drop(sh);
	else
		keep_look(sh, start);
	return r;
}

/* The link count of /proc is the number of processes and some more. */
static bool are_few(const struct shell *sh)
{
	struct stat st;

	return fstat(sh->proc, &st) == 0 && st.st_nlink <= QUICK_PROCS;
}

bool shell_look_quickly(struct shell *sh)
{
	uint64_t start = shell_now();

	if (sh->looked && (!sh->outdated || sh->look_took > QUICK_MS))
		return true;
	if (sh->looked || are_few(sh))
		return shell_look(sh, NULL) == 0;
	if (sh->settings.sources & SOURCE_BPF &&
	    discover_at_once(&sh->graph, sh->proc, sh->settings.sources))
		keep_look(sh, start);
	else
		shell_drop(sh);
	return sh->looked;
}

static void grow_old(struct shell *sh, uint64_t age, uint64_t now)
{
	if (shell_has_looked(sh) && sh->look_took <= LOOK_AHEAD_MS && now - sh->looked_at > age)
		shell_forget(sh);
}

void shell_grow_old(struct shell *sh, uint64_t now)
{
	grow_old(sh, OLD_MS, now);
}

void shell_grow_old_typing(struct shell *sh, uint64_t now)
{
	grow_old(sh, TYPED_OLD_MS, now);
}

bool shell_is_to_look_ahead(const struct shell *sh)
{
	return !shell_has_looked(sh) && sh->look_took <= LOOK_AHEAD_MS;
}

void shell_look_ahead(struct shell *sh)
{
	if (shell_look(sh, NULL) < 0)
		sh->look_took = UINT64_MAX; /* not again and again */
}

bool shell_wants_color(const struct shell *sh, FILE *out)
{
	switch (sh->settings.color) {
	case WISH_ON:
		return true;
	case WISH_OFF:
		return false;
	case WISH_AUTO:
		break;
	}
	return out_wants_color(out);
}

/* What makes a reference to PID one to this process only, as resolve() checks it; 0: none. */
static uint64_t birth_of(const struct shell *sh, pid_t pid)
{
	auto_close int pidfd = pidfd_of(pid);
	struct proc_stat st;
	uint64_t inode;

	if (pidfd >= 0 && pidfd_inode(pidfd, &inode) == 0)
		return inode;
	return proc_stat_read(sh->proc, pid, &st) == 0 ? st.starttime : 0;
}

static int not_found(const struct target *t, struct err *e)
{
	err_say(e, -ENOENT, "%s was not found when the machine was looked at", t->label);
	err_hint(e, "'set source' shows in which places namespaces are looked for");
	return -ENOENT;
}

static int place_process(struct shell *sh, struct target *t, struct place *ret, struct err *e)
{
	uint32_t proc = graph_find_proc(&sh->graph, t->pid);
	int fd;

	if (proc == GRAPH_NONE) {
		fd = target_ns(t, NS_USER, e);
		return fd < 0 ? target_refused(t, fd, e) : not_found(t, e);
	}
	place_of_proc(&sh->graph, proc, ret);
	return 0;
}

/* One namespace is a place of its own; several are a set, below which they stand. */
static int place_namespaces(struct shell *sh, const char *text, struct target *t, struct place *ret,
			    struct err *e)
{
	struct step set = { .kind = STEP_SET };
	uint32_t ns = GRAPH_NONE;

	for (int type = 0; type < NS_NTYPES; type++) {
		int fd;

		if (!(t->types & 1U << type))
			continue;
		fd = target_ns(t, (enum ns_type)type, e);
		if (fd < 0)
			return fd;
		set.members[type] = fd_inode(fd);
		ns = graph_find_ns(&sh->graph, set.members[type]);
		if (ns == GRAPH_NONE)
			return not_found(t, e);
		set.ids[type] = sh->graph.ns.v[ns].id;
	}
	if (__builtin_popcount(t->types) == 1) {
		place_of_ns(&sh->graph, ns, ret);
		return 0;
	}
	set.name = xstrdup(text);
	place_add(ret, set);
	return 0;
}

static int find_ref(struct shell *sh, const char *text, struct place *ret, struct err *e)
{
	auto_resolver struct resolver resolver = { .proc = sh->proc, .graph = &sh->graph };
	auto_target struct target t = TARGET_NONE;
	int r = resolve(&resolver, text, &t, e);

	if (r < 0)
		return r;
	return t.kind == TARGET_PROCESS ? place_process(sh, &t, ret, e)
					: place_namespaces(sh, text, &t, ret, e);
}

/* Whether TEXT is a path that begins at a set, as pwd shows it. */
static bool is_in_set(const char *text)
{
	const char *rest = str_after(text, "/host");

	return str_after(text, "/@") || (rest && (!*rest || *rest == '/'));
}

/* "/@web/net:[…]", "/host": a set, and the way on. */
static int find_in_set(struct shell *sh, const char *text, struct place *ret, struct err *e)
{
	size_t n = strcspn(text, "/");
	auto_free char *set = xstrndup(text, n);
	auto_place struct place at = { 0 };
	int r = find_ref(sh, set, &at, e);

	return r < 0 ? r : place_walk(&sh->graph, &at, text + n + (text[n] == '/'), ret, e);
}

static int find(struct shell *sh, const char *text, struct place *ret, struct err *e)
{
	auto_place struct place below = { 0 };

	if (is_in_set(text))
		return find_in_set(sh, text + 1, ret, e);
	if (place_is_path(text))
		return place_walk(&sh->graph, &sh->here, text, ret, e);
	if (*text && !strchr(text, '/') &&
	    place_walk(&sh->graph, &sh->here, text, &below, NULL) == 0) {
		place_copy(&below, ret);
		return 0;
	}
	return find_ref(sh, text, ret, e);
}

/* What is not in an old snapshot may have come since: it is looked for again in a new one. */
static int find_now(struct shell *sh, const char *text, struct place *ret, struct err *e)
{
	auto_err struct err before = { 0 };
	bool is_old = shell_has_looked(sh);
	int r = shell_look(sh, e);

	if (r == 0)
		r = find(sh, text, ret, is_old ? &before : e);
	if (r == 0 || !is_old)
		return r;
	place_done(ret);
	shell_forget(sh);
	r = shell_look(sh, e);
	return r < 0 ? r : find(sh, text, ret, e);
}

int shell_find(struct shell *sh, const char *text, struct place *ret, struct err *e)
{
	int r = text ? find_now(sh, text, ret, e) : shell_look(sh, e);
	struct spot spot;

	if (r < 0)
		return r;
	if (!text)
		place_copy(&sh->here, ret);
	for (size_t i = 0; i < ret->steps.n; i++)
		if (ret->steps.v[i].kind == STEP_PROC && !ret->steps.v[i].birth)
			ret->steps.v[i].birth = birth_of(sh, ret->steps.v[i].pid);
	return place_look(&sh->graph, ret, &spot, e);
}

char *shell_ref(const struct place *p)
{
	const struct step *last = p->steps.n ? &p->steps.v[p->steps.n - 1] : NULL;

	if (!last)
		return NULL;
	if (last->kind == STEP_PROC)
		return last->birth ? xasprintf("pid:%d:%" PRIu64, last->pid, last->birth)
				   : xasprintf("pid:%d", last->pid);
	if (last->id)
		return xasprintf("id:%" PRIu64, last->id);
	return step_text(last);
}

const struct applet *shell_command(const struct shell *sh, const char *name, struct err *e)
{
	const struct applet *a = applet_find(&sh->ctx, name);
	auto_free char *q = quoted(name);
	const char *near;

	if (a)
		return a;
	near = applet_suggest(&sh->ctx, name);
	err_say(e, -ENOENT, "unknown command %s", q);
	if (near)
		err_hint(e, "did you mean '%s'?", near);
	else
		err_hint(e, "'help' lists the commands; '!' runs one of the host");
	return NULL;
}
