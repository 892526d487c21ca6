/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that can stand at the cursor, collected by whoever knows some. */
#pragma once

#include "../base/str.h"
#include "../base/vec.h"

struct ctx;
struct graph;

struct candidate {
	char *word;
	char *about; /* a few words of explanation, or NULL; may be a stranger's: escape it */
	size_t rank; /* how many were found before it */
};

struct candidates {
	struct str head; /* what stands before the part that is being completed: "--type=mnt," */
	const struct ctx *ctx;	   /* the applets, for who has to know more; or NULL */
	const struct graph *graph; /* what was seen of the machine some seconds ago, or NULL */
	bool just_seen;		   /* … rather just now: no new process can be missing */
	const char *before;	   /* the word before it; NULL where it is the first */
	const char *typed;	   /* that part, as far as it was typed; the caller's */
	VEC(struct candidate) found;
	bool files;   /* names of files can stand here as well */
	bool goes_on; /* each is but a part of the word: of an expression */
	int command;  /* the words from this index on are a command line of their own; 0: none */
};

#define auto_candidates auto_call(candidates_done)

/* The first N bytes of what was typed are settled: only what follows them is completed. */
void candidates_settle(struct candidates *c, size_t n);

/* Settles everything up to the last of SEPARATORS: the items of a list are completed one by one. */
void candidates_settle_items(struct candidates *c, const char *separators);

/* Adds WORD, which follows the head, if it begins with what was typed. ABOUT may be NULL. */
void candidates_add(struct candidates *c, const char *word, const char *about);

void candidates_done(struct candidates *c);
