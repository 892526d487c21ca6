/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "idmap_write.h"

#include "../base/child.h"
#include "../base/escape.h"
#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER_TEXT_MAX 1000

static const char *const map_files[] = { [ID_USER] = "uid_map", [ID_GROUP] = "gid_map" };
static const char *const helpers[] = { [ID_USER] = "newuidmap", [ID_GROUP] = "newgidmap" };
static const char *const subids[] = { [ID_USER] = "/etc/subuid", [ID_GROUP] = "/etc/subgid" };

/* The kernel takes such a file in one write or not at all. */
static int write_whole(int dir, const char *name, const char *text)
{
	auto_close int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
}

int idmap_write_setgroups(int self, bool deny, struct err *e)
{
	const char *word = deny ? "deny" : "allow";
	int r = write_whole(self, "setgroups", word);

	return r < 0 ? err_set(e, r, "cannot %s setgroups in the new user namespace", word) : 0;
}

int idmap_write(int self, enum id_kind kind, const struct idmap *m, struct err *e)
{
	auto_free char *text = idmap_text(m);
	int r = write_whole(self, map_files[kind], text);

	return r < 0 ? err_set(e, r, "cannot write the %s map", id_names[kind]) : 0;
}

/* NAME PID INNER OUTER COUNT … */
static char **helper_argv(const char *name, const char *pid, const struct idmap *m)
{
	char **argv = xcalloc(2 + 3 * m->ranges.n + 1, sizeof(*argv));
	size_t n = 0;

	argv[n++] = xstrdup(name);
	argv[n++] = xstrdup(pid);
	for (size_t i = 0; i < m->ranges.n; i++) {
		argv[n++] = xasprintf("%u", m->ranges.v[i].inner);
		argv[n++] = xasprintf("%u", m->ranges.v[i].outer);
		argv[n++] = xasprintf("%u", m->ranges.v[i].count);
	}
	return argv;
}

static _Noreturn void helper_main(char **argv, int err_fd)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(err_fd, STDOUT_FILENO);
	dup2(err_fd, STDERR_FILENO);
	execvp(argv[0], argv);
	quick_exit_child(errno == ENOENT ? 127 : 126);
}

static int helper_failed(int status, const struct str *said, enum id_kind kind, struct err *e)
{
	auto_str struct str text = { 0 };

	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		err_say(e, -ENOENT, "%s, which maps more than one's own id, is not installed",
			helpers[kind]);
		err_hint(e, "on Debian it is in the package uidmap");
		return -ENOENT;
	}
	escape_terminal(&text, str_text(said), strcspn(str_text(said), "\n"));
	if (text.len == 0)
		str_addf(&text, "%s failed with status %d", helpers[kind], WEXITSTATUS(status));
	err_say(e, -EPERM, "cannot write the %s map: %s", id_names[kind], text.s);
	err_hint(e, "%s maps what lines of %s give to the caller", helpers[kind], subids[kind]);
	return -EPERM;
}

static int run_helper(char **argv, enum id_kind kind, struct err *e)
{
	auto_str struct str said = { 0 };
	int ends[2], status = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	auto_close int hear = ends[0];
	auto_close int say = ends[1];

	pid = fork();
	if (pid < 0)
		return err_set(e, -errno, "cannot fork");
	if (pid == 0)
		helper_main(argv, say);
	cleanup_fd(&say);
	fd_read_all(hear, HELPER_TEXT_MAX, &said);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0 ? 0 : helper_failed(status, &said, kind, e);
}

int idmap_write_by_helper(const char *pid, enum id_kind kind, const struct idmap *m, struct err *e)
{
	char **argv = helper_argv(helpers[kind], pid, m);
	int r = run_helper(argv, kind, e);

	for (char **p = argv; *p; p++)
		free(*p);
	free(argv);
	return r;
}
