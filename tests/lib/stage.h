/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What nsmake.c builds its situations with: children that die with us, namespaces, and the facts
 * about them, lines "key=value" that the test reads.
 *
 * Every process is a descendant of the one that the test started, and that one is their reaper
 * (PR_SET_CHILD_SUBREAPER), so that all are gone when it ends. If it is killed, the children get
 * a signal from the kernel (PR_SET_PDEATHSIG), and a warden (see stage_warden) tidies up.
 */
#pragma once

#include "../../common/base/fd.h"
#include "../../common/base/num.h"
#include "../../common/sys/compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STAGE_MAX 4096 /* children that can be told to go */

static struct {
	pid_t children[STAGE_MAX];
	size_t n;
	int warden;   /* closing it sets the warden to work */
	pid_t parent; /* of this process, if stage_fork() made it */
} stage = { .warden = -EBADF };

static inline _Noreturn void die(const char *what)
{
	fprintf(stderr, "nsmake: %s: %s\n", what, strerror(errno));
	_exit(1);
}

/* A system call's result that must not be negative. */
#define must(call)                                                                                 \
	({                                                                                         \
		__auto_type result_ = (call);                                                      \
		if (result_ < 0)                                                                   \
			die(#call);                                                                \
		result_;                                                                           \
	})

static inline _Noreturn void wait_for_death(void)
{
	for (;;)
		pause();
}

/* To be called again after a change of the user namespace, which clears the setting. */
static inline void die_with_parent(void)
{
	must(prctl(PR_SET_PDEATHSIG, SIGKILL));
	if (getppid() != stage.parent)
		_exit(1);
}

/* fork(2), of a child that is killed when this process ends. */
static inline pid_t stage_fork(void)
{
	pid_t self = getpid(), pid = must(fork());

	if (pid == 0) {
		stage.parent = self;
		die_with_parent();
	}
	return pid;
}

/*
 * Has ACT run in a child that is gone at once. Returns a descriptor of the child's namespace
 * NAME, which nothing else holds, nor what belongs to it.
 */
static inline int stage_ghost(void (*act)(FILE *out), FILE *out, const char *name)
{
	int fd, ends[2];
	char path[PATH_MAX], c;
	pid_t pid;

	must(pipe2(ends, O_CLOEXEC));
	fflush(out);
	pid = stage_fork();
	if (pid == 0) {
		act(out);
		fflush(out);
		must(write(ends[1], "", 1));
		wait_for_death();
	}
	close(ends[1]);
	if (read(ends[0], &c, 1) != 1)
		_exit(1);
	close(ends[0]);
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	fd = must(open(path, O_RDONLY | O_CLOEXEC));
	kill(pid, SIGKILL);
	must(waitpid(pid, NULL, 0));
	return fd;
}

/*
 * Starts a process that outlives us, if only to call UNDO: for what neither a signal nor the end
 * of a namespace would take away.
 */
static inline void stage_warden(void (*undo)(char **args), char **args)
{
	int ends[2];
	char c;

	must(pipe2(ends, O_CLOEXEC));
	if (must(fork()) == 0) {
		setsid();
		close(ends[1]);
		while (read(ends[0], &c, 1) < 0 && errno == EINTR)
			;
		undo(args);
		_exit(0);
	}
	close(ends[0]);
	stage.warden = ends[1];
}

/* Ends all, and returns when everything is gone. */
static inline void stage_clear(void)
{
	for (size_t i = 0; i < stage.n; i++)
		kill(stage.children[i], SIGKILL);
	cleanup_fd(&stage.warden);
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

/* Has ACT run in a child, copies the facts that it says to OUT, and leaves the child sleeping. */
static inline void stage_play(void (*act)(FILE *out, char **args), char **args, FILE *out)
{
	auto_free char *line = NULL;
	size_t size = 0;
	FILE *in;
	int ends[2];
	pid_t pid;

	must(pipe2(ends, O_CLOEXEC));
	pid = stage_fork();
	if (pid == 0) {
		FILE *facts = fdopen(ends[1], "w");

		close(ends[0]);
		act(facts, args);
		fputs(".\n", facts);
		fclose(facts);
		wait_for_death();
	}
	stage.children[stage.n++] = pid;
	close(ends[1]);
	in = fdopen(ends[0], "r");
	while (getline(&line, &size, in) > 0 && !str_is(line, ".\n"))
		fputs(line, out);
	if (!line || !str_is(line, ".\n")) { /* the child has said why */
		stage_clear();
		_exit(1);
	}
	fclose(in);
}

/* The name of FD in /proc/self/fd: what a mount of it is made from. */
static inline const char *fd_path(char buf[PATH_MAX], int fd)
{
	snprintf(buf, PATH_MAX, "/proc/self/fd/%d", fd);
	return buf;
}

static inline void write_file(const char *path, const char *text)
{
	auto_close int fd = must(open(path, O_WRONLY | O_CLOEXEC));

	must(write(fd, text, strlen(text)));
}

static inline void say_number(FILE *out, const char *key, unsigned long value)
{
	fprintf(out, "%s=%lu\n", key, value);
}

/* Says the inode of a namespace by its descriptor. */
static inline void say_fd(FILE *out, const char *key, int fd)
{
	struct stat st;

	must(fstat(fd, &st));
	say_number(out, key, st.st_ino);
}

/* The caller's own namespace (of the calling thread) called NAME. */
static inline int own_ns(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", name);
	return must(open(path, O_RDONLY | O_CLOEXEC));
}

/* Says the inode of the calling thread's own namespace NAME, under that name. */
static inline void say_own(FILE *out, const char *name)
{
	auto_close int fd = own_ns(name);

	say_fd(out, name, fd);
}

static inline void say_pid(FILE *out)
{
	say_number(out, "pid", (unsigned long)getpid());
}

/* A descriptor of a network namespace that nothing else holds. */
static inline int lone_net(void)
{
	auto_close int old = own_ns("net");
	int fd;

	must(unshare(CLONE_NEWNET));
	fd = own_ns("net");
	must(setns(old, CLONE_NEWNET));
	return fd;
}

/* A mount namespace of our own, where nothing we mount is seen from elsewhere, with an empty DIR. */
static inline void private_mounts(const char *dir)
{
	must(unshare(CLONE_NEWNS));
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must(mount("none", dir, "tmpfs", 0, "size=64k"));
}

/* Binds a namespace's descriptor to PATH, a file that is made for it. */
static inline void bind_fd(int fd, const char *path)
{
	char source[PATH_MAX];
	auto_close int file = must(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));

	(void)file;
	must(mount(fd_path(source, fd), path, NULL, MS_BIND, NULL));
}
