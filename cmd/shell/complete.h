/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of what is being typed in the shell. */
#pragma once

#include "../../common/cli/candidates.h"
#include "shell.h"

/* What could stand at the end of a line: whole lines, and what there is to say of each. */
struct completion {
	VEC(struct candidate) lines; /* the line with the word in it, quoted as it has to be */
	VEC(char *) words;	     /* for each the word alone */
	bool whole;		     /* the word is complete: a blank may follow it */
};

#define auto_completion auto_call(completion_done)

/* Completes LINE, as far as the cursor. It says nothing and never fails. */
void completion_find(struct shell *sh, const char *line, struct completion *ret);
void completion_done(struct completion *c);
