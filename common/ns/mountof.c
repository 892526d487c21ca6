/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountof.h"

#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/mountinfo.h"
#include "../sys/procfs.h"

#include <errno.h>
#include <unistd.h>

#define TABLE_MAX (16 << 20)

static int find_id(int proc, int fd, uint32_t *ret)
{
	auto_free char *path = xasprintf("self/fdinfo/%d", fd);
	auto_str struct str text = { 0 };
	int r = proc_read(proc, path, &text);
	const char *field = r < 0 ? NULL : proc_field(str_text(&text), "mnt_id:");
	uint64_t id;

	if (!field || num_prefix(&field, &id) < 0)
		return r < 0 ? r : -ENODATA;
	*ret = (uint32_t)id;
	return 0;
}

static void take_if_it(const struct mount_line *line, void *data)
{
	struct mount_of *m = data;

	if (line->id != m->id || m->target)
		return;
	m->attr = line->attr;
	m->peers = line->peers;
	m->target = xstrdup(line->target ? line->target : "");
	m->fstype = xstrdup(line->fstype ? line->fstype : "");
}

static int read_table(int proc, int table, struct str *text)
{
	if (table < 0)
		return proc_read(proc, "self/mountinfo", text);
	return lseek(table, 0, SEEK_SET) < 0 ? -errno : fd_read_all(table, TABLE_MAX, text);
}

static int each_of(int proc, int table, mount_line_fn fn, void *data, struct err *e)
{
	auto_str struct str text = { 0 };
	int r = read_table(proc, table, &text);

	if (r < 0)
		return err_set(e, r, "cannot read a table of mounts");
	return mountinfo_each(str_text(&text), text.len, fn, data, e);
}

int mount_of_find(int proc, int table, int fd, struct mount_of *ret, struct err *e)
{
	struct mount_of m = { 0 };
	int r = find_id(proc, fd, &m.id);

	if (r < 0)
		return err_set(e, r, "cannot tell the mount of a descriptor");
	r = each_of(proc, table, take_if_it, &m, e);
	if (r < 0 || !m.target) {
		mount_of_done(&m);
		return r < 0 ? r : err_say(e, -ENOENT, "the mount is not below the root directory");
	}
	*ret = m;
	return 0;
}

void mount_of_done(struct mount_of *m)
{
	free(m->target);
	free(m->fstype);
	m->target = m->fstype = NULL;
}
