/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv --list: the mounts that one user namespace alone can use. */
#include "mountpriv.h"

#include "../common/base/escape.h"
#include "../common/ns/mountlock.h"
#include "../common/out/table.h"
#include "mountpriv_look.h"

#include <errno.h>

/* A place elsewhere that shows the same files. */
struct place {
	uint32_t ns;
	char *path;
};

struct row {
	const struct mount *m;
	enum mount_lock lock;
	VEC(struct place) also; /* those of the caller's mount namespace first */
};

struct listing {
	struct mountlook look;
	VEC(size_t) which;
	struct row *rows; /* one for each of which */
};

static void listing_done(struct listing *l)
{
	for (size_t i = 0; l->rows && i < l->which.n; i++) {
		for (size_t k = 0; k < l->rows[i].also.n; k++)
			free(l->rows[i].also.v[k].path);
		vec_done(&l->rows[i].also);
	}
	free(l->rows);
	vec_done(&l->which);
	mountlook_done(&l->look);
}

/* --- looking */

struct search {
	const struct mountlook *look;
	struct row *row;
};

/* What lies hidden below another mount shows nothing. */
static bool add_place(size_t other, enum mount_tie tie, void *data)
{
	const struct search *s = data;
	const struct mounts *mounts = &s->look->mounts;
	const struct mount *o = &mounts->v.v[other];
	auto_free char *inside = NULL;
	struct place place = { o->ns, mount_path_of(s->row->m, o, &inside) };

	(void)tie;
	if (mounts_at(mounts, o->ns, place.path) != other) {
		free(place.path);
		return true;
	}
	vec_push(&s->row->also, place);
	if (o->ns == s->look->own_mnt) {
		s->row->also.v[s->row->also.n - 1] = s->row->also.v[0];
		s->row->also.v[0] = place;
	}
	return true;
}

static void choose(struct listing *l, uint32_t mnt, uint32_t user)
{
	const struct mounts *m = &l->look.mounts;
	auto_free enum mount_lock *locks = NULL;

	for (size_t i = 0; i < m->v.n; i++)
		if ((mnt == GRAPH_NONE || m->v.v[i].ns == mnt) &&
		    (user == GRAPH_NONE || m->v.v[i].owner == user) &&
		    mount_is_private(m, i, l->look.own_user))
			vec_push(&l->which, i);
	l->rows = xcalloc(l->which.n, sizeof(*l->rows));
	locks = xcalloc(l->which.n, sizeof(*locks));
	mountlock_try(m, &l->look.graph, l->look.proc, l->which.v, l->which.n, locks);
	for (size_t i = 0; i < l->which.n; i++) {
		struct search s = { &l->look, &l->rows[i] };

		l->rows[i].m = &m->v.v[l->which.v[i]];
		l->rows[i].lock = locks[i];
		mount_each_tie(m, l->which.v[i], add_place, &s);
	}
}

/* --- showing */

static void get_ns(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	mountlook_inode(&l->look, r->m->ns, ret);
}

static void get_owner(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	mountlook_inode(&l->look, r->m->owner, ret);
}

static void get_pid(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];
	uint32_t first = l->look.graph.ns.v[r->m->ns].first_proc;

	if (first != GRAPH_NONE)
		str_addf(ret, "%d", l->look.graph.procs.v[first].pid);
}

static void get_target(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	escape_terminal(ret, r->m->target, strlen(r->m->target));
}

static void get_fstype(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	escape_terminal(ret, r->m->fstype, strlen(r->m->fstype));
}

static void get_flags(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	mountlook_flags(r->m, true, ret);
}

/* ON-DISK:IN-MOUNT:COUNT, of users. */
static void get_idmap(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	for (const char *p = r->m->uid_map ? r->m->uid_map : ""; *p; p++)
		str_addc(ret, *p == ' ' ? ':' : *p == '\n' ? ',' : *p);
}

static void get_locked(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];
	const char *name = mount_lock_name(r->lock);

	str_add(ret, name ? name : "?");
}

static void get_also(const void *data, size_t row, struct str *ret)
{
	const struct listing *l = data;
	const struct row *r = &l->rows[row];

	if (!r->also.n)
		return;
	escape_terminal(ret, r->also.v[0].path, strlen(r->also.v[0].path));
	if (r->also.v[0].ns != l->look.own_mnt) {
		str_add(ret, " in ");
		mountlook_inode(&l->look, r->also.v[0].ns, ret);
	}
	if (r->also.n > 1)
		str_addf(ret, " and %zu more", r->also.n - 1);
}

static const struct table_getter columns[] = {
	{ "NS", TABLE_RIGHT, get_ns },
	{ "OWNER", TABLE_RIGHT, get_owner },
	{ "PID", TABLE_RIGHT, get_pid },
	{ "TARGET", TABLE_ESCAPED, get_target },
	{ "FSTYPE", TABLE_ESCAPED, get_fstype },
	{ "FLAGS", 0, get_flags },
	{ "IDMAP", 0, get_idmap },
	{ "LOCKED", 0, get_locked },
	{ "ALSO-AT", TABLE_ESCAPED, get_also },
};

static int print_table(const struct listing *l, FILE *out, struct err *e)
{
	struct table_style style = { .out = out };

	return table_write(&style, columns, ARRAY_LEN(columns), l, l->which.n, e);
}

static struct json_object *also_json(const struct listing *l, struct json *j, const struct row *r)
{
	struct json_object *list = json_list(j);

	for (size_t i = 0; i < r->also.n; i++) {
		struct json_object *o = json_map(j);

		json_set(j, o, "path", json_string(j, r->also.v[i].path));
		json_set(j, o, "mntns", json_u64(j, l->look.graph.ns.v[r->also.v[i].ns].ino));
		json_append(j, list, o);
	}
	return list;
}

static int print_json(const struct listing *l, FILE *out, struct err *e)
{
	auto_json struct json *j = NULL;
	struct json_object *list, *top;
	int r = json_new(&j, e);

	if (r < 0)
		return r;
	list = json_list(j);
	for (size_t i = 0; i < l->which.n; i++) {
		struct json_object *o = json_map(j);

		mountlook_json(&l->look, j, o, l->rows[i].m, true, l->rows[i].lock);
		json_set(j, o, "also_at", also_json(l, j, &l->rows[i]));
		json_append(j, list, o);
	}
	top = json_map(j);
	json_set(j, top, "mounts", list);
	json_set(j, top, "unread_mount_namespaces", json_u64(j, l->look.mounts.nunread));
	return json_write(j, top, JSON_PRETTY, out, e);
}

int mountpriv_list(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	auto_call(listing_done) struct listing l = { .look = MOUNTLOOK_NONE };
	uint32_t mnt = GRAPH_NONE, user = GRAPH_NONE;
	struct ref ref;
	int r = argv[0] ? ref_parse(argv[0], &ref, e) : 0;

	if (r == 0)
		r = mountlook_read(&l.look, e);
	if (r == 0 && argv[0])
		r = mountlook_resolve(&l.look, &ref, &mnt, &user, e);
	if (r < 0)
		return r;
	choose(&l, mnt, user);
	r = o->json ? print_json(&l, ctx->out, e) : print_table(&l, ctx->out, e);
	if (r == 0)
		mountlook_note(stderr, &l.look);
	return r;
}
