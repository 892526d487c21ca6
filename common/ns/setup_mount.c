/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/mountapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MQUEUE_DIR   "/dev/mqueue"
#define MQUEUE_MAGIC 0x19800202
#define BINFMT_DIR   "/proc/sys/fs/binfmt_misc"
#define OLD_PROC     "/proc"

static int mount_failed(const struct setup_run *run, int code, const char *what, const char *path,
			struct err *e)
{
	auto_free char *q = quoted(path);

	err_set(e, code, "cannot %s %s", what, q);
	setup_why(run, WHY_MOUNT, e);
	return code;
}

int setup_propagation(struct setup_run *run, struct err *e)
{
	static const unsigned long flags[] = {
		[PROPAGATION_PRIVATE] = MS_REC | MS_PRIVATE,
		[PROPAGATION_SLAVE] = MS_REC | MS_SLAVE,
		[PROPAGATION_SHARED] = MS_REC | MS_SHARED,
	};

	int r;

	if (mount("none", "/", NULL, flags[run->s->propagation], NULL) == 0)
		return 0;
	r = err_set(e, -errno, "cannot change the propagation of the mounts");
	if (r == -EINVAL)
		err_hint(e, "the root directory is no mount, as in a chroot: use "
			    "--propagation unchanged");
	setup_why(run, WHY_MOUNT, e);
	return r;
}

int setup_open_sources(struct setup_run *run, struct err *e)
{
	for (size_t i = 0; i < run->s->nmounts; i++) {
		const struct setup_mount *m = &run->s->mounts[i];
		int fd = m->source ? mount_clone(m->source) : -EBADF;

		if (m->source && fd < 0)
			return mount_failed(run, fd, "bind", m->source, e);
		vec_push(&run->sources, fd);
	}
	/* That this fails matters if a fresh one is refused. */
	if (run->s->bind_proc && run->s->proc && run->s->root)
		run->old_proc = mount_clone(OLD_PROC);
	return 0;
}

static bool is_directory(int dir, const char *path)
{
	struct stat st;

	return fstatat(dir, path, &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode);
}

/* Who has a directory as root stays in it when something is mounted there, and sees nothing of it. */
static int check_target(const char *target, struct err *e)
{
	struct stat root, st;

	if (stat("/", &root) < 0 || stat(target, &st) < 0 || st.st_dev != root.st_dev ||
	    st.st_ino != root.st_ino)
		return 0;
	err_say(e, -EINVAL, "a mount over the root directory would not be seen");
	err_hint(e, "--root DIR and --pivot DIR change the root directory");
	return -EINVAL;
}

static int attach_source(struct setup_run *run, size_t i, struct err *e)
{
	const struct setup_mount *m = &run->s->mounts[i];
	auto_close int tree = take_fd(&run->sources.v[i]);
	bool is_readonly = m->readonly && mount_clone_readonly(tree) == 0;
	int r = mount_attach(tree, m->target);

	if (r < 0) {
		mount_failed(run, r, "bind over", m->target, e);
		if (is_directory(tree, "") != is_directory(AT_FDCWD, m->target))
			err_hint(e, "one of them is a directory and the other is not");
		return r;
	}
	if (m->readonly && !is_readonly)
		r = mount_add_flags(m->target, MS_RDONLY);
	return r < 0 ? mount_failed(run, r, "make read-only", m->target, e) : 0;
}

static int mount_tmpfs(const struct setup_run *run, const struct setup_mount *m, struct err *e)
{
	if (mount("tmpfs", m->target, "tmpfs", MS_NOSUID | MS_NODEV, NULL) < 0)
		return mount_failed(run, -errno, "mount a tmpfs on", m->target, e);
	return 0;
}

