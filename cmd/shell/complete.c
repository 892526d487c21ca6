/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complete.h"

#include "../../common/base/fd.h"
#include "../../common/cli/complete.h"
#include "../../common/cli/words.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

/* The files that what is typed may become; hidden ones only if asked for. */
static void add_files(struct candidates *c)
{
	const char *slash = strrchr(c->typed, '/');
	size_t head = slash ? (size_t)(slash - c->typed) + 1 : 0;
	auto_free char *path = head ? xstrndup(c->typed, head) : xstrdup(".");
	DIR *dir = opendir(path);
	const struct dirent *d;

	candidates_settle(c, head);
	while (dir && (d = readdir(dir))) {
		auto_free char *name = xasprintf("%s%s", d->d_name,
						 is_directory(dirfd(dir), d->d_name) ? "/" : "");

		if (d->d_name[0] != '.' || c->typed[0] == '.')
			candidates_add(c, name, NULL);
	}
	if (dir)
		closedir(dir);
}

/* The programs of DIRECTORY, which need not exist. */
static void add_programs_of(const char *directory, struct candidates *c)
{
	DIR *dir = opendir(directory);
	const struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.' && str_after(d->d_name, c->typed) &&
		    faccessat(dirfd(dir), d->d_name, X_OK, 0) == 0)
			candidates_add(c, d->d_name, NULL);
	if (dir)
		closedir(dir);
}

/* The host's commands: what PATH has, or a file where a slash says so. */
static void add_programs(struct candidates *c)
{
	const char *path = getenv("PATH");

	if (strchr(c->typed, '/')) {
		add_files(c);
		return;
	}
	while (path && *path) {
		size_t n = strcspn(path, ":");
		auto_free char *directory = xstrndup(path, n);

		add_programs_of(directory, c);
		path += n + (path[n] == ':');
	}
}

static void add_aliases(const struct shell *sh, struct candidates *c)
{
	for (size_t i = 0; i < sh->aliases.n; i++)
		candidates_add(c, sh->aliases.v[i].name, sh->aliases.v[i].text);
}

/* Whether the word at START of LINE, behind a '!', is the first there. */
static bool is_first(const char *line, size_t start)
{
	while (start > 0 && strchr(" \t", line[start - 1]))
		start--;
	return start > 0 && line[start - 1] == '!';
}

/* A command of the shell, its arguments, or a command of the host among them. */
static void find_words(struct shell *sh, const struct cursor *cursor, struct candidates *c)
{
	size_t last = cursor->words.n - 1;

	complete_applet(&sh->ctx, (int)cursor->words.n, cursor->words.v, c);
	if (!last)
		add_aliases(sh, c);
	if (c->command) {
		c->typed = cursor->words.v[last];
		c->files = (size_t)c->command != last;
	}
	if (c->command && !c->files)
		add_programs(c);
}

static void find_candidates(struct shell *sh, const char *line, const struct cursor *cursor,
			    struct candidates *c)
{
	bool is_program = false;

	c->graph = shell_has_looked(sh) ? &sh->graph : NULL;
	c->typed = cursor->words.v[cursor->words.n - 1];
	switch (cursor->command) {
	case TOKEN_END:
		return;
	case TOKEN_PIPE:
		is_program = cursor->words.n == 1;
		break;
	case TOKEN_HOST:
		is_program = is_first(line, cursor->start);
		break;
	case TOKEN_TO:
		break;
	default:
		find_words(sh, cursor, c);
		if (c->files)
			add_files(c);
		return;
	}
	if (is_program)
		add_programs(c);
	else
		add_files(c);
}

/* A word that goes on: the head of a reference or an option's name, a directory. */
static bool goes_on(const char *word)
{
	size_t n = strlen(word);

	return n && strchr(":[=/,@", word[n - 1]);
}

/* Whether WORD is a number, or a path to one. */
static bool is_number(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *last = slash ? slash + 1 : word;

	return *last >= '0' && *last <= '9';
}

/*
 * Names first: among a thousand processes they would not be seen. Numbers by their value. Of two that
 * are the same an explained one comes first, and that which was found first.
 */
static int by_word(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int r = is_number(x->word) - is_number(y->word);

	if (!r)
		r = strverscmp(x->word, y->word);
	if (!r)
		r = !x->about - !y->about;
	return r ? r : (x->rank > y->rank) - (x->rank < y->rank);
}

static void add_line(const char *line, const struct cursor *cursor, const struct candidate *found,
		     bool whole, struct completion *ret)
{
	struct str s = { 0 };

	str_addn(&s, line, cursor->start);
	if (cursor->quote)
		str_addc(&s, cursor->quote);
	word_quote(&s, found->word, cursor->quote);
	ret->whole = whole && !goes_on(found->word);
	if (cursor->quote && ret->whole)
		str_addc(&s, cursor->quote);
	vec_push(&ret->lines, { str_take(&s), found->about ? xstrdup(found->about) : NULL });
	vec_push(&ret->words, xstrdup(found->word));
}

void completion_find(struct shell *sh, const char *line, struct completion *ret)
{
	auto_candidates struct candidates c = { 0 };
	auto_cursor struct cursor cursor = { 0 };

	cursor_find(line, &cursor);
	find_candidates(sh, line, &cursor, &c);
	if (c.found.n)
		qsort(c.found.v, c.found.n, sizeof(*c.found.v), by_word);
	for (size_t i = 0; i < c.found.n; i++)
		if (i == 0 || !str_is(c.found.v[i].word, c.found.v[i - 1].word))
			add_line(line, &cursor, &c.found.v[i], !c.goes_on, ret);
}

void completion_done(struct completion *c)
{
	for (size_t i = 0; i < c->lines.n; i++) {
		free(c->lines.v[i].word);
		free(c->lines.v[i].about);
		free(c->words.v[i]);
	}
	vec_done(&c->lines);
	vec_done(&c->words);
}
