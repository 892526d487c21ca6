/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "holder.h"

#include "../base/child.h"
#include "../base/fd.h"
#include "../sys/fds.h"
#include "../sys/nsfile.h"
#include "../sys/pidfd.h"
#include "../sys/procfs.h"
#include "keeper.h"
#include "procbirth.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where a holder has its namespaces: this one and those behind it, by type. */
#define FIRST_FD 3

/* What a holder needs until it is settled, behind its namespaces. */
enum { TETHER = FIRST_FD + NS_NTYPES, STAGING, SETS, TELL, NFDS };

/* Moves all descriptors out of the way, then each to its place; nothing else stays open. */
static int settle(const int ns[NS_NTYPES], const int needed[NFDS])
{
	int moved[NFDS];

	for (int i = 0; i < NFDS; i++) {
		int from = i < FIRST_FD ? -EBADF : i < TETHER ? ns[i - FIRST_FD] : needed[i];

		moved[i] = from < 0 ? -EBADF : fcntl(from, F_DUPFD_CLOEXEC, NFDS);
		if (from >= 0 && moved[i] < 0)
			return -errno;
	}
	for (int i = 0; i < NFDS; i++) {
		close(i);
		if (moved[i] >= 0 && dup3(moved[i], i, O_CLOEXEC) < 0)
			return -errno;
	}
	return fds_close(NFDS);
}

/* Waits until the maker has ended, and tells whether the set is whole: it has a name then. */
static bool set_is_whole(void)
{
	auto_free char *name = NULL;
	char c;

	while (read(TETHER, &c, 1) < 0 && errno == EINTR)
		;
	name = registry_name_of(SETS, STAGING);
	return name;
}

static _Noreturn void holder_main(const struct nsset_wish *wish, const int needed[NFDS])
{
	struct keeper k;
	pid_t pid = getpid();

	keeper_settle(&k, "holding", wish->name);
	if (settle(wish->ns, needed) < 0 || fd_write_all(TELL, &pid, sizeof(pid)) < 0)
		quick_exit_child(1);
	close(TELL);
	if (!set_is_whole())
		quick_exit_child(1);
	for (int fd = TETHER; fd < NFDS; fd++)
		close(fd);
	keeper_stay(&k);
}

/* Forks twice: the holder is nobody's child, and of nobody's session. */
static _Noreturn void go_between(const struct nsset_wish *wish, const int needed[NFDS])
{
	pid_t pid;

	setsid();
	pid = fork();
	if (pid == 0)
		holder_main(wish, needed);
	quick_exit_child(pid < 0);
}

static int hear_pid(int fd, pid_t *ret)
{
	auto_str struct str s = { 0 };
	int r = fd_read_all(fd, sizeof(*ret), &s);

	if (r < 0 || s.len != sizeof(*ret))
		return r < 0 ? r : -ECHILD;
	memcpy(ret, s.s, sizeof(*ret));
	return 0;
}

/*
 * The writing end of the tether is never closed by us: it ends with this process, whatever ends
 * that, and only then does the holder look whether it is needed.
 */
int holder_start(const struct registry *r, int staging, const struct nsset_wish *wish,
		 struct setproc *ret, struct err *e)
{
	int tether[2], tell[2];
	pid_t child, holder = 0;
	int rc;

	if (pipe2(tether, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int hold = tether[0];

	if (pipe2(tell, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int hear = tell[0];
	auto_close int say = tell[1];

	child = fork();
	if (child < 0)
		return err_set(e, -errno, "cannot fork");
	if (child == 0) {
		close(tether[1]);
		go_between(wish, (int[NFDS]){ [TETHER] = hold,
					      [STAGING] = staging,
					      [SETS] = r->dir,
					      [TELL] = say });
	}
	cleanup_fd(&say);
	rc = hear_pid(hear, &holder);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (rc == 0)
		rc = procbirth_of(r->proc, holder, ret);
	return rc < 0 ? err_set(e, rc, "cannot start the process that holds the namespaces") : 0;
}

int holder_open(int proc, const struct setproc *holder)
{
	auto_close int pidfd = procbirth_hold(proc, holder);
	char path[PROC_PATH_MAX];
	int fd;

	if (pidfd < 0)
		return pidfd;
	if (!pidfd_alive(pidfd)) /* a zombie has nothing open */
		return -ESRCH;
	proc_path(path, holder->pid, 0, "fd");
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int holder_ns(int held, enum ns_type type)
{
	auto_free char *name = xasprintf("%d", FIRST_FD + (int)type);

	return held < 0 ? held : nsfile_open(held, name);
}

char *holder_path(const struct setproc *holder, enum ns_type type)
{
	return xasprintf("/proc/%d/fd/%d", holder->pid, FIRST_FD + (int)type);
}
