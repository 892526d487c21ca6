/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec.h"

#include "../base/escape.h"
#include "exec_guard.h"
#include "passwd.h"
#include "run.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *env_get(char *const *env, const char *name)
{
	for (; *env; env++) {
		const char *value = str_after(*env, name);

		if (value && *value == '=')
			return value + 1;
	}
	return NULL;
}

static int exec_once(const struct exec_guard *g, const char *path, char *const *argv,
		     char *const *env)
{
	if (g)
		return exec_guarded(g, path, argv, env);
	execve(path, argv, env);
	return -errno;
}

/* As execvp(3) does: a file that may be executed but is no program is a script for the shell. */
static int exec_script(const struct exec_guard *g, const char *path, char *const *argv,
		       char *const *env)
{
	size_t n = 0;

	while (argv[n])
		n++;
	auto_free char **args = xcalloc(n + 2, sizeof(*args));

	args[0] = (char *)"sh";
	args[1] = (char *)path;
	if (n > 1)
		memcpy(args + 2, argv + 1, (n - 1) * sizeof(*args));
	return exec_once(g, "/bin/sh", args, env);
}

static int exec_file(const struct exec_guard *g, const char *path, char *const *argv,
		     char *const *env)
{
	int r = exec_once(g, path, argv, env);

	return r == -ENOEXEC ? exec_script(g, path, argv, env) : r;
}

/* A look costs a fifth of an execve(2) that finds nothing, and PATH may be long. */
static bool is_absent(const char *file)
{
	struct stat st;

	return stat(file, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

/*
 * Tries each directory of PATH; a file that may not be executed is remembered, not the end. An
 * empty name would be the directory itself.
 */
static int exec_search(const struct exec_guard *g, char *const *argv, char *const *env)
{
	const char *path = env_get(env, "PATH");
	auto_str struct str file = { 0 };
	int result = -ENOENT;

	if (!path)
		path = DEFAULT_PATH;
	for (bool more = *argv[0]; more;) {
		size_t n = strcspn(path, ":");
		int r;

		str_clear(&file);
		str_addn(&file, path, n);
		if (n)
			str_addc(&file, '/');
		str_add(&file, argv[0]);
		r = is_absent(file.s) ? -ENOENT : exec_file(g, file.s, argv, env);
		if (r != -ENOENT && r != -ENOTDIR && r != -EACCES)
			return r;
		if (r == -EACCES)
			result = r;
		more = path[n] == ':';
		path += n + 1;
	}
	return result;
}

static int run_by_ourselves(const char *q, struct err *e)
{
	err_say(e, -EPERM, "will not run %s: it leads back to nstool itself", q);
	err_hint(e, "the target would get hold of the program through /proc (CVE-2019-5736)");
	return RUN_NOT_RUNNABLE;
}

/* What may be executed by nobody, whoever tries. */
static void hint_no_program(const char *path, const char *q, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode))
		err_hint(e, "%s is a directory", q);
	else if (S_ISREG(st.st_mode) && !(st.st_mode & 0111))
		err_hint(e, "%s is not marked as executable", q);
}

/* ENOENT for a file that is there means what it would be run by: "#!…" or the dynamic loader. */
static int refused(const char *name, int code, struct err *e)
{
	auto_free char *q = quoted(name);

	if (code == EXEC_IS_OURSELVES)
		return run_by_ourselves(q, e);
	err_set(e, code, "cannot run %s", q);
	if (code == -ENOENT && strchr(name, '/') && access(name, F_OK) == 0)
		err_hint(e, "%s is there, but the interpreter or loader that it names is not", q);
	if (code == -EACCES && strchr(name, '/'))
		hint_no_program(name, q, e);
	return code == -ENOENT || code == -ENOTDIR ? RUN_NOT_FOUND : RUN_NOT_RUNNABLE;
}

static char *shell_path(char *const *env)
{
	const char *wanted = env_get(env, "SHELL");
	auto_free char *own = NULL;

	if (wanted && *wanted == '/' && access(wanted, X_OK) == 0)
		return xstrdup(wanted);
	own = passwd_shell("/etc/passwd", getuid());
	if (own && *own == '/' && access(own, X_OK) == 0)
		return take_ptr(&own);
	return xstrdup("/bin/sh");
}

static int exec_shell(const struct exec_guard *g, char *const *env, bool login, struct err *e)
{
	auto_free char *shell = shell_path(env);
	auto_free char *name = xasprintf("%s%s", login ? "-" : "", strrchr(shell, '/') + 1);
	char *argv[] = { name, NULL };

	return refused(shell, exec_file(g, shell, argv, env), e);
}

int exec_command(char *const *argv, char *const *env, bool login, const struct exec_guard *g,
		 struct err *e)
{
	if (!env)
		env = environ;
	if (!argv || !argv[0])
		return exec_shell(g, env, login, e);
	if (strchr(argv[0], '/'))
		return refused(argv[0], exec_file(g, argv[0], argv, env), e);
	return refused(argv[0], exec_search(g, argv, env), e);
}
