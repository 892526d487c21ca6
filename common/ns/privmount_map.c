/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "privmount.h"

#include "../base/str.h"

#include <errno.h>

static bool is_identity(const struct idmap maps[ID_NKINDS])
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		if (!idmap_is_identity(&maps[k]))
			return false;
	return true;
}

int privmount_map(const struct privmount *m, const struct idmap target[ID_NKINDS],
		  struct idmap ret[ID_NKINDS], struct err *e)
{
	int r = 0;

	if (m->idmap == PRIVMOUNT_UNMAPPED)
		return 0;
	for (enum id_kind k = 0; r == 0 && k < ID_NKINDS; k++) {
		if (m->given[k].ranges.n)
			r = idmap_compose(&m->given[k], &target[k], k, ret + k, e);
		else
			for (size_t i = 0; i < target[k].ranges.n; i++)
				vec_push(&ret[k].ranges, target[k].ranges.v[i]);
		if (r == 0)
			r = idmap_check(&ret[k], k, e);
	}
	if (r < 0)
		return r;
	return is_identity(ret) && !m->given[ID_USER].ranges.n && !m->given[ID_GROUP].ranges.n ? 0
											       : 1;
}

/* Those that can have idmapped mounts, each since the kernel that gave it to them. */
static const struct {
	const char *type, *since;
} supporting[] = {
	{ "ext2", "5.12" },  { "ext3", "5.12" },  { "ext4", "5.12" },	 { "vfat", "5.12" },
	{ "xfs", "5.12" },   { "btrfs", "5.15" }, { "ntfs3", "5.15" },	 { "f2fs", "5.18" },
	{ "erofs", "5.19" }, { "tmpfs", "6.3" },  { "squashfs", "6.2" }, { "ceph", "6.7" },
	{ "fuse", "6.12" },
};

/* "fuse.sshfs" and others say who serves them. */
static bool is_fuse(const char *type)
{
	return type && (str_is(type, "fuse") || str_after(type, "fuse."));
}

static const char *supported_since(const char *type)
{
	if (is_fuse(type))
		type = "fuse";
	for (size_t i = 0; type && i < ARRAY_LEN(supporting); i++)
		if (str_is(type, supporting[i].type))
			return supporting[i].since;
	return NULL;
}

static int not_supported(const struct privmount_refusal *r, const char *since, struct err *e)
{
	auto_free char *type = r->fstype ? xasprintf(", %s,", r->fstype) : xstrdup("");
	auto_free char *when =
		since ? xasprintf("allows it since Linux %s", since) : xstrdup("does not allow it");

	return err_say(e, r->code, "cannot map the ids of %s: its file system%s %s%s", r->what,
		       type, when, is_fuse(r->fstype) ? " if its server does" : "");
}

int privmount_explain(const struct privmount_refusal *r, struct err *e)
{
	const char *since = supported_since(r->fstype);

	if (r->is_mapped)
		err_say(e, r->code,
			"cannot map the ids of %s: they are mapped already, which "
			"stays so before Linux 6.15",
			r->what);
	else if (r->code == -EPERM)
		err_say(e, r->code,
			"cannot map the ids of %s: that needs CAP_SYS_ADMIN in the user "
			"namespace that its file system belongs to",
			r->what);
	else if (r->code != -EINVAL)
		err_set(e, r->code, "cannot map the ids of %s", r->what);
	else if (!since || r->is_new || is_fuse(r->fstype))
		not_supported(r, since, e);
	else
		err_say(e, r->code,
			"cannot map the ids of %s: its file system belongs to the same "
			"user namespace, whose ids it has already",
			r->what);
	err_hint(e, "--idmap none leaves the ids of the files as they are");
	return r->code;
}
