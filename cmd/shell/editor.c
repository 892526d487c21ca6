/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows readline. */
#include "editor.h"

#include "../../common/base/dl.h"
#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "complete.h"

#include <errno.h>
#include <poll.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define READLINE(X)                                                                                \
	X(rl_callback_handler_install)                                                             \
	X(rl_callback_handler_remove)                                                              \
	X(rl_callback_read_char)                                                                   \
	X(rl_callback_sigcleanup)                                                                  \
	X(rl_get_screen_size)                                                                      \
	X(rl_resize_terminal)                                                                      \
	X(rl_replace_line)                                                                         \
	X(rl_on_new_line)                                                                          \
	X(rl_forced_update_display)                                                                \
	X(add_history)                                                                             \
	X(clear_history)                                                                           \
	X(rl_readline_name)                                                                        \
	X(rl_attempted_completion_function)                                                        \
	X(rl_attempted_completion_over)                                                            \
	X(rl_completer_word_break_characters)                                                      \
	X(rl_completion_append_character)                                                          \
	X(rl_completion_display_matches_hook)                                                      \
	X(rl_sort_completion_matches)                                                              \
	X(rl_catch_signals)                                                                        \
	X(rl_catch_sigwinch)                                                                       \
	X(rl_line_buffer)                                                                          \
	X(rl_point)

struct readline {
	READLINE(DL_FIELD)
};

DL_NOTE("libreadline.so.8", "shell", "Line editing in the interactive shell");

/* So many candidates are explained; where the screen has fewer lines, so many are listed. */
#define LISTED_MAX 200

struct editor {
	struct readline lib;
	struct shell *shell;
	int signals; /* Ctrl-C, changes of the window's size, and what ends the shell */
	bool done;
	int ended; /* by this signal */
	char *line;
	struct completion completion; /* the candidates of the last completion */
};

/* readline's callbacks are given nothing: there is one terminal, and one editor. */
static struct editor *current;

static void take_line(char *line)
{
	current->line = line;
	current->done = true;
	current->lib.rl_callback_handler_remove();
}

/* As far as all candidates are the same. */
static char *common_head(const struct completion *c)
{
	const char *first = c->lines.v[0].word;
	size_t n = strlen(first);

	for (size_t i = 1; i < c->lines.n; i++) {
		size_t same = 0;

		while (same < n && first[same] == c->lines.v[i].word[same])
			same++;
		n = same;
	}
	return xstrndup(first, n);
}

/* What is completed is the whole line: where a word begins is for the tokenizer to say. */
static char **complete(const char *text, int start, int end)
{
	struct completion *c = &current->completion;
	char **matches;

	(void)text, (void)start, (void)end;
	auto_free char *line =
		xstrndup(*current->lib.rl_line_buffer, (size_t)*current->lib.rl_point);

	*current->lib.rl_attempted_completion_over = 1;
	completion_done(c);
	completion_find(current->shell, line, c);
	*current->lib.rl_completion_append_character = c->whole ? ' ' : '\0';
	if (!c->lines.n)
		return NULL;
	matches = xcalloc(c->lines.n + 2, sizeof(*matches));
	matches[0] = common_head(c);
	for (size_t i = 0; c->lines.n > 1 && i < c->lines.n; i++)
		matches[i + 1] = xstrdup(c->lines.v[i].word);
	return matches;
}

/* So many lines as the screen has beside the prompt, the line and how many more there are. */
static size_t listed_max(void)
{
	int rows = 0, columns = 0;

	current->lib.rl_get_screen_size(&rows, &columns);
	return MIN((size_t)MAX(rows - 3, 1), (size_t)LISTED_MAX);
}

/* Each word with what there is to say of it. */
static void list_candidates(char **matches, int count, int longest)
{
	const struct completion *c = &current->completion;
	size_t most = listed_max();

	(void)matches, (void)count, (void)longest;
	fputc('\n', stdout);
	for (size_t i = 0; i < MIN(c->words.n, most); i++) {
		auto_str struct str s = { 0 };
		const char *about = c->lines.v[i].about;

		escape_terminal(&s, c->words.v[i], strlen(c->words.v[i]));
		if (about) {
			str_addf(&s, "%*s", MAX(1, 24 - (int)s.len), "");
			escape_terminal(&s, about, strlen(about));
		}
		printf("  %s\n", str_text(&s));
	}
	if (c->words.n > most)
		printf("  … and %zu more\n", c->words.n - most);
	fflush(stdout);
	current->lib.rl_on_new_line();
	current->lib.rl_forced_update_display();
}

