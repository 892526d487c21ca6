/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv --verify: who gets at a private mount, and who does not. */
#include "mountpriv.h"

#include "../common/base/errname.h"
#include "../common/base/escape.h"
#include "../common/ns/mountlock.h"
#include "../common/ns/mountverify.h"
#include "../common/out/flush.h"
#include "../common/out/table.h"
#include "mountpriv_find.h"

#include <errno.h>
#include <inttypes.h>

static const struct word {
	const char *key, *text;
} actors[] = {
	[ACTOR_USER] = { "user", "unprivileged user" },
	[ACTOR_SIBLING] = { "sibling", "sibling root" },
	[ACTOR_TWIN] = { "twin", "sibling root, same ids" },
	[ACTOR_OTHER] = { "other", "root of another user namespace" },
	[ACTOR_NESTED] = { "nested", "nested user namespace" },
	[ACTOR_ROOT] = { "root", "initial root" },
}, ways[] = {
	[WAY_PATH] = { "path", "opened" },
	[WAY_PROC_ROOT] = { "proc-root", "opened" },
	[WAY_BIND] = { "bind", "bound" },
	[WAY_OPEN_TREE] = { "open_tree", "copied" },
	[WAY_SETNS] = { "setns", "joined" },
	[WAY_LISTMOUNT] = { "listmount", "listed" },
};

static const char *const verdicts[] = {
	[VERDICT_REFUSED] = "refused",
	[VERDICT_LIMIT] = "limit",
	[VERDICT_LEAK] = "leak",
	[VERDICT_UNTRIED] = "untried",
};

static const struct {
	const char *key, *text, *remedy;
} leaks[] = {
	[LEAK_OWN] = { "own", "it belongs to the caller's own user namespace",
		       "mount it with mountpriv, and look from outside" },
	[LEAK_PEER] = { "peer", "propagation peer", "mount it where nothing is shared" },
	[LEAK_SAME] = { "same", "same mount also in another mount namespace",
			"unmount it there, or use an id map" },
	[LEAK_SOURCE] = { "source", "reachable source",
			  "close that path, or use --idmap or --fresh" },
	[LEAK_SHARED] = { "shared", "shared directory above",
			  "make it private: what is mounted there appears elsewhere" },
	[LEAK_STRANGER] = { "stranger", "a process of another user namespace is inside",
			    "end it, or have it leave" },
	[LEAK_OPEN] = { "open", "open in a process of another user namespace",
			"end it, or have it close that" },
	[LEAK_NESTED] = { "nested", "nested user namespace",
			  "allow none inside: --no-nested-userns" },
	[LEAK_WAY] = { "way", "open door",
		       "who made the user namespace is privileged there: have another make it" },
};

struct proofs {
	struct mountlook look;
	struct mountfind find;
	struct mountproof *v; /* one for each that was found */
};

static void proofs_done(struct proofs *p)
{
	for (size_t i = 0; p->v && i < p->find.found.n; i++)
		mountproof_done(&p->v[i]);
	free(p->v);
	mountfind_done(&p->find);
	mountlook_done(&p->look);
}

static int examine(struct proofs *p, struct err *e)
{
	const struct mountview view = {
		.proc = p->look.proc,
		.graph = &p->look.graph,
		.mounts = &p->look.mounts,
		.own_user = p->look.own_user,
		.own_mnt = p->look.own_mnt,
	};
	int r = 0;

	p->v = xcalloc(p->find.found.n, sizeof(*p->v));
	for (size_t i = 0; r == 0 && i < p->find.found.n; i++)
		r = mountverify(&view, p->find.found.v[i], &p->v[i], e);
	return r;
}

static bool is_private(const struct mountproof *p)
{
	return !p->leaks.n && !p->incomplete;
}

/* --- as text */

/* One mount's proof, among those that are shown. */
struct shown {
	const struct proofs *all;
	const struct mountproof *proof;
};

static const struct mountcheck *check_of(const void *data, size_t row)
{
	const struct shown *s = data;

	return &s->proof->checks.v[row];
}

static void get_actor(const void *data, size_t row, struct str *ret)
{
	const struct mountcheck *c = check_of(data, row);

	str_add(ret, actors[c->actor].text);
}