int setup_mount_all(struct setup_run *run, struct err *e)
{
	for (size_t i = 0; i < run->s->nmounts; i++) {
		const struct setup_mount *m = &run->s->mounts[i];
		int r = check_target(m->target, e);

		if (r == 0)
			r = m->source ? attach_source(run, i, e) : mount_tmpfs(run, m, e);
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * pivot_root(2) wants a mount, so the directory becomes one; with "." for both, the old root
 * comes to lie over the new one and is still there for the kernel's look at the old /proc.
 */
int setup_pivot(struct setup_run *run, struct err *e)
{
	const char *root = run->s->root;
	auto_close int tree = mount_clone(root);
	auto_free char *q = quoted(root);
	int r = tree < 0 ? tree : mount_attach(tree, root);

	if (r == 0 && chdir(root) < 0)
		r = -errno;
	if (r == 0)
		r = root_pivot(".", ".");
	if (r < 0) {
		err_set(e, r, "cannot make %s the root", q);
		if (r == -EINVAL)
			err_hint(e, "pivot_root(2) needs mounts that are not shared "
				    "(--propagation private) and a root that is a mount");
		if (r == -EBUSY)
			err_hint(e, "that is the root directory already");
		setup_why(run, WHY_MOUNT, e);
	}
	return r;
}

int setup_leave_old_root(struct setup_run *run, struct err *e)
{
	(void)run;
	if (chdir("/") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return err_set(e, -errno, "cannot leave the old root");
	return 0;
}

int setup_change_root(struct setup_run *run, struct err *e)
{
	auto_free char *q = quoted(run->s->root);

	if (chroot(run->s->root) < 0)
		return err_set(e, -errno, "cannot change the root to %s", q);
	return 0;
}

/*
 * A proc of its own must not propagate to where the old one came from. What is no mount cannot
 * have a propagation, which is as good.
 */
static void isolate_proc(const struct setup_run *run)
{
	if (run->s->propagation != PROPAGATION_PRIVATE && !run->s->root)
		mount("none", run->s->proc, NULL, MS_PRIVATE | MS_REC, NULL);
}

/* The caller's proc, with all that covers parts of it; in the old root it may be there already. */
static int bind_old_proc(struct setup_run *run)
{
	auto_close int tree = take_fd(&run->old_proc);

	if (run->s->root)
		return tree < 0 ? tree : mount_attach(tree, run->s->proc);
	if (str_is(run->s->proc, OLD_PROC))
		return 0;
	tree = mount_clone(OLD_PROC);
	return tree < 0 ? tree : mount_attach(tree, run->s->proc);
}

int setup_mount_proc(struct setup_run *run, struct err *e)
{
	auto_free char *q = quoted(run->s->proc);
	int r;

	isolate_proc(run);
	if (mount("proc", run->s->proc, "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) == 0)
		return 0;
	if (errno == ENOENT && run->s->proc_optional && run->s->root)
		return 0;
	r = -errno;
	if (r == -EPERM && run->s->bind_proc) {
		r = bind_old_proc(run);
		return r < 0 ? mount_failed(run, r, "bind the old proc over", run->s->proc, e) : 0;
	}
	err_set(e, r, "cannot mount a fresh proc on %s", q);
	if (run->s->proc_optional)
		err_hint(e, "--no-proc goes without one");
	setup_why(run, WHY_MOUNT_PROC, e);
	return r;
}

/* The queues that an mqueue shows are those of the IPC namespace in which it was mounted. */
int setup_mount_mqueue(struct setup_run *run, struct err *e)
{
	struct statfs st;

	if (statfs(MQUEUE_DIR, &st) < 0 || st.f_type != MQUEUE_MAGIC)
		return 0;
	if (mount("mqueue", MQUEUE_DIR, "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return mount_failed(run, -errno, "mount a fresh mqueue on", MQUEUE_DIR, e);
	return 0;
}

static int mount_binfmt(const struct setup_run *run, const char *path, struct err *e)
{
	unsigned long flags = MS_NOSUID | MS_NOEXEC | MS_NODEV;

	if (mount("binfmt_misc", path, "binfmt_misc", flags, NULL) < 0)
		return mount_failed(run, -errno, "mount binfmt_misc on", path, e);
	return 0;
}

static int register_interp(const struct setup_run *run, const char *dir, struct err *e)
{
	auto_free char *path = xasprintf("%s/register", dir);
	auto_free char *q = quoted(run->s->interp);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : fd_write_all(fd, run->s->interp, strlen(run->s->interp));

	return r < 0 ? err_set(e, r, "cannot register the interpreter %s", q) : 0;
}

int setup_register_first(struct setup_run *run, struct err *e)
{
	int r = mount_binfmt(run, BINFMT_DIR, e);

	return r < 0 ? r : register_interp(run, BINFMT_DIR, e);
}

int setup_mount_binfmt(struct setup_run *run, struct err *e)
{
	return mount_binfmt(run, run->s->binfmt, e);
}

int setup_register_interp(struct setup_run *run, struct err *e)
{
	return register_interp(run, run->s->binfmt, e);
}
