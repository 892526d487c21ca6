/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shell: the applet. Decides who is there: somebody at a terminal, a script, a line. */
#include "shell.h"

#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "../../common/cli/kinds.h"
#include "../../common/sys/procfs.h"
#include "commands.h"
#include "interactive.h"
#include "jobs.h"
#include "loop.h"
#include "settings.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct shell_opts {
	const char *command, *file;
	bool keep_going;
};

static int shell_init(struct shell *sh, const struct ctx *roof, const struct shell_opts *o,
		      struct err *e)
{
	sh->ctx = *roof;
	sh->speaker = xstrdup("");
	sh->ctx.speaker = sh->speaker;
	sh->keep_going = o->keep_going;
	settings_init(&sh->settings);
	commands_init(sh, roof);
	sh->proc = proc_open();
	return sh->proc < 0 ? err_set(e, sh->proc, "cannot open /proc") : 0;
}

static void shell_done(struct shell *sh)
{
	jobs_done(sh);
	shell_drop(sh);
	place_done(&sh->here);
	place_done(&sh->before);
	settings_done(&sh->settings);
	for (size_t i = 0; i < sh->aliases.n; i++) {
		free(sh->aliases.v[i].name);
		free(sh->aliases.v[i].text);
	}
	vec_done(&sh->aliases);
	for (size_t i = 0; i < sh->history.n; i++)
		free(sh->history.v[i]);
	vec_done(&sh->history);
	vec_done(&sh->commands);
	cleanup_fd(&sh->proc);
	free(sh->speaker);
}

/* Commands from standard input are not for the commands to read: they get an empty one. */
static int run_stdin(struct shell *sh, struct err *e)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), r;
	auto_close int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");

	if (!in || null < 0 || dup2(null, STDIN_FILENO) < 0)
		return err_set(e, -errno, "cannot read standard input");
	r = loop_file(sh, in, "stdin");
	if (ferror(in))
		r = err_set(e, -EIO, "cannot read standard input");
	fclose(in);
	return r;
}

static int run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	const struct shell_opts *o = opts;
	auto_call(shell_done) struct shell sh = { .proc = -EBADF };
	int r = shell_init(&sh, ctx, o, e);

	(void)argc, (void)argv;
	if (r < 0)
		return r;
	if (o->command && o->file)
		return err_say(e, -EINVAL, "commands come from -c or from -f, not from both");
	if (o->command)
		return loop_text(&sh, o->command, "-c", 1);
	if (o->file)
		return loop_path(&sh, o->file, e);
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return interactive_run(&sh, e);
	return run_stdin(&sh, e);
}

static const struct opt shell_opts[] = {
	VALUE('c', "command", &arg_string, struct shell_opts, command, "run these commands"),
	VALUE('f', "file", &arg_file, struct shell_opts, file, "run the commands in this file"),
	FLAG('k', "keep-going", struct shell_opts, keep_going,
	     "go on after a failure, and exit with the last one"),
};

extern const struct applet applet_shell;
const struct applet applet_shell = {
	.name = "shell",
	.summary = "walk the trees of namespaces, interactively or from a script",
	.opts = shell_opts,
	.nopts = ARRAY_LEN(shell_opts),
	.opts_size = sizeof(struct shell_opts),
	.alone = true,
	.where = APPLET_CHILD,
	.run = run,
};
