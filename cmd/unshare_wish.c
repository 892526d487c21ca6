/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unshare_opts.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#define BINFMT_DIR "/proc/sys/fs/binfmt_misc"
#define FILE_MAX   (16 << 20)

static int read_file(const char *path, struct str *text, struct err *e)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : fd_read_all(fd, FILE_MAX, text);

	return r < 0 ? err_set(e, r, "cannot read %s", path) : 0;
}

static int add_subids(struct idmap *m, enum id_kind kind, enum subid_use use, struct err *e)
{
	const char *path = kind == ID_USER ? "/etc/subuid" : "/etc/subgid";
	const struct passwd *pw = getpwuid(geteuid());
	const char *name = pw ? pw->pw_name : NULL;
	auto_str struct str text = { 0 };
	int r = read_file(path, &text, e);

	if (r < 0)
		return r;
	r = idmap_add_subids(m, str_text(&text), name, geteuid(), use);
	if (r < 0) {
		auto_free char *q = quoted(name ? name : "");

		err_say(e, r, "%s has no line for user %s (%u)", path, q, geteuid());
		err_hint(e, "root can add one: 'usermod --add-subuids 100000-165535 "
			    "--add-subgids 100000-165535 USER'");
	}
	return r;
}

static int add_available(struct idmap *m, enum id_kind kind, struct err *e)
{
	auto_str struct str text = { 0 };
	int r = read_file(kind == ID_USER ? "/proc/self/uid_map" : "/proc/self/gid_map", &text, e);

	if (r == 0)
		idmap_add_available(m, str_text(&text));
	return r;
}

/* One value of --map-users or --map-groups. */
static int add_word(struct idmap *m, enum id_kind kind, const char *word, enum subid_use subids,
		    struct err *e)
{
	struct id_range range;
	int r;

	if (str_is(word, "auto"))
		return add_subids(m, kind, subids, e);
	if (str_is(word, "subids"))
		return add_subids(m, kind, subids | SUBID_IDENTITY, e);
	if (str_is(word, "all"))
		return add_available(m, kind, e);
	r = idmap_parse(word, &range, e);
	if (r == 0)
		vec_push(&m->ranges, range);
	return r;
}

/* What one of the caller's own ids shall be inside; false: nothing was said of it. */
static bool single_id(const struct unshare_opts *o, enum id_kind kind, uint32_t own, uint32_t *ret)
{
	const struct id_arg *arg = kind == ID_USER ? &o->map_user : &o->map_group;

	*ret = arg->set ? arg->id : o->map_root ? 0 : own;
	return arg->set || o->map_root || o->map_current;
}

static int make_map(const struct unshare_opts *o, const struct setup_facts *f, enum id_kind kind,
		    enum subid_use subids, struct idmap *m, struct err *e)
{
	const __typeof__(o->map_users) *words =
		kind == ID_USER ? &o->map_users : (const void *)&o->map_groups;
	uint32_t inner;
	int r = 0;

	if (o->map_auto)
		r = add_subids(m, kind, subids, e);
	if (r == 0 && o->map_subids)
		r = add_subids(m, kind, subids | SUBID_IDENTITY, e);
	for (size_t i = 0; r == 0 && i < words->n; i++)
		r = add_word(m, kind, words->v[i], subids, e);
	if (r == 0 && single_id(o, kind, f->ids.own[kind], &inner))
		idmap_add_single(m, inner, f->ids.own[kind]);
	return r;
}

static bool wants_user(const struct unshare_opts *o)
{
	return o->map_user.set || o->map_group.set || o->map_users.n || o->map_groups.n ||
	       o->map_root || o->map_current || o->map_auto || o->map_subids || o->owner.set ||
	       o->mount_binfmt || o->interp;
}

static void wish_types(const struct unshare_opts *o, struct setup *s)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		if (!o->ns[t])
			continue;
		s->types |= 1U << t;
		if (*o->ns[t])
			s->persist[t] = o->ns[t];
	}
	if (wants_user(o))
		s->types |= 1U << NS_USER;
	if (o->mount_proc || o->mount_binfmt || o->interp)
		s->types |= 1U << NS_MNT;
}

/* A binfmt_misc in its usual place needs a proc of its own to stand on. */
static void wish_mounts(const struct unshare_opts *o, struct setup *s)
{
	bool wants_binfmt = o->mount_binfmt || o->interp;
	bool elsewhere = o->mount_binfmt && *o->mount_binfmt;

	if (o->mount_proc || (wants_binfmt && !elsewhere))
		s->proc = o->mount_proc && *o->mount_proc ? o->mount_proc : "/proc";
	if (wants_binfmt)
		s->binfmt = elsewhere ? o->mount_binfmt : BINFMT_DIR;
	s->interp = o->interp;
	s->propagation = o->propagation;
	s->root = o->root;
	s->wd = o->wd;
}

static void wish_creds(const struct unshare_opts *o, struct setup *s)
{
	s->set_owner = o->owner.set;
	s->owner_uid = o->owner.uid;
	s->owner_gid = o->owner.gid;
	s->setgroups = o->setgroups;
	s->creds = (struct creds){
		.set_uid = o->setuid.set,
		.uid = o->setuid.id,
		.set_gid = o->setgid.set,
		.gid = o->setgid.id,
		.keep_caps = o->keep_caps,
		.drop = o->cap_drop,
		.no_new_privs = o->no_new_privs,
	};
}

static bool is_listed(const char *variable, const char *list)
{
	size_t n = strcspn(variable, "=");

	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strcspn(p, ",") == n && strncmp(p, variable, n) == 0)
			return true;
	}
	return false;
}

static bool is_kept(const struct unshare_opts *o, const char *variable)
{
	for (size_t i = 0; i < o->keep_env.n; i++)
		if (is_listed(variable, o->keep_env.v[i]))
			return true;
	return false;
}

char **unshare_env(const struct unshare_opts *o)
{
	VEC(char *) env = { 0 };

	if (!o->clear_env && !o->keep_env.n)
		return NULL;
	for (char **p = environ; *p; p++)
		if (is_kept(o, *p))
			vec_push(&env, *p);
	vec_push(&env, NULL);
	return env.v;
}

/* Who may write such a map has all ids there are, anybody else has one of each kind. */
static int map_own(const struct setup_facts *f, enum id_kind kind, struct idmap *m, struct err *e)
{
	if (f->has_admin && f->ids.can[kind])
		return add_available(m, kind, e);
	idmap_add_single(m, f->ids.own[kind], f->ids.own[kind]);
	return 0;
}

int unshare_wish_maps(const struct unshare_opts *o, const struct setup_facts *f, struct setup *s,
		      struct err *e)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++) {
		int r = make_map(o, f, k, SUBID_ALL, &s->maps[k], e);

		if (r == 0 && !s->maps[k].ranges.n)
			r = map_own(f, k, &s->maps[k], e);
		if (r < 0)
			return r;
	}
	return 0;
}

int unshare_wish(const struct unshare_opts *o, const struct setup_facts *f, enum subid_use subids,
		 struct setup *s, struct err *e)
{
	wish_types(o, s);
	wish_mounts(o, s);
	wish_creds(o, s);
	s->monotonic = o->monotonic;
	s->boottime = o->boottime;
	s->kill_child = o->kill_child;
	s->fork = o->fork || o->forward_signals || o->kill_child;
	s->login_shell = true;
	for (enum id_kind k = 0; k < ID_NKINDS; k++) {
		int r = make_map(o, f, k, subids, &s->maps[k], e);

		if (r < 0)
			return r;
	}
	return 0;
}
