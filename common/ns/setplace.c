/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setplace.h"

#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"

#include <fcntl.h>

static void note_namespace(int proc, const char *path, ino_t *ino, uint64_t *id)
{
	auto_close int ns = openat(proc, path, O_RDONLY | O_CLOEXEC);

	if (ns < 0)
		return;
	*ino = fd_inode(ns);
	nsfs_id(ns, id);
}

/* What the kernel calls this start of the machine; to be freed. NULL: that cannot be read. */
static char *boot_id(int proc)
{
	auto_str struct str text = { 0 };

	if (proc_read(proc, "sys/kernel/random/boot_id", &text) < 0 || !text.len)
		return NULL;
	return xstrndup(text.s, strcspn(text.s, "\n"));
}

void setplace_note(int proc, struct setinfo *info)
{
	note_namespace(proc, "self/ns/mnt", &info->place, &info->place_id);
	note_namespace(proc, "self/ns/pid", &info->pids, &info->pids_id);
	free(info->boot);
	info->boot = boot_id(proc);
}

void setplace_forget_past(int proc, struct setinfo *info)
{
	auto_free char *now = info->boot ? boot_id(proc) : NULL;

	if (!now || str_is(now, info->boot))
		return;
	info->holder.pid = info->init.pid = 0;
	info->place = info->place_id = 0;
	for (int t = 0; t < NS_NTYPES; t++)
		info->ns[t].id = 0;
}

bool setplace_has_our_pids(int proc, const struct setinfo *info)
{
	ino_t own = 0;
	uint64_t id = 0;

	note_namespace(proc, "self/ns/pid", &own, &id);
	return !info->pids || !own ||
	       (info->pids == own && (!info->pids_id || !id || info->pids_id == id));
}
