/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "netetc.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/mountapi.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

/* What systems mount below /sys. Where nothing is mounted the directory itself is carried over. */
static const char *const kept[] = {
	"/sys/fs/cgroup",
	"/sys/fs/bpf",
	"/sys/fs/fuse/connections",
	"/sys/fs/pstore",
	"/sys/fs/selinux",
	"/sys/fs/smackfs",
	"/sys/kernel/config",
	"/sys/kernel/debug",
	"/sys/kernel/security",
	"/sys/kernel/tracing",
	"/sys/firmware/efi/efivars",
};

static int fresh_sys(struct err *e)
{
	int trees[ARRAY_LEN(kept)];
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		trees[i] = mount_clone(kept[i]);
	if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		r = err_set(e, -errno, "cannot mount the /sys of the network namespace");
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		if (r == 0 && trees[i] >= 0)
			r = mount_attach(trees[i], kept[i]);
		if (r < 0 && e && !e->text)
			err_set(e, r, "cannot keep %s", kept[i]);
		cleanup_fd(&trees[i]);
	}
	return r;
}

static int bind_entry(const char *from_dir, const char *entry, struct err *e)
{
	auto_free char *from = xasprintf("%s/%s", from_dir, entry);
	auto_free char *to = xasprintf("/etc/%s", entry);
	auto_free char *q = NULL;

	if (mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0)
		return 0;
	q = quoted(from);
	return err_set(e, -errno, "cannot put %s over the one in /etc", q);
}

static int bind_all(DIR *d, const char *from, struct err *e)
{
	const struct dirent *entry;

	while ((entry = readdir(d))) {
		int r = 0;

		if (!str_is(entry->d_name, ".") && !str_is(entry->d_name, ".."))
			r = bind_entry(from, entry->d_name, e);
		if (r < 0)
			return r;
	}
	return 0;
}

int netetc_apply(const char *dir, const char *name, struct err *e)
{
	auto_free char *from = xasprintf("%s/%s", dir, name);
	DIR *d = opendir(from);
	int r;

	if (!d)
		return 0;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		r = err_set(e, -errno, "cannot make a mount namespace for the files of /etc");
	else
		r = bind_all(d, from, e);
	closedir(d);
	if (r == 0)
		r = fresh_sys(e);
	if (r < 0)
		err_hint(e, "--no-etc leaves /etc and /sys as they are");
	return r;
}