/* Those that only the editor takes; while a command runs they end the shell as they end others. */
static void block_endings(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigprocmask(how, &set, NULL);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int editor_new(struct shell *sh, struct editor **ret, struct err *e)
{
	static const char *const names[] = { READLINE(DL_NAME) };
	auto_editor struct editor *ed = xcalloc(1, sizeof(*ed));
	int r;

	ed->shell = sh;
	ed->signals = -EBADF;
	r = dl_load("libreadline.so.8", "libreadline8", names, ARRAY_LEN(names), &ed->lib, e);
	if (r < 0)
		return r;
	ed->signals = open_signals();
	if (ed->signals < 0)
		return err_set(e, -errno, "cannot watch for signals");
	*ed->lib.rl_readline_name = "nstool"; /* for $if in ~/.inputrc */
	*ed->lib.rl_attempted_completion_function = complete;
	*ed->lib.rl_completer_word_break_characters = (char *)"";
	*ed->lib.rl_completion_display_matches_hook = list_candidates;
	*ed->lib.rl_sort_completion_matches = 0;
	*ed->lib.rl_catch_signals = 0;
	*ed->lib.rl_catch_sigwinch = 0;
	current = ed;
	*ret = take_ptr(&ed);
	return 0;
}

static void drop_line(struct editor *ed, const char *prompt)
{
	fputs("^C\n", stdout);
	fflush(stdout);
	ed->lib.rl_callback_sigcleanup();
	ed->lib.rl_callback_handler_remove();
	ed->lib.rl_callback_handler_install(prompt, take_line);
}

static void heed_signals(struct editor *ed, const char *prompt)
{
	struct signalfd_siginfo si;

	while (read(ed->signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGINT)
			drop_line(ed, prompt);
		else if (si.ssi_signo == SIGWINCH)
			ed->lib.rl_resize_terminal();
		else
			ed->ended = (int)si.ssi_signo;
	}
}

/* Waits for the user so long before the machine is looked at instead, in milliseconds. */
#define PAUSE 100

/* A key, a signal, or a pause. What was typed when a terminal went is no line: it may be half of one. */
static void wait_for_user(struct editor *ed, const char *prompt)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = ed->signals, .events = POLLIN },
	};
	int n = poll(fds, ARRAY_LEN(fds), shell_is_to_look_ahead(ed->shell) ? PAUSE : -1);

	if (n == 0)
		shell_look_ahead(ed->shell);
	if (n < 0 && errno != EINTR)
		ed->ended = SIGHUP;
	if (n <= 0)
		return;
	if (fds[1].revents)
		heed_signals(ed, prompt);
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		ed->ended = SIGHUP;
	if (fds[0].revents && !ed->ended) {
		shell_grow_old_typing(ed->shell, shell_now());
		ed->lib.rl_callback_read_char();
	}
}

char *editor_read(struct editor *ed, const char *prompt, int *signal)
{
	ed->done = false;
	ed->ended = 0;
	ed->line = NULL;
	block_endings(SIG_BLOCK);
	ed->lib.rl_callback_handler_install(prompt, take_line);
	while (!ed->done && !ed->ended)
		wait_for_user(ed, prompt);
	if (!ed->done)
		ed->lib.rl_callback_handler_remove();
	block_endings(SIG_UNBLOCK);
	*signal = ed->ended;
	return ed->line;
}

void editor_remember(struct editor *ed, const char *line)
{
	ed->lib.add_history(line);
}

void editor_forget(struct editor *ed)
{
	ed->lib.clear_history();
}

void editor_free(struct editor **ed)
{
	if (!*ed)
		return;
	cleanup_fd(&(*ed)->signals);
	completion_done(&(*ed)->completion);
	free(*ed);
	*ed = NULL;
	current = NULL;
}
