/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pager.h"

#include "../base/child.h"
#include "../base/fd.h"
#include "../ns/exec.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

static unsigned screen_rows(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row ? size.ws_row : 24;
}

/* Reads until there are more than ROWS lines. Returns false if the input ended before. */
static bool read_screen(struct str *text, unsigned rows)
{
	unsigned lines = 0;

	while (lines < rows) {
		size_t before = text->len;
		char *room = str_room(text, 4096);
		ssize_t n = read(STDIN_FILENO, room, 4096);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text->len += (size_t)n;
		for (size_t i = before; i < text->len; i++)
			lines += text->s[i] == '\n';
	}
	return true;
}

/* Writes what was read and what is still to come. */
static void copy_all(const struct str *text, int out)
{
	char buffer[4096];
	ssize_t n;

	if (fd_write_all(out, str_text(text), text->len) < 0)
		return;
	while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		if (fd_write_all(out, buffer, (size_t)n) < 0)
			return;
}

/* The words of $PAGER, which no shell sees. */
static void exec_pager(void)
{
	const char *pager = getenv("PAGER");
	char *less[] = { (char *)"less", NULL };
	auto_line struct line line = { 0 };
	bool given = pager && *pager && line_parse(pager, &line, NULL) == 0 &&
		     line.pipelines.n == 1 && line.pipelines.v[0].stages.n == 1;

	setenv("LESS", "FRX", 0);
	exec_command(given ? line.pipelines.v[0].stages.v[0].argv.v : less, NULL, false, NULL,
		     NULL);
}

/*
 * Becomes the pager, which a child feeds. Returns if there is none: true if the child feeds us
 * instead, false if TEXT still is to be written.
 */
static bool page(const struct str *text)
{
	int p[2], input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	pid_t pid;

	if (input < 0 || pipe2(p, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(p[0]);
		copy_all(text, p[1]);
		quick_exit_child(0);
	}
	close(p[1]);
	if (pid < 0)
		return false;
	dup2(p[0], STDIN_FILENO);
	exec_pager();
	return true;
}

void pager_run(void)
{
	auto_str struct str text = { 0 };

	if (read_screen(&text, screen_rows()) && page(&text))
		str_clear(&text);
	copy_all(&text, STDOUT_FILENO);
	quick_exit_child(0);
}

/* In a child: what was to be shown by the caller, as the pipe P. */
static _Noreturn void feed(const char *text, int p[2])
{
	close(p[0]);
	fd_write_all(p[1], text, strlen(text));
	quick_exit_child(0);
}

int pager_become(const char *text)
{
	int p[2];
	pid_t pid;

	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		feed(text, p);
	close(p[1]);
	if (pid < 0) {
		close(p[0]);
		return -errno;
	}
	dup2(p[0], STDIN_FILENO);
	pager_run();
}
