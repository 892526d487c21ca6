/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history.h"

#include "../../common/base/fd.h"
#include "../../common/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* So many lines are kept. */
#define KEPT 1000

char *history_path(const char *var, const char *rest, const char *name)
{
	const char *dir = getenv(var), *home = getenv("HOME");

	if (dir && *dir == '/')
		return xasprintf("%s/nstool/%s", dir, name);
	return home && *home == '/' ? xasprintf("%s/%s/nstool/%s", home, rest, name) : NULL;
}

/* Drops the entry at INDEX. */
static void drop(struct shell *sh, size_t index)
{
	free(sh->history.v[index]);
	sh->history.n--;
	memmove(&sh->history.v[index], &sh->history.v[index + 1],
		(sh->history.n - index) * sizeof(*sh->history.v));
}

/* Takes LINE in. Returns how many entries had to go; -1 if it is the last one already. */
static int take(struct shell *sh, const char *line)
{
	int dropped = 0;

	for (size_t i = sh->history.n; i > 0; i--) {
		if (!str_is(sh->history.v[i - 1], line))
			continue;
		if (i == sh->history.n)
			return -1;
		drop(sh, i - 1);
		dropped++;
		break;
	}
	if (sh->history.n == KEPT) {
		drop(sh, 0);
		dropped++;
	}
	vec_push(&sh->history, xstrdup(line));
	return dropped;
}

/* Puts what is kept in the place of PATH, which has grown too long. */
static void rewrite(const struct shell *sh, const char *path)
{
	auto_free char *fresh = xasprintf("%s.%d", path, getpid());
	auto_close int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	auto_str struct str text = { 0 };

	if (fd < 0)
		return;
	for (size_t i = 0; i < sh->history.n; i++) {
		str_add(&text, sh->history.v[i]);
		str_addc(&text, '\n');
	}
	if (fd_write_all(fd, str_text(&text), text.len) < 0 || rename(fresh, path) < 0)
		unlink(fresh);
}

void history_load(struct shell *sh, const char *path)
{
	auto_close int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -EBADF;
	auto_str struct str text = { 0 };
	size_t lines = 0;
	char *rest, *line;

	if (fd < 0 || fd_read_all(fd, 1 << 24, &text) < 0 || !text.len)
		return;
	rest = text.s;
	while ((line = strsep(&rest, "\n")))
		if (*line) {
			lines++;
			take(sh, line);
		}
	if (lines > 2 * (size_t)KEPT)
		rewrite(sh, path);
}

static void make_directories(const char *path)
{
	for (const char *p = path + 1; (p = strchr(p, '/')); p++) {
		auto_free char *dir = xstrndup(path, (size_t)(p - path));

		(void)mkdir(dir, 0700);
	}
}

int history_add(struct shell *sh, const char *path, const char *line)
{
	auto_free char *entry = xasprintf("%s\n", line);
	auto_close int fd = -EBADF;
	int dropped = *line && *line != ' ' ? take(sh, line) : -1;

	if (dropped < 0 || !path)
		return dropped;
	make_directories(path);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)fd_write_all(fd, entry, strlen(entry));
	return dropped;
}
