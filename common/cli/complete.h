/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion: from the words of a line, as far as it was typed, to those that can stand at its
 * end. The completions of bash, zsh and fish ask it (`nstool __complete`), and so does the shell.
 */
#pragma once

#include "applet.h"
#include "candidates.h"

/*
 * Completes ARGV[ARGC - 1] of the command line ARGV, whose first word is nstool or one of its
 * links. Adds to RET, which starts as zeros. It says nothing and never fails: where it knows
 * nothing it adds nothing.
 */
void complete_words(const struct ctx *ctx, int argc, char **argv, struct candidates *ret);

/*
 * The same for words behind "nstool": an applet's name and its arguments, as the interactive
 * shell has them.
 */
void complete_applet(const struct ctx *ctx, int argc, char **argv, struct candidates *ret);

/*
 * Writes the candidates for a shell's completion to read: a line each, the word, a tab, what it
 * is about. Then a line ":files" if files can stand there as well, with a blank and what stands
 * before the file's name if the word begins with something else (":files --proc="); or ":command N"
 * if the word N of the line begins a command of its own.
 */
void complete_print(const struct candidates *c, FILE *out);