static void get_way(const void *data, size_t row, struct str *ret)
{
	const struct mountcheck *c = check_of(data, row);

	str_add(ret, ways[c->way].key);
}

static void get_where(const void *data, size_t row, struct str *ret)
{
	const struct mountlook *look = &((const struct shown *)data)->all->look;
	const struct mountcheck *c = check_of(data, row);

	if (!c->path)
		return;
	escape_terminal(ret, c->path, strlen(c->path));
	if (c->mntns != look->own_mnt) {
		str_add(ret, " in ");
		mountlook_inode(look, c->mntns, ret);
	}
	if (c->ntries > 1)
		str_addf(ret, " and %zu more", c->ntries - 1);
}

static void add_error(int error, struct str *ret)
{
	const char *name = errname(error);

	if (name)
		str_add(ret, name);
	else
		str_addf(ret, "%d", error);
}

static void get_result(const void *data, size_t row, struct str *ret)
{
	const struct mountcheck *c = check_of(data, row);

	switch (c->result.outcome) {
	case OUTCOME_UNTRIED:
	case OUTCOME_REFUSED:
		add_error(c->result.error, ret);
		break;
	case OUTCOME_ELSE:
		str_add(ret, "something else");
		break;
	case OUTCOME_IN:
		str_add(ret, ways[c->way].text);
		break;
	}
}

static void get_verdict(const void *data, size_t row, struct str *ret)
{
	const struct mountcheck *c = check_of(data, row);

	str_add(ret, verdicts[mountverify_verdict(c->actor, c->result.outcome)]);
}

static const struct table_getter columns[] = {
	{ "ACTOR", 0, get_actor },
	{ "WAY", 0, get_way },
	{ "WHERE", TABLE_ESCAPED, get_where },
	{ "RESULT", 0, get_result },
	{ "VERDICT", 0, get_verdict },
};

/* "reachable source: '/srv/x' in mount namespace 4026532178 and 2 more" */
static void say_leak(const struct proofs *p, const struct mountleak *leak, struct str *ret)
{
	str_add(ret, leaks[leak->kind].text);
	if (leak->kind == LEAK_WAY)
		str_addf(ret, ": %s by %s", ways[leak->way].key, actors[leak->actor].text);
	if (leak->path) {
		str_add(ret, ": ");
		escape_quoted(ret, leak->path);
	}
	if (leak->path && leak->mntns != GRAPH_NONE) {
		str_add(ret, leak->kind == LEAK_SHARED ? " with mount namespace "
						       : " in mount namespace ");
		mountlook_inode(&p->look, leak->mntns, ret);
	}
	if (leak->pid && !leak->path)
		str_addf(ret, ": pid %d", leak->pid);
	if (leak->count > 1 && leak->kind != LEAK_NESTED)
		str_addf(ret, " and %zu more", leak->count - 1);
}

static int print_proof(const struct proofs *p, size_t index, FILE *out, struct err *e)
{
	const struct mount *m = &p->look.mounts.v.v[p->find.found.v[index]];
	const struct mountproof *proof = &p->v[index];
	const struct shown shown = { p, proof };
	struct table_style style = { .out = out };
	auto_free char *q = quoted(m->target);
	auto_str struct str mntns = { 0 };
	int r = table_write(&style, columns, ARRAY_LEN(columns), &shown, proof->checks.n, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < proof->leaks.n; i++) {
		auto_str struct str text = { 0 };

		say_leak(p, &proof->leaks.v[i], &text);
		fprintf(out, "leak: %s (%s)\n", str_text(&text),
			leaks[proof->leaks.v[i].kind].remedy);
	}
	mountlook_inode(&p->look, m->ns, &mntns);
	fprintf(out, "%s in mount namespace %s is %s\n", q, str_text(&mntns),
		is_private(proof) ? "private"
		: proof->leaks.n  ? "not private"
				  : "not proven private: not everything could be tried");
	return 0;
}

static int print_text(const struct proofs *p, FILE *out, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->find.found.n; i++) {
		if (i)
			fputc('\n', out);
		r = print_proof(p, i, out, e);
	}
	return r < 0 ? r : out_flush(out, e);
}

/* --- as JSON */

