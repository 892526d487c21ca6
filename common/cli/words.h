/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The language of the shell: one tokenizer for lines that are typed, scripts and completion.
 *
 *	cd @web && ls -l | grep net; tree > file	# a remark
 *
 * 'text' stands for itself; in "text" a backslash takes its meaning from " and itself; elsewhere
 * a backslash does so to any character. Nothing is ever expanded. What follows a '!' where a
 * command could begin is a line for /bin/sh.
 */
#pragma once

#include "../base/err.h"
#include "../base/str.h"
#include "../base/vec.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_HOST, /* !…, to the end of the line; text: what stands behind the '!' */
	TOKEN_NEXT, /* ; */
	TOKEN_AND,  /* && */
	TOKEN_OR,   /* || */
	TOKEN_PIPE,
	TOKEN_TO,	/* > */
	TOKEN_APPEND,	/* >> */
	TOKEN_RESERVED, /* & and <, which mean nothing here */
};

struct token {
	enum token_kind kind;
	size_t start, end; /* where it stands in the line */
	char open;	   /* the quote that is not closed, or a backslash with nothing behind it */
	struct str text;   /* of words, without quotes */
};

/* Reads the token at *AT and moves *AT behind it. FIRST: a command could begin here. */
void token_next(const char *line, size_t *at, bool first, struct token *ret);

/* A program and its arguments, ended by NULL, which counts. */
struct stage {
	VEC(char *) argv;
};

/* A command, and the host's commands that its output goes through. */
struct pipeline {
	VEC(struct stage) stages;
	char *host;	      /* the line for /bin/sh that stands instead of a command, or NULL */
	char *file;	      /* where the output goes, or NULL */
	bool append;	      /* behind what is in it */
	enum token_kind then; /* how the next one follows: NEXT, AND, OR; or END */
};

struct line {
	VEC(struct pipeline) pipelines;
};

#define auto_line auto_call(line_done)

/*
 * Reads TEXT. Returns 0, or -EINVAL with a sentence. A line of blanks and remarks has no
 * pipelines.
 */
int line_parse(const char *text, struct line *ret, struct err *e);
void line_done(struct line *l);

/* Where the cursor is in a line that is being typed. */
struct cursor {
	VEC(char *) words; /* of the command, the last being typed: perhaps "" */
	size_t start;	   /* where that one begins in the line … */
	char quote;	   /* … and the quote that is open in it, or 0 */
	enum token_kind
		command; /* PIPE, HOST: it is the host's; TO: a file's name; END: a remark */
};

#define auto_cursor auto_call(cursor_done)

/* Says where in LINE, which ends at the cursor, the cursor is. */
void cursor_find(const char *line, struct cursor *ret);
void cursor_done(struct cursor *c);

/* Adds TEXT so that it is read as one word, within the open quote QUOTE if that is not 0. */
void word_quote(struct str *s, const char *text, char quote);
