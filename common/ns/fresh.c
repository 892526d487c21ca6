/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fresh.h"

#include "../base/fd.h"
#include "../sys/mountapi.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#define FRESH_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

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

int fresh_mounts(struct err *e)
{
	int r = 0;

	if (unshare(CLONE_NEWNS) == 0 && mount("", "/", NULL, MS_SLAVE | MS_REC, NULL) == 0)
		return 0;
	r = err_set(e, -errno, "cannot make a mount namespace for what only the command shall see");
	if (r == -EINVAL)
		err_hint(e, "the root directory is no mount, as in a chroot");
	if (r == -EPERM)
		err_hint(e,
			 "this needs CAP_SYS_ADMIN in the user namespace that is joined, or else "
			 "in the caller's");
	return r;
}

/* WHOSE: the type whose owner has a say beside that of the mount namespace. */
static int refused(int code, const char *path, const char *whose, struct err *e)
{
	err_set(e, code, "cannot mount a fresh %s", path);
	if (code == -EPERM)
		err_hint(e,
			 "this needs CAP_SYS_ADMIN in the owners of the %s and the mount "
			 "namespace, and no %s with hidden parts",
			 whose, path);
	return code;
}

int fresh_proc(struct err *e)
{
	if (mount("proc", "/proc", "proc", FRESH_FLAGS, NULL) < 0)
		return refused(-errno, "/proc", "pid", e);
	return 0;
}

/* In a user namespace what is read-only may not appear as anything else. */
static unsigned long sys_flags(void)
{
	struct statvfs st;

	return FRESH_FLAGS | (statvfs("/sys", &st) == 0 && st.f_flag & ST_RDONLY ? MS_RDONLY : 0);
}

int fresh_sys(struct err *e)
{
	int trees[ARRAY_LEN(kept)];
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		trees[i] = mount_clone(kept[i]);
	if (mount("sysfs", "/sys", "sysfs", sys_flags(), NULL) < 0)
		r = refused(-errno, "/sys", "network", e);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		if (r == 0 && trees[i] >= 0)
			r = mount_attach(trees[i], kept[i]);
		if (r < 0 && e && !e->text)
			err_set(e, r, "cannot keep %s", kept[i]);
		cleanup_fd(&trees[i]);
	}
	return r;
}