static struct json_object *inode_json(const struct proofs *p, struct json *j, uint32_t ns)
{
	return ns == GRAPH_NONE ? NULL : json_u64(j, p->look.graph.ns.v[ns].ino);
}

static struct json_object *check_json(const struct proofs *p, struct json *j,
				      const struct mountcheck *c)
{
	struct json_object *o = json_map(j);
	auto_str struct str error = { 0 };

	if (c->result.error)
		add_error(c->result.error, &error);
	json_set(j, o, "actor", json_string(j, actors[c->actor].key));
	json_set(j, o, "way", json_string(j, ways[c->way].key));
	json_set(j, o, "path", json_string(j, c->path));
	json_set(j, o, "mntns", inode_json(p, j, c->mntns));
	json_set(j, o, "tries", json_u64(j, c->ntries));
	json_set(j, o, "errno", json_string(j, error.len ? str_text(&error) : NULL));
	json_set(j, o, "verdict",
		 json_string(j, verdicts[mountverify_verdict(c->actor, c->result.outcome)]));
	return o;
}

static struct json_object *leak_json(const struct proofs *p, struct json *j,
				     const struct mountleak *leak)
{
	struct json_object *o = json_map(j);
	bool way = leak->kind == LEAK_WAY;

	json_set(j, o, "kind", json_string(j, leaks[leak->kind].key));
	json_set(j, o, "path", json_string(j, leak->path));
	json_set(j, o, "mntns", inode_json(p, j, leak->mntns));
	json_set(j, o, "pid", leak->pid ? json_i64(j, leak->pid) : NULL);
	json_set(j, o, "actor", json_string(j, way ? actors[leak->actor].key : NULL));
	json_set(j, o, "way", json_string(j, way ? ways[leak->way].key : NULL));
	json_set(j, o, "count", json_u64(j, leak->count));
	return o;
}

/* Null: neither is proven. */
static struct json_object *verdict_json(struct json *j, const struct mountproof *p)
{
	return p->leaks.n || !p->incomplete ? json_boolean(j, !p->leaks.n) : NULL;
}

static struct json_object *proof_json(const struct proofs *p, struct json *j, size_t index)
{
	size_t at = p->find.found.v[index];
	const struct mount *m = &p->look.mounts.v.v[at];
	const struct mountproof *proof = &p->v[index];
	struct json_object *o = json_map(j), *list = json_list(j), *checks = json_list(j);
	enum mount_lock lock;

	mountlock_try(&p->look.mounts, &p->look.graph, p->look.proc, &at, 1, &lock);
	mountlook_json(&p->look, j, o, m, mount_is_private(&p->look.mounts, at, p->look.own_user),
		       lock);
	for (size_t i = 0; i < proof->leaks.n; i++)
		json_append(j, list, leak_json(p, j, &proof->leaks.v[i]));
	for (size_t i = 0; i < proof->checks.n; i++)
		json_append(j, checks, check_json(p, j, &proof->checks.v[i]));
	json_set(j, o, "private", verdict_json(j, proof));
	json_set(j, o, "leaks", list);
	json_set(j, o, "checks", checks);
	return o;
}

static int print_json(const struct proofs *p, FILE *out, struct err *e)
{
	auto_json struct json *j = NULL;
	struct json_object *o, *list;
	int r = json_new(&j, e);

	if (r < 0)
		return r;
	list = json_list(j);
	for (size_t i = 0; i < p->find.found.n; i++)
		json_append(j, list, proof_json(p, j, i));
	o = json_map(j);
	json_set(j, o, "mounts", list);
	return json_write(j, o, JSON_PRETTY, out, e);
}

int mountpriv_verify(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	auto_call(proofs_done) struct proofs p = { .look = MOUNTLOOK_NONE };
	const struct ref *target = o->target.text ? &o->target : NULL;
	int r = mountlook_read(&p.look, e);

	if (r == 0)
		r = mountfind(&p.look, target, argv[0], &p.find, e);
	if (r == 0)
		r = examine(&p, e);
	if (r == 0)
		r = o->json ? print_json(&p, ctx->out, e) : print_text(&p, ctx->out, e);
	if (r < 0)
		return r;
	mountlook_note(stderr, &p.look);
	for (size_t i = 0; i < p.find.found.n; i++)
		if (!is_private(&p.v[i]))
			return 1;
	return 0;
}
