/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an applet says about itself, once, in a const table. The parser, --help, the manual and
 * the completions all read it.
 *
 *	struct list_opts { bool json; unsigned types; };
 *
 *	static const struct opt list_opts[] = {
 *		FLAG('J', "json", struct list_opts, json, "write JSON"),
 *		VALUE('t', "type", &arg_types, struct list_opts, types, "show only these types"),
 *	};
 */
#pragma once

#include "../base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct candidates;
struct ctx;

/* A kind of argument: what it is called, how it is read, which words it may be. */
struct arg_kind {
	const char *metavar;
	size_t size; /* of the field that parse() writes */

	/*
	 * Reads WORD (NULL: the option came without its optional value) into FIELD.
	 * Returns 0, or a -errno with a sentence that names the word. WORD outlives the field.
	 */
	int (*parse)(const char *word, void *field, struct err *e);

	/* The fixed words that can stand here, ended by NULL; NULL if there is no such list. */
	const char *const *words;

	/*
	 * Adds the words that can stand here (candidates.h); NULL: those of the list. It is quick
	 * (50 ms with 5,000 processes), says nothing and never fails.
	 */
	void (*complete)(struct candidates *ret);
};

/* OPT_LONG_MAYBE: the long name may have a value, the letter never: "-m, --mount[=FILE]". */
enum opt_takes { OPT_FLAG, OPT_VALUE, OPT_MAYBE, OPT_LONG_MAYBE };

/* Small, for the loader writes to every page of these tables whatever applet runs. */
struct opt {
	const char *name;	     /* long name */
	const struct arg_kind *kind; /* NULL for a flag */
	const char *help;	     /* one line, no capital, no full stop */
	uint16_t offset, size;	     /* the field in the applet's options struct */
	char letter;		     /* 0: none */
	uint8_t takes;		     /* an enum opt_takes */
};

#define OPT(letter, name, takes, kind, type, field, help)                                          \
	{                                                                                          \
		name, kind, help, offsetof(type, field), sizeof(((type *)0)->field), letter, takes \
	}
#define FLAG(letter, name, type, field, help) OPT(letter, name, OPT_FLAG, NULL, type, field, help)
#define VALUE(letter, name, kind, type, field, help)                                               \
	OPT(letter, name, OPT_VALUE, kind, type, field, help)
#define MAYBE(letter, name, kind, type, field, help)                                               \
	OPT(letter, name, OPT_MAYBE, kind, type, field, help)
#define LONG_MAYBE(letter, name, kind, type, field, help)                                          \
	OPT(letter, name, OPT_LONG_MAYBE, kind, type, field, help)

/* OPERAND_COMMAND: a command and its arguments, or nothing; the options end before it. */
enum operand_count { OPERAND_ONE, OPERAND_MAYBE, OPERAND_REST, OPERAND_COMMAND };

struct operand {
	const struct arg_kind *kind;
	enum operand_count count;
};

/* The exit statuses by which an applet says that it failed itself, or was used wrongly. */
enum applet_exit {
	EXIT_AS_TOOL,	    /* 1 and 2 */
	EXIT_AS_RUNNER,	    /* 125 and 125: other statuses belong to the command it runs */
	EXIT_AS_UTIL_LINUX, /* 1 and 1 */
};

/* In which process the interactive shell runs an applet. */
enum applet_where {
	APPLET_ANYWHERE, /* in its own, or in a child */
	APPLET_CHILD,	 /* always in a child: it unshares, joins, mounts, becomes a command, … */
			 /* … or goes on until it is interrupted: no pager is in its way either */
	APPLET_SHELL,	 /* in its own: it changes the shell */
};

struct applet {
	const char *name;
	const char *const *aliases; /* other names for the same interface, ended by NULL; or NULL */
	const char *summary;	    /* one line, no capital, no full stop */
	const struct opt *opts;
	size_t nopts;
	size_t opts_size;	       /* of the struct that the options fill; it starts as zeros */
	void (*opts_done)(void *opts); /* releases what the options came to own; or NULL */
	const struct operand *operands;
	size_t noperands;
	/*
	 * The long name of the option with which OPERAND_COMMAND is a command, for completion; without
	 * it all that comes is of its kind. NULL: it is one always.
	 */
	const char *command_with;
	/* The long name of the option that stands for the first operand, for completion. NULL: none. */
	const char *replaces_first;
	enum applet_exit exit;
	bool compat; /* a util-linux name: left out of the overview */
	bool alone;  /* what nstool is when no applet is named */
	bool plain;  /* draws no table and takes no pattern: the locale is not loaded for it */

	/* For the interactive shell. */
	enum applet_where where;
	bool uses_snapshot; /* of the machine, which the shell has */
	/*
	 * What the user stands on is its target if none is named: given as the option with this
	 * long name, whose field is a struct ref, or as an operand if it is "". NULL: it has none.
	 */
	const char *here;
	bool (*has_target)(const void *opts); /* whether it has with these options; NULL: yes */

	/*
	 * Runs with parsed OPTS and the operands ARGV[0..ARGC). Returns the exit status (or what
	 * supervise_leave() of ns/supervise.h understands), or a -errno that dispatch turns into
	 * one. Dispatch prints E if it is set.
	 */
	int (*run)(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e);
};

/* What a run of the program carries from the roof to the applets. */
struct ctx {
	FILE *out;	     /* results; checked when the program ends */
	const char *speaker; /* with this failures begin; NULL: with "nstool: " */
	const struct applet *const *applets;
	size_t napplets;
	const char *pages; /* the manual, see pages.h; NULL: it is not there */
};

/* The applet that answers to NAME, or NULL. */
const struct applet *applet_find(const struct ctx *ctx, const char *name);

/* The applet that "nstool WORD …" is if WORD is an option, or NULL for none; NULL for nstool itself. */
const struct applet *applet_alone(const struct ctx *ctx, const char *word);

/* The applet name nearest to a mistyped one, or NULL. */
const char *applet_suggest(const struct ctx *ctx, const char *name);
