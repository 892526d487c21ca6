/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include "../base/escape.h"

#include <ctype.h>
#include <errno.h>

#define SPECIAL ";&|<>"

static void read_quoted(const char *line, size_t *at, struct token *ret)
{
	char quote = line[(*at)++];

	for (; line[*at] != quote; (*at)++) {
		if (quote == '"' && line[*at] == '\\' &&
		    (line[*at + 1] == '"' || line[*at + 1] == '\\'))
			(*at)++;
		if (!line[*at]) {
			ret->open = quote;
			return;
		}
		str_addc(&ret->text, line[*at]);
	}
	(*at)++;
}

static void read_word(const char *line, size_t *at, struct token *ret)
{
	ret->kind = TOKEN_WORD;
	while (line[*at] && !isspace((unsigned char)line[*at]) && !strchr(SPECIAL, line[*at])) {
		if (line[*at] == '\'' || line[*at] == '"') {
			read_quoted(line, at, ret);
			continue;
		}
		if (line[*at] == '\\' && !line[++*at]) {
			ret->open = '\\';
			return;
		}
		str_addc(&ret->text, line[(*at)++]);
	}
}

static void read_special(const char *line, size_t *at, struct token *ret)
{
	static const struct {
		const char *text;
		enum token_kind kind;
	} specials[] = {
		{ "&&", TOKEN_AND }, { "||", TOKEN_OR },  { ">>", TOKEN_APPEND },
		{ ";", TOKEN_NEXT }, { "|", TOKEN_PIPE }, { ">", TOKEN_TO },
	};

	for (size_t i = 0; i < ARRAY_LEN(specials); i++)
		if (str_after(line + *at, specials[i].text)) {
			ret->kind = specials[i].kind;
			*at += strlen(specials[i].text);
			return;
		}
	ret->kind = TOKEN_RESERVED;
	str_addc(&ret->text, line[(*at)++]);
}

void token_next(const char *line, size_t *at, bool first, struct token *ret)
{
	str_clear(&ret->text);
	ret->open = '\0';
	while (isspace((unsigned char)line[*at]))
		(*at)++;
	ret->start = *at;
	if (line[*at] == '#')
		*at += strlen(line + *at);
	if (!line[*at]) {
		ret->kind = TOKEN_END;
	} else if (first && line[*at] == '!') {
		ret->kind = TOKEN_HOST;
		str_add(&ret->text, line + *at + 1);
		*at += strlen(line + *at);
	} else if (strchr(SPECIAL, line[*at])) {
		read_special(line, at, ret);
	} else {
		read_word(line, at, ret);
	}
	ret->end = *at;
}

static void token_done(struct token *t)
{
	str_done(&t->text);
}

static void pipeline_done(struct pipeline *p)
{
	for (size_t i = 0; i < p->stages.n; i++) {
		for (size_t j = 0; j < p->stages.v[i].argv.n; j++)
			free(p->stages.v[i].argv.v[j]);
		vec_done(&p->stages.v[i].argv);
	}
	vec_done(&p->stages);
	free(p->host);
	free(p->file);
}

void line_done(struct line *l)
{
	for (size_t i = 0; i < l->pipelines.n; i++)
		pipeline_done(&l->pipelines.v[i]);
	vec_done(&l->pipelines);
}

/* A line being read: P is its last pipeline, complete when something else than a word comes. */
struct reader {
	const char *text;
	size_t at;
	struct token token;
	struct line *line;
};

static void reader_done(struct reader *r)
{
	token_done(&r->token);
}

static int unclosed(char open, struct err *e)
{
	if (open == '\\')
		return err_say(e, -EINVAL, "the line ends in a backslash");
	return err_say(e, -EINVAL, "a quote is not closed: %c", open);
}

static int unexpected(const struct reader *r, struct err *e)
{
	const struct token *t = &r->token;
	auto_free char *word = xstrndup(r->text + t->start, t->end - t->start);
	auto_free char *q = quoted(word);

	if (t->kind == TOKEN_END)
		return err_say(e, -EINVAL, "a command is missing at the end of the line");
	if (t->kind != TOKEN_RESERVED)
		return err_say(e, -EINVAL, "a command is missing before %s", q);
	err_say(e, -EINVAL, "%s has no meaning here", q);
	err_hint(e, "within quotes it stands for itself");
	return -EINVAL;
}

/* The word behind a '>'. */
static int read_file(struct reader *r, struct pipeline *p, struct err *e)
{
	p->append = r->token.kind == TOKEN_APPEND;
	token_next(r->text, &r->at, false, &r->token);
	if (r->token.open)
		return unclosed(r->token.open, e);
	if (r->token.kind != TOKEN_WORD || !r->token.text.len)
		return err_say(e, -EINVAL, "the name of a file is missing behind '>'");
	if (p->file)
		return err_say(e, -EINVAL, "the output can go to one file only");
	p->file = xstrdup(str_text(&r->token.text));
	return 0;
}

