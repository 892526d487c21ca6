/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: from options to the mount that they ask for. */
#include "mountpriv.h"

#include "../common/base/escape.h"
#include "../common/base/str.h"
#include "../common/cli/candidates.h"

#include <errno.h>
#include <sys/mount.h>

typedef __typeof__(((struct mountpriv_opts *)0)->mount_options) words;
typedef __typeof__(((struct mountpriv_opts *)0)->idmap) idmap_arg;

static int parse_options(const char *word, void *field, struct err *e)
{
	(void)e;
	vec_push((words *)field, word);
	return 0;
}

/* "none", or a range for both kinds of id, or for one: "u:…", "g:…". */
static int parse_idmap(const char *word, void *field, struct err *e)
{
	idmap_arg *arg = field;
	const char *user = str_after(word, "u:"), *group = str_after(word, "g:");
	struct id_range range;

	if (str_is(word, "none")) {
		arg->kind = PRIVMOUNT_UNMAPPED;
		return 0;
	}
	if (idmap_parse(user ? user : group ? group : word, &range, NULL) < 0) {
		auto_free char *q = quoted(word);

		err_say(e, -EINVAL, "%s is not ON-DISK:IN-MOUNT:COUNT", q);
		err_hint(e, "u: or g: before it: of user ids, of group ids alone; or none");
		return -EINVAL;
	}
	arg->kind = PRIVMOUNT_AS_GIVEN;
	if (!group)
		vec_push(&arg->given[ID_USER].ranges, range);
	if (!user)
		vec_push(&arg->given[ID_GROUP].ranges, range);
	return 0;
}

static const char *const propagation_words[] = { "private", "slave", NULL };

static int parse_propagation(const char *word, void *field, struct err *e)
{
	auto_free char *q = quoted(word);

	if (!str_is(word, "private") && !str_is(word, "slave"))
		return err_say(e, -EINVAL, "%s is neither private nor slave", q);
	*(enum propagation *)field =
		str_is(word, "slave") ? PROPAGATION_SLAVE : PROPAGATION_PRIVATE;
	return 0;
}

static void complete_options(struct candidates *ret)
{
	static const char *const options[] = { "ro",	     "noexec",	 "nosymfollow", "noatime",
					       "nodiratime", "relatime", "strictatime", "rec",
					       "suid",	     "dev" };

	candidates_settle_items(ret, ",");
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		candidates_add(ret, options[i], NULL);
}

static const char *const idmap_words[] = { "none", NULL };

const struct arg_kind arg_mount_options = { "OPTION,...", sizeof(words), parse_options, NULL,
					    complete_options };
const struct arg_kind arg_mount_idmap = { "ON-DISK:IN-MOUNT:COUNT", sizeof(idmap_arg), parse_idmap,
					  idmap_words };
const struct arg_kind arg_mount_propagation = { "MODE", sizeof(enum propagation), parse_propagation,
						propagation_words };

static int wish_options(struct mountpriv_wish *w, const struct mountpriv_opts *o, struct err *e)
{
	auto_str struct str text = { 0 };

	w->opts.set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	for (size_t i = 0; i < o->mount_options.n; i++)
		str_join(&text, ",", o->mount_options.v[i]);
	return text.len ? mountopts_parse(text.s, &w->opts, e) : 0;
}

/* "TYPE" or "TYPE:SOURCE". */
static void wish_fresh(struct mountpriv_wish *w, const char *fresh)
{
	char *colon;

	w->type = xstrdup(*fresh ? fresh : "tmpfs");
	colon = strchr(w->type, ':');
	if (colon)
		*colon++ = '\0';
	w->mount.type = w->type;
	w->mount.source = colon;
}

static int check_bind(const struct mountpriv_wish *w, struct err *e)
{
	auto_free char *q = w->opts.rest.n ? quoted(w->opts.rest.v[0].name) : NULL;

	if (!q)
		return 0;
	err_say(e, -EINVAL, "mount option %s is one of a file system, not of a bind", q);
	err_hint(e, "--fresh makes a file system");
	return -EINVAL;
}

static int take_paths(struct mountpriv_wish *w, const struct mountpriv_opts *o, char ***argv,
		      struct err *e)
{
	int n = o->fresh ? 1 : 2;

	for (int i = 0; i < n; i++)
		if (!(*argv)[i] || str_is((*argv)[i], "--"))
			return err_say(e, -EINVAL, "%s is missing", i == n - 1 ? "DST" : "SRC");
	w->mount.src = o->fresh ? NULL : (*argv)[0];
	w->mount.dst = (*argv)[n - 1];
	*argv += n;
	if (**argv && str_is(**argv, "--"))
		++*argv;
	return 0;
}

int mountpriv_wish(struct mountpriv_wish *w, const struct mountpriv_opts *o, char ***argv,
		   struct err *e)
{
	int r = take_paths(w, o, argv, e);

	if (r == 0)
		r = wish_options(w, o, e);
	if (r == 0 && !o->fresh)
		r = check_bind(w, e);
	if (r < 0)
		return r;
	if (o->fresh)
		wish_fresh(w, o->fresh);
	w->mount.opts = &w->opts;
	w->mount.recursive = o->recursive || w->opts.recursive;
	w->mount.propagation = o->propagation;
	w->mount.idmap = o->idmap.kind;
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		w->mount.given[k] = o->idmap.given[k];
	return 0;
}

void mountpriv_wish_done(struct mountpriv_wish *w)
{
	mountopts_done(&w->opts);
	free(w->type);
}
