/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_turns.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/cli/complete_ref.h"
#include "../common/cli/kinds.h"
#include "../common/ns/netns.h"
#include "../common/ns/registry.h"
#include "../common/ns/supervise.h"
#include "../common/sys/procfs.h"
#include "enter.h"

#include <errno.h>
#include <fnmatch.h>
#include <sys/prctl.h>
#include <unistd.h>

static int add_target(struct enter_targets *t, const struct arg_kind *kind, const char *word,
		      struct err *e)
{
	struct ref ref = { 0 };
	int r = kind->parse(word, &ref, e);

	if (r < 0)
		return r;
	if (t->first.text)
		vec_push(&t->more, ref);
	else
		t->first = ref;
	return 0;
}

static int parse_target(const char *word, void *field, struct err *e)
{
	return add_target(field, &arg_ref, word, e);
}

static int parse_bound(const char *word, void *field, struct err *e)
{
	return add_target(field, &arg_bound, word, e);
}

const struct arg_kind arg_targets = { "REF", sizeof(struct enter_targets), parse_target, NULL,
				      complete_ref };
const struct arg_kind arg_bound_targets = { "NAME", sizeof(struct enter_targets), parse_bound, NULL,
					    complete_set };

/* The targets, and the texts of those that a pattern stood for. */
struct turns {
	VEC(struct ref) refs;
	VEC(char *) texts;
};

static void turns_done(struct turns *t)
{
	for (size_t i = 0; i < t->texts.n; i++)
		free(t->texts.v[i]);
	vec_done(&t->texts);
	vec_done(&t->refs);
}

/* Names can be patterns; that of a set cannot have these characters, one of `ip netns` can. */
static bool is_pattern(const struct ref *ref)
{
	return (ref->kind == REF_NETNS || ref->kind == REF_SET) && strpbrk(ref->name, "*?[");
}

static void add_match(struct turns *t, const struct ref *pattern, const char *name)
{
	const char *prefix = pattern->kind == REF_NETNS ? "netns:" : "@";
	struct ref ref;
	char *text;

	if (fnmatch(pattern->name, name, 0) != 0)
		return;
	text = xasprintf("%s%s", prefix, name);
	vec_push(&t->texts, text);
	if (ref_parse(text, &ref, NULL) == 0)
		vec_push(&t->refs, ref);
}

static int match_netns(struct turns *t, const struct ref *pattern, struct err *e)
{
	auto_call(netns_done) struct netns_names names = { 0 };
	int r = netns_read(NETNS_DIR, &names);

	for (size_t i = 0; i < names.names.n; i++)
		add_match(t, pattern, names.names.v[i].name);
	return r < 0 ? err_set(e, r, "cannot read %s", NETNS_DIR) : 0;
}

static int match_sets(struct turns *t, const struct ref *pattern, struct err *e)
{
	auto_registry struct registry registry = REGISTRY_NONE;
	auto_set_names struct set_names names = { 0 };
	auto_close int proc = proc_open();
	int r = proc < 0 ? err_set(e, proc, "cannot open /proc")
			 : registry_open(&registry, proc, e);

	if (r == 0)
		r = registry_names(&registry, &names, e);
	for (size_t i = 0; i < names.names.n; i++)
		add_match(t, pattern, names.names.v[i]);
	return r;
}

static int add_turns(struct turns *t, const struct ref *ref, struct err *e)
{
	size_t before = t->refs.n;
	auto_free char *q = NULL;
	int r;

	if (!is_pattern(ref)) {
		vec_push(&t->refs, *ref);
		return 0;
	}
	r = ref->kind == REF_NETNS ? match_netns(t, ref, e) : match_sets(t, ref, e);
	if (r < 0 || t->refs.n > before)
		return r;
	q = quoted(ref->text);
	return err_say(e, -ENOENT, "there is no name that %s matches", q);
}

static void announce(FILE *out, const struct ref *ref, bool is_first)
{
	auto_str struct str name = { 0 };

	escape_terminal(&name, ref->text, strlen(ref->text));
	fprintf(out, "%s==> %s <==\n", is_first ? "" : "\n", str_text(&name));
	fflush(out);
}

/* The child's side; its command must not outlive us either. */
static int take_turn(const struct enter_opts *o, const struct ref *ref, pid_t parent, char **argv,
		     struct err *e)
{
	struct enter_opts one = *o;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		return err_say(e, -ESRCH, "the parent has died");
	one.target = *ref;
	one.tied = true;
	return enter_run(&one, argv, e);
}

static int run_turns(struct ctx *ctx, const struct enter_opts *o, const struct turns *t,
		     char **argv, struct err *e)
{
	struct held_signals held;
	pid_t parent = getpid();
	int status = 0, largest = 0;

	signals_hold(&held);
	for (size_t i = 0; i < t->refs.n && status >= 0 && status < SUPERVISE_SIGNAL; i++) {
		struct ward ward = { 0 };

		announce(ctx->out, &t->refs.v[i], i == 0);
		ward.child = fork();
		if (ward.child == 0) {
			signals_release(&held);
			return take_turn(o, &t->refs.v[i], parent, argv, e);
		}
		status = ward.child < 0 ? err_set(e, -errno, "cannot fork") : supervise(&ward, e);
		largest = status < 0 ? status : MAX(largest, status);
	}
	signals_release(&held);
	return largest;
}

int enter_turns(struct ctx *ctx, const struct enter_opts *o, char **argv, struct err *e)
{
	auto_call(turns_done) struct turns turns = { 0 };
	int r;

	if (!o->targets.more.n && !is_pattern(&o->targets.first)) {
		struct enter_opts one = *o;

		one.target = o->targets.first;
		return enter_run(&one, argv, e);
	}
	r = add_turns(&turns, &o->targets.first, e);
	for (size_t i = 0; r == 0 && i < o->targets.more.n; i++)
		r = add_turns(&turns, &o->targets.more.v[i], e);
	return r < 0 ? r : run_turns(ctx, o, &turns, argv, e);
}
