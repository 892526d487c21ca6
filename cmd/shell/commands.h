/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's own commands, each an applet; a floor of files: one table a file. */
#pragma once

#include "shell.h"

struct command_table {
	const char *heading; /* above them in `help` */
	const struct applet *const *v;
	size_t n;
};

extern const struct command_table place_commands;   /* cd, back, pwd, refresh */
extern const struct command_table session_commands; /* echo, set, alias, source, help, exit … */
extern const struct command_table view_commands;    /* ls, tree, find, ps */
extern const struct command_table relate_commands;  /* info, who, path */

/* const char *: a path in the tree or a reference. */
extern const struct arg_kind arg_place;

/* const char *: the name of an alias. */
extern const struct arg_kind arg_alias;

/* const char *: the name of a command or a topic. */
extern const struct arg_kind arg_topic;

/* Words that nothing completes but the names of aliases. */
extern const struct arg_kind arg_word, arg_definition, arg_status, arg_number, arg_depth;

/* The heading of the commands that begin at INDEX of sh->commands; NULL: none begin there. */
const char *commands_heading(size_t index);

/* Fills sh->commands: the tables, then the applets whose names are free. */
void commands_init(struct shell *sh, const struct ctx *roof);