/* Reads the words of one stage. Returns 1 with the token behind them, or -EINVAL. */
static int read_stage(struct reader *r, struct pipeline *p, struct err *e)
{
	struct stage s = { 0 };
	size_t index = p->stages.n;
	int rc = 1;

	vec_push(&p->stages, s);
	for (;; token_next(r->text, &r->at, false, &r->token)) {
		struct stage *stage = &p->stages.v[index];

		if (r->token.kind == TOKEN_WORD) {
			if (r->token.open)
				return unclosed(r->token.open, e);
			vec_push(&stage->argv, xstrdup(str_text(&r->token.text)));
		} else if (r->token.kind == TOKEN_TO || r->token.kind == TOKEN_APPEND) {
			rc = read_file(r, p, e);
			if (rc < 0)
				return rc;
		} else {
			break;
		}
	}
	if (!p->stages.v[index].argv.n)
		return unexpected(r, e);
	vec_push(&p->stages.v[index].argv, NULL);
	return r->token.kind == TOKEN_RESERVED ? unexpected(r, e) : 1;
}

/* Reads a pipeline, whose first token has been read, and the token behind it. */
static int read_pipeline(struct reader *r, struct pipeline *p, struct err *e)
{
	int rc;

	if (r->token.kind == TOKEN_HOST) {
		p->host = xstrdup(str_text(&r->token.text));
		return 0;
	}
	for (;;) {
		rc = read_stage(r, p, e);
		if (rc < 0)
			return rc;
		if (r->token.kind != TOKEN_PIPE)
			break;
		if (p->file)
			return err_say(e, -EINVAL, "the output goes to a file already, not to '|'");
		token_next(r->text, &r->at, false, &r->token);
	}
	p->then = r->token.kind;
	return 0;
}

int line_parse(const char *text, struct line *ret, struct err *e)
{
	auto_call(reader_done) struct reader r = { .text = text, .line = ret };
	enum token_kind before = TOKEN_NEXT;

	for (;;) {
		struct pipeline *p;
		int rc;

		token_next(text, &r.at, true, &r.token);
		if (r.token.kind == TOKEN_END && before == TOKEN_NEXT)
			return 0;
		vec_push(&ret->pipelines, { .then = TOKEN_END });
		p = &ret->pipelines.v[ret->pipelines.n - 1];
		rc = read_pipeline(&r, p, e);
		if (rc < 0)
			return rc;
		before = p->then;
		if (before == TOKEN_END)
			return 0;
	}
}

static void cursor_clear(struct cursor *c)
{
	for (size_t i = 0; i < c->words.n; i++)
		free(c->words.v[i]);
	c->words.n = 0;
}

void cursor_find(const char *line, struct cursor *ret)
{
	auto_call(reader_done) struct reader r = { .text = line };
	size_t n = strlen(line);
	bool first = true;

	ret->command = TOKEN_NEXT;
	for (;;) {
		token_next(line, &r.at, first, &r.token);
		if (r.token.kind == TOKEN_END || r.token.end == n)
			break;
		first = r.token.kind != TOKEN_WORD && r.token.kind != TOKEN_PIPE &&
			r.token.kind != TOKEN_TO && r.token.kind != TOKEN_APPEND;
		if (r.token.kind == TOKEN_WORD) {
			if (ret->command == TOKEN_TO)
				ret->command = TOKEN_WORD; /* the file's name is behind us */
			vec_push(&ret->words, xstrdup(str_text(&r.token.text)));
			continue;
		}
		ret->command = r.token.kind == TOKEN_APPEND ? TOKEN_TO : r.token.kind;
		if (ret->command != TOKEN_TO)
			cursor_clear(ret);
	}
	ret->start = r.token.kind == TOKEN_WORD ? r.token.start : n;
	ret->quote = r.token.kind == TOKEN_WORD && r.token.open != '\\' ? r.token.open : '\0';
	if (r.token.kind == TOKEN_END && r.token.start < n) {
		ret->command = TOKEN_END;
	} else if (r.token.kind == TOKEN_HOST) {
		ret->command = TOKEN_HOST;
		for (ret->start = n; !strchr(" \t!", line[ret->start - 1]);)
			ret->start--;
	} else if (r.token.kind != TOKEN_WORD && r.token.kind != TOKEN_END) {
		ret->command = r.token.kind == TOKEN_APPEND ? TOKEN_TO : r.token.kind;
		cursor_clear(ret);
	}
	vec_push(&ret->words,
		 xstrdup(r.token.kind == TOKEN_WORD ? str_text(&r.token.text) : line + ret->start));
}

void cursor_done(struct cursor *c)
{
	cursor_clear(c);
	vec_done(&c->words);
}

void word_quote(struct str *s, const char *text, char quote)
{
	for (const char *p = text; *p; p++) {
		bool first = p == text;

		if (quote == '"' && (*p == '"' || *p == '\\'))
			str_addc(s, '\\');
		if (quote == '\'' && *p == '\'')
			str_add(s, "'\\'");
		if (!quote && (isspace((unsigned char)*p) || strchr("'\"\\" SPECIAL, *p) ||
			       (first && (*p == '#' || *p == '!'))))
			str_addc(s, '\\');
		str_addc(s, *p);
	}
}
