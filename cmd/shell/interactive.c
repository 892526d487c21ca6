/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interactive.h"

#include "../../common/base/escape.h"
#include "../../common/base/str.h"
#include "../../common/cli/dispatch.h"
#include "../../common/cli/version.h"
#include "../../common/ns/supervise.h"
#include "editor.h"
#include "history.h"
#include "jobs.h"
#include "loop.h"

#include <langinfo.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between \001 and \002 readline counts no columns. */
#define COLOR_PLACE "\001\033[36m\002"
#define COLOR_FAIL  "\001\033[31m\002"
#define COLOR_END   "\001\033[0m\002"

char *interactive_prompt(const struct shell *sh, bool color)
{
	bool utf8 = str_is(nl_langinfo(CODESET), "UTF-8");
	size_t n = sh->here.steps.n;
	auto_free char *last = n ? step_text(&sh->here.steps.v[n - 1]) : xstrdup("");
	auto_str struct str safe = { 0 };
	struct str s = { 0 };

	escape_terminal(&safe, last, strlen(last));
	str_addf(&s, "nstool %s%s%s%s ", color ? COLOR_PLACE : "",
		 n <= 1 ? "/"
		 : utf8 ? "…/"
			: ".../",
		 str_text(&safe), color ? COLOR_END : "");
	if (sh->status)
		str_addf(&s, "%s[%d]%s", color ? COLOR_FAIL : "", sh->status,
			 color ? COLOR_END : "");
	str_add(&s, "> ");
	return str_take(&s);
}

static void run_rc(struct shell *sh)
{
	auto_free char *path = history_path("XDG_CONFIG_HOME", ".config", "rc");
	auto_err struct err e = { 0 };
	struct stat st;

	if (!path || stat(path, &st) < 0)
		return;
	if (loop_path(sh, path, &e) < 0)
		dispatch_complain(&sh->ctx, NULL, &e);
	sh->status = 0;
}

/* The editor has no way to drop one line of many. */
static void remember_all(const struct shell *sh)
{
	editor_forget(sh->editor);
	for (size_t i = 0; i < sh->history.n; i++)
		editor_remember(sh->editor, sh->history.v[i]);
}

/* A paste may come as one text of many lines; each is remembered by itself. */
static void remember(struct shell *sh, const char *path, const char *text)
{
	int dropped = 0;

	while (*text) {
		size_t n = strcspn(text, "\n");
		auto_free char *line = xstrndup(text, n);
		int r = history_add(sh, path, line);

		if (r == 0)
			editor_remember(sh->editor, line);
		dropped += MAX(r, 0);
		text += n + (text[n] == '\n');
	}
	if (dropped)
		remember_all(sh);
}

static void greet(void)
{
	puts("nstool " NSTOOL_VERSION
	     ", a shell for namespaces: 'help' lists the commands, TAB completes, "
	     "Ctrl-D leaves.");
}

/* Runs what was typed. That leaving ends something is forgotten when something else is done. */
static void run_typed(struct shell *sh, const char *text)
{
	bool asked = sh->asked;

	sh->interrupted = false;
	loop_text(sh, text, NULL, 1);
	if (asked == sh->asked)
		sh->asked = false;
}

/* Reads and runs lines until the user leaves. Returns the last status. */
static int converse(struct shell *sh, const char *history)
{
	int signal = 0;

	while (!sh->leave) {
		auto_free char *prompt = interactive_prompt(sh, shell_wants_color(sh, stdout));
		auto_free char *line = editor_read(sh->editor, prompt, &signal);

		if (signal)
			return SUPERVISE_SIGNAL + signal;
		if (line) {
			remember(sh, history, line);
			run_typed(sh, line);
			continue;
		}
		fputs("exit\n", stdout);
		fflush(stdout);
		sh->leave = jobs_may_leave(sh);
	}
	return sh->status;
}

int interactive_run(struct shell *sh, struct err *e)
{
	auto_free char *path = history_path("XDG_STATE_HOME", ".local/state", "history");
	auto_editor struct editor *editor = NULL;
	int r = editor_new(sh, &editor, e);

	if (r < 0)
		return r;
	sh->editor = editor;
	sh->interactive = true;
	jobs_init(sh);
	greet();
	history_load(sh, path);
	remember_all(sh);
	run_rc(sh);
	return converse(sh, path);
}
