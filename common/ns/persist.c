/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "persist.h"

#include "../base/escape.h"
#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pid and time namespaces are entered by children only: theirs is the new one. */
static int open_ns(int self, enum ns_type t)
{
	const char *name = ns_types[t].for_children ? ns_types[t].for_children : ns_types[t].name;
	auto_free char *path = xasprintf("ns/%s", name);
	int fd = openat(self, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int create_file(struct persist *p, enum ns_type t)
{
	auto_close int fd = open(p->files[t], O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (fd >= 0)
		p->created |= 1U << t;
	return fd >= 0 || errno == EEXIST ? 0 : -errno;
}

static int bind_failed(int code, const struct persist *p, enum ns_type t, struct err *e)
{
	auto_free char *q = quoted(p->files[t]);

	err_set(e, code, "cannot bind the %s namespace over %s", ns_types[t].name, q);
	if (code == -EINVAL && t == NS_MNT)
		err_hint(e, "a mount namespace can be bound only below a mount that is not shared: "
			    "'mount --bind DIR DIR; mount --make-private DIR' makes such a one");
	if (code == -EPERM)
		err_hint(
			e,
			"this takes CAP_SYS_ADMIN in the caller's mount namespace: run it as root, "
			"or keep the namespaces without a mount, 'nstool unshare-ns --name NAME'");
	return code;
}

static int bind_one(struct persist *p, enum ns_type t, struct err *e)
{
	auto_close int fd = open_ns(p->self, t);
	auto_free char *source = xasprintf("/proc/self/fd/%d", fd);
	struct stat st = { 0 };
	int r = fd < 0 ? fd : fstat(fd, &st) < 0 ? -errno : 0;

	p->ids[t].dev = st.st_dev;
	p->ids[t].ino = st.st_ino;
	if (r == 0 && p->create)
		r = create_file(p, t);
	if (r == 0 && mount(source, p->files[t], NULL, MS_BIND, NULL) < 0)
		r = -errno;
	if (r < 0)
		return bind_failed(r, p, t, e);
	p->bound |= 1U << t;
	return 0;
}

/* Readers find the whole number or no file: it is written beside and then renamed. */
static int write_pid_file(struct persist *p, int pid, struct err *e)
{
	auto_free char *temporary = xasprintf("%s.%d", p->pid_file, (int)getpid());
	auto_free char *text = xasprintf("%d\n", pid);
	auto_free char *q = quoted(p->pid_file);
	auto_close int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int r = fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));

	if (r == 0 && rename(temporary, p->pid_file) < 0)
		r = -errno;
	if (r == 0)
		p->told = true;
	else if (fd >= 0)
		unlink(temporary);
	return r < 0 ? err_set(e, r, "cannot write the pid to %s", q) : 0;
}

static int open_all(const struct persist *p, int ns[NS_NTYPES], struct err *e)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		if (!(p->types & (1U << t)))
			continue;
		ns[t] = open_ns(p->self, t);
		if (ns[t] < 0)
			return err_set(e, ns[t], "cannot open the new %s namespace",
				       ns_types[t].name);
	}
	return 0;
}

static int keep(struct persist *p, int pid, struct err *e)
{
	int ns[NS_NTYPES], r;

	for (int t = 0; t < NS_NTYPES; t++)
		ns[t] = -EBADF;
	r = open_all(p, ns, e);
	if (r == 0)
		r = p->keep->keep(p->keep->data, ns, pid, e);
	p->kept = r == 0;
	for (int t = 0; t < NS_NTYPES; t++)
		cleanup_fd(&ns[t]);
	return r;
}

static bool is_bound(const struct persist *p, enum ns_type t, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return true;
	return st.st_dev == p->ids[t].dev && st.st_ino == p->ids[t].ino;
}

/* The file was perhaps reached by a symbolic link, which by now leads somewhere else. */
static void unbind(const struct persist *p, enum ns_type t)
{
	auto_close int fd = open(p->files[t], O_PATH | O_CLOEXEC);
	auto_free char *path = xasprintf("/proc/self/fd/%d", fd);

	if (fd < 0)
		umount2(p->files[t], MNT_DETACH | UMOUNT_NOFOLLOW);
	else if (is_bound(p, t, fd))
		umount2(path, MNT_DETACH);
}

void persist_undo(void *data)
{
	struct persist *p = data;

	/* The last one first: two may be bound over the same file. */
	for (enum ns_type t = NS_NTYPES; t-- > 0;) {
		if (!p->files[t])
			continue;
		if (p->bound & (1U << t))
			unbind(p, t);
		if (p->created & (1U << t))
			unlink(p->files[t]);
	}
	if (p->told)
		unlink(p->pid_file);
	if (p->kept)
		p->keep->undo(p->keep->data);
	links_return(&p->links);
	p->bound = p->created = 0;
	p->told = p->kept = false;
}

void persist_last(void *data)
{
	const struct persist *p = data;

	if (p->kept && p->keep->last)
		p->keep->last(p->keep->data);
}

int persist_make(void *data, int pid, struct err *e)
{
	struct persist *p = data;
	int r = 0;

	for (enum ns_type t = 0; r == 0 && t < NS_NTYPES; t++)
		if (p->files[t])
			r = bind_one(p, t, e);
	if (r == 0 && p->pid_file)
		r = write_pid_file(p, pid, e);
	if (r == 0 && p->keep)
		r = keep(p, pid, e);
	if (r == 0)
		r = links_move(&p->links, p->proc, p->self, e);
	if (r < 0)
		persist_undo(p);
	return r;
}
