/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec_guard.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "exec_misc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* As in the kernel: BINPRM_BUF_SIZE, and how many interpreters may follow each other. */
#define FIRST_LINE 256
#define MAX_DEPTH  5

static int look(struct exec_guard *g, int dir, const char *path, int flags)
{
	struct statx st;

	if (statx(dir, path, flags, STATX_INO | STATX_MNT_ID, &st) < 0)
		return -errno;
	g->major = st.stx_dev_major;
	g->minor = st.stx_dev_minor;
	g->ino = st.stx_ino;
	g->mount = st.stx_mnt_id;
	g->has_mount = st.stx_mask & STATX_MNT_ID;
	return 0;
}

int exec_guard_init(struct exec_guard *g, int proc)
{
	return look(g, proc, "self/exe", 0);
}

/*
 * Whoever has our program in a mount of his own has it anyhow. Through /proc/self/exe it is in
 * the mount from which we were started, which stays ours as long as we run.
 */
static bool is_ours(const struct exec_guard *g, const struct exec_guard *file)
{
	if (g->major != file->major || g->minor != file->minor || g->ino != file->ino)
		return false;
	return !g->has_mount || !file->has_mount || g->mount == file->mount;
}

/*
 * Executes the program PATH. Sets *FOUND if there is such a file. The kernel opens no interpreter for a descriptor that is closed on
 * exec: a script, or what binfmt_misc is to run, is -ENOENT.
 */
static int exec_program(const struct exec_guard *g, const char *path, char *const *argv,
			char *const *env, bool *found)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);
	struct exec_guard file = { 0 };
	int r = fd < 0 ? -errno : look(&file, fd, "", AT_EMPTY_PATH);

	*found = fd >= 0;
	if (r < 0)
		return r;
	if (is_ours(g, &file))
		return EXEC_IS_OURSELVES;
	execveat(fd, "", argv, env, AT_EMPTY_PATH);
	return -errno;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * From "#! INTERPRETER [ARGUMENT]" to the two words, cut off in LINE; ARGUMENT is NULL if there is
 * none and holds blanks if it does. False if LINE is something else, or too long.
 */
static bool split_line(char *line, size_t n, char **interpreter, char **argument)
{
	char *end = memchr(line, '\n', n), *p = line + 2;

	if (n < 2 || line[0] != '#' || line[1] != '!' || (!end && n == FIRST_LINE))
		return false;
	if (!end)
		end = line + n;
	while (end > p && is_blank(end[-1]))
		end--;
	*end = '\0';
	p += strspn(p, " \t");
	*interpreter = p;
	p += strcspn(p, " \t");
	*argument = NULL;
	if (*p) {
		*p++ = '\0';
		*argument = p + strspn(p, " \t");
	}
	return **interpreter;
}

/* What PATH leads to by now does not matter: what it names is checked in its turn. */
static ssize_t read_first_line(const char *path, char line[FIRST_LINE + 1])
{
	auto_close int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, FIRST_LINE);

	line[MAX(n, 0)] = '\0';
	return n < 0 ? -errno : n;
}

static char **script_argv(char *interpreter, char *argument, const char *path, char *const *argv)
{
	size_t n = 0, i = 0;
	char **args;

	while (argv[n])
		n++;
	args = xcalloc(n + 4, sizeof(*args));
	args[i++] = interpreter;
	if (argument)
		args[i++] = argument;
	args[i++] = (char *)path;
	if (n > 1)
		memcpy(args + i, argv + 1, (n - 1) * sizeof(*args));
	return args;
}

struct script {
	char line[FIRST_LINE + 1];
	char **argv; /* of its interpreter */
};

static int exec_by_misc(const struct exec_guard *g, const char *path, char *const *argv,
			char *const *env)
{
	auto_free char *q = quoted(path);
	auto_free char *complaint = xasprintf("%s: cannot run %s: binfmt_misc has an interpreter "
					      "for it, but that is not there or "
					      "cannot be run\n",
					      g->speaker, q);
	int r = exec_misc(path, argv, env, complaint);

	if (g->compat && execve(path, argv, env) < 0)
		r = -errno;
	return r;
}

int exec_guarded(const struct exec_guard *g, const char *path, char *const *argv, char *const *env)
{
	struct script scripts[MAX_DEPTH] = { 0 };
	bool found = false;
	int r = exec_program(g, path, argv, env, &found);
	int n = 0;

	for (; r == -ENOENT && found && n < MAX_DEPTH; n++) {
		struct script *s = &scripts[n];
		char *interpreter, *argument;
		ssize_t len = read_first_line(path, s->line);

		if (len >= 0 && exec_needs_misc(s->line, (size_t)len))
			r = exec_by_misc(g, path, argv, env);
		if (len < 0 || !split_line(s->line, (size_t)len, &interpreter, &argument))
			break;
		argv = s->argv = script_argv(interpreter, argument, path, argv);
		path = interpreter;
		r = exec_program(g, path, argv, env, &found);
	}
	if (r == -ENOENT && found && n == MAX_DEPTH)
		r = -ELOOP;
	for (int i = 0; i < n; i++)
		free(scripts[i].argv);
	return r;
}
