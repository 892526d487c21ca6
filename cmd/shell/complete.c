/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complete.h"

#include "../../common/base/fd.h"
#include "../../common/cli/complete.h"
#include "../../common/cli/words.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

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

static void add_aliases(const struct shell *sh, struct candidates *c)
{
	for (size_t i = 0; i < sh->aliases.n; i++)
		candidates_add(c, sh->aliases.v[i].name, sh->aliases.v[i].text);
}

static void find_candidates(struct shell *sh, struct cursor *cursor, struct candidates *c)
{
	const char *typed = cursor->words.v[cursor->words.n - 1];

	switch (cursor->command) {
	case TOKEN_END:
		return;
	case TOKEN_PIPE:
	case TOKEN_HOST:
	case TOKEN_TO:
		c->typed = typed;
		c->files = true;
		break;
	default:
		complete_applet(&sh->ctx, (int)cursor->words.n, cursor->words.v, c);
		if (cursor->words.n == 1)
			add_aliases(sh, c);
		if (c->command)
			c->typed = typed;
		c->files = c->files || c->command;
	}
	if (c->files)
		add_files(c);
}

/* A word that goes on: the head of a reference or an option's name, a directory. */
static bool goes_on(const char *word)
{
	size_t n = strlen(word);

	return n && strchr(":[=/,@", word[n - 1]);
}

static int by_word(const void *a, const void *b)
{
	return strcmp(((const struct candidate *)a)->word, ((const struct candidate *)b)->word);
}

void completion_find(struct shell *sh, const char *line, struct completion *ret)
{
	auto_candidates struct candidates c = { 0 };
	auto_cursor struct cursor cursor = { 0 };

	cursor_find(line, &cursor);
	find_candidates(sh, &cursor, &c);
	if (c.found.n)
		qsort(c.found.v, c.found.n, sizeof(*c.found.v), by_word);
	for (size_t i = 0; i < c.found.n; i++) {
		const struct candidate *found = &c.found.v[i];
		struct str s = { 0 };

		str_addn(&s, line, cursor.start);
		if (cursor.quote)
			str_addc(&s, cursor.quote);
		word_quote(&s, found->word, cursor.quote);
		ret->whole = !goes_on(found->word);
		if (cursor.quote && ret->whole)
			str_addc(&s, cursor.quote);
		vec_push(&ret->lines,
			 { str_take(&s), found->about ? xstrdup(found->about) : NULL });
		vec_push(&ret->words, xstrdup(found->word));
	}
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
