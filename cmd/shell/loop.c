/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop.h"

#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "../../common/cli/dispatch.h"
#include "../../common/cli/words.h"
#include "../../common/out/flush.h"
#include "jobs.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* So deep may `source` nest: more is a circle. */
#define DEEPEST 32

/* Whether somebody at the terminal has pressed Ctrl-C; the editor takes what is pending. */
static bool is_interrupted(const struct shell *sh)
{
	sigset_t pending;

	if (sh->interrupted || !sh->interactive)
		return sh->interrupted;
	return sigpending(&pending) == 0 && sigismember(&pending, SIGINT) == 1;
}

/* Whether the run goes on after a command that ended with STATUS. */
static bool goes_on(const struct shell *sh, int status)
{
	if (sh->leave || is_interrupted(sh))
		return false;
	return !status || sh->interactive || sh->keep_going;
}

/* Runs a line's pipelines as && and || have it. Returns the status of the last that was run. */
static int run_line(struct shell *sh, const struct line *line, const char *text, int *failure)
{
	enum token_kind before = TOKEN_NEXT;
	int status = sh->status;

	for (size_t i = 0; i < line->pipelines.n && !sh->leave && !is_interrupted(sh); i++) {
		const struct pipeline *p = &line->pipelines.v[i];
		bool wanted = before == TOKEN_NEXT || (before == TOKEN_AND) == (status == 0);

		if (wanted)
			status = sh->status = run_pipeline(sh, p, text);
		before = p->then;
		if (before == TOKEN_AND || before == TOKEN_OR)
			continue;
		if (status)
			*failure = status;
		if (!goes_on(sh, status))
			break;
	}
	return status;
}

/* Sets "NAME:LINE: " as that with which failures begin. */
static void speak_as(struct shell *sh, const char *name, unsigned line)
{
	struct str s = { 0 };

	if (name) {
		escape_terminal(&s, name, strlen(name));
		str_addf(&s, ":%u: ", line);
	}
	free(sh->speaker);
	sh->speaker = str_take(&s);
	sh->ctx.speaker = sh->speaker;
}

/* Runs one line. Returns its status; *FAILURE becomes that of its last failure. */
static int run_text(struct shell *sh, const char *text, int *failure)
{
	auto_line struct line line = { 0 };
	auto_err struct err e = { 0 };

	if (line_parse(text, &line, &e) < 0) {
		dispatch_complain(&sh->ctx, NULL, &e);
		return sh->status = *failure = 2;
	}
	if (!line.pipelines.n)
		return sh->status;
	return run_line(sh, &line, text, failure);
}

/* The line at TEXT, with those that a backslash at its end joins to it; *COUNT lines in all. */
static char *next_line(const char **text, unsigned *count)
{
	struct str s = { 0 };
	bool joins;

	*count = 0;
	do {
		size_t n = strcspn(*text, "\n"), slashes = 0;

		while (slashes < n && (*text)[n - 1 - slashes] == '\\')
			slashes++;
		joins = slashes % 2 == 1 && (*text)[n] == '\n';
		str_addn(&s, *text, joins ? n - 1 : n);
		*text += n + ((*text)[n] == '\n');
		++*count;
	} while (joins);
	return str_take(&s);
}

int loop_text(struct shell *sh, const char *text, const char *name, unsigned first)
{
	auto_free char *outer = sh->speaker ? xstrdup(sh->speaker) : NULL;
	int status = 0, failure = 0;

	while (*text && !sh->leave) {
		unsigned count;
		auto_free char *line = next_line(&text, &count);

		speak_as(sh, name, first);
		first += count;
		status = run_text(sh, line, &failure);
		if (!goes_on(sh, status))
			break;
	}
	free(sh->speaker);
	sh->ctx.speaker = sh->speaker = take_ptr(&outer);
	return sh->keep_going && !sh->leave && failure ? failure : status;
}

/* What has a NUL in it is no script: who knows what it would do. */
static int refuse_line(struct shell *sh, const char *name, unsigned at)
{
	auto_err struct err e = { 0 };
	auto_free char *outer = sh->speaker;

	sh->speaker = NULL;
	speak_as(sh, name, at);
	err_say(&e, -EINVAL, "this is no text: a byte of the line is 0");
	dispatch_complain(&sh->ctx, NULL, &e);
	free(sh->speaker);
	sh->ctx.speaker = sh->speaker = take_ptr(&outer);
	return sh->status = 2;
}

int loop_file(struct shell *sh, FILE *in, const char *name)
{
	auto_free char *line = NULL;
	auto_str struct str text = { 0 };
	unsigned at = 1, first = 1;
	size_t size = 0;
	int status = 0, failure = 0;
	ssize_t n;

	while (!sh->leave && (n = getline(&line, &size, in)) > 0) {
		bool joins = n > 1 && line[n - 1] == '\n' && line[n - 2] == '\\';

		if (strlen(line) != (size_t)n)
			return refuse_line(sh, name, at);
		str_addn(&text, line, (size_t)n);
		at++;
		if (joins && !feof(in))
			continue;
		status = loop_text(sh, str_text(&text), name, first);
		if (status)
			failure = status;
		if (!goes_on(sh, status))
			break;
		first = at;
		str_clear(&text);
	}
	return sh->keep_going && !sh->leave && failure ? failure : status;
}

int loop_path(struct shell *sh, const char *path, struct err *e)
{
	auto_free char *q = quoted(path);
	struct stat st;
	FILE *in;
	int status;

	if (sh->nesting == DEEPEST)
		return err_say(e, -ELOOP, "%s: files that read each other nest too deep", q);
	in = fopen(path, "re");
	if (!in)
		return err_set(e, -errno, "cannot open %s", q);
	if (fstat(fileno(in), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(in);
		return err_set(e, -EISDIR, "cannot read %s", q);
	}
	sh->nesting++;
	status = loop_file(sh, in, path);
	sh->nesting--;
	if (ferror(in))
		status = err_set(e, -EIO, "cannot read %s", q);
	fclose(in);
	return status;
}

int loop_check_alias(const char *text, struct err *e)
{
	auto_line struct line line = { 0 };
	int r = line_parse(text, &line, e);

	if (r < 0)
		return r;
	if (line.pipelines.n != 1 || line.pipelines.v[0].then != TOKEN_END)
		return err_say(e, -EINVAL, "an alias is one command");
	return 0;
}
