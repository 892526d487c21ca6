/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: a command in a new user namespace that has a mount of its own. */
#include "mountpriv.h"

#include "../common/base/fd.h"
#include "../common/ns/keepset.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/random.h>

/* What the stage needs. */
struct staging {
	const struct privmount *mount;
	struct privmount_user user;
	bool is_root;	  /* the caller is privileged */
	const char *note; /* on the source, or NULL */
};

static int mount_it(void *data, int userns, struct err *e)
{
	struct staging *s = data;
	int r;

	s->user.userns = userns;
	r = privmount_make(s->mount, &s->user, e);
	if (r == 0)
		mountpriv_say(s->note);
	if (r == 0 && s->is_root)
		mountpriv_note_root(s->user.maps);
	if (r == 0)
		mountpriv_note_way(s->mount->dst, s->user.maps);
	return r;
}

/*
 * A block of 65536 ids between those that useradd(8) gives as subordinate ones, up to 600100000,
 * and the end of what systemd sets aside for containers, 1878982656: by lot, so that two that are
 * in use at the same time are not the same but by a chance of one to twenty thousand.
 */
static int private_ids(struct setup *s, struct err *e)
{
	uint32_t base, lot;

	do {
		if (getrandom(&lot, sizeof(lot), 0) != sizeof(lot))
			return err_set(e, -errno, "cannot choose ids");
		base = (0x23c6 + lot % (0x6fff - 0x23c6)) << 16;
	} while (getpwuid(base) || getgrgid(base));
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		vec_push(&s->maps[k].ranges, { 0, base, 65536 });
	return 0;
}

int mountpriv_ids(const struct mountpriv_opts *o, const struct setup_facts *f, struct setup *s,
		  struct err *e)
{
	bool can = f->has_admin && f->ids.can[ID_USER] && f->ids.can[ID_GROUP];

	if (!o->private_ids)
		return unshare_wish_maps(&o->ids, f, s, e);
	if (can)
		return private_ids(s, e);
	err_say(e, -EPERM, "--private-ids needs CAP_SETUID, CAP_SETGID and CAP_SYS_ADMIN");
	err_hint(e, "--map-auto takes the caller's subordinate ids");
	return -EPERM;
}

static int wish_setup(const struct mountpriv_opts *o, const struct setup_facts *f, struct setup *s,
		      struct err *e)
{
	int r = mountpriv_ids(o, f, s, e);

	s->types = 1U << NS_USER | 1U << NS_MNT;
	s->propagation = o->propagation;
	s->no_nested_userns = o->no_nested;
	s->creds.root_if_mapped = !idmap_has(&s->maps[ID_USER], f->ids.own[ID_USER]);
	s->creds.drop = o->no_nested ? CAP_BIT(CAP_SYS_RESOURCE) : 0;
	return r;
}

int mountpriv_run(struct ctx *ctx, const struct mountpriv_opts *o, char **argv, struct err *e)
{
	auto_mountpriv_wish struct mountpriv_wish w = { 0 };
	struct keepset k = { .wish = { .name = o->name } };
	auto_call(setup_done) struct setup s = { 0 };
	auto_close int proc = proc_open();
	struct staging staging = { &w.mount, { .proc = proc, .is_new = true, .maps = s.maps } };
	struct setup_stage stage = { mount_it, &staging };
	struct setup_facts f = { 0 };
	auto_free char *note = NULL;
	int r = proc < 0 ? err_set(e, proc, "cannot open /proc") : 0;

	(void)ctx;
	setup_probe(&f);
	if (r == 0)
		r = mountpriv_wish(&w, o, &argv, e);
	if (r == 0 && o->name)
		r = set_name_check(o->name, e);
	if (r == 0)
		r = wish_setup(o, &f, &s, e);
	if (r < 0)
		return r;
	/* The ids of a file system are its owner's to map: for others they are right as they are. */
	if (!f.has_admin && w.mount.idmap == PRIVMOUNT_AS_TARGET)
		w.mount.idmap = PRIVMOUNT_UNMAPPED;
	staging.is_root = f.has_admin;
	note = mountpriv_source_note(&w.mount);
	staging.note = note;
	s.stage = &stage;
	s.argv = argv;
	if (o->name)
		keepset_add(&k, &s, !*argv);
	return setup_command(&s, &f, e);
}
