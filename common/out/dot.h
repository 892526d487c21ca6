/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directed graph in Graphviz's language, for dot(1). Labels may hold what a stranger wrote. Ids
 * are the caller's words: they are quoted as well, but dot(1) takes one that begins with % for
 * none at all. ATTRIBUTES are the caller's ("shape=box,style=dashed"), or NULL.
 *
 *	dot_begin(out, "namespaces");
 *	dot_node(out, "ns4026531837", (const char *[]){ "user", host }, 2, "shape=box");
 *	dot_edge(out, "ns4026531837", "ns4026531840", "style=dashed");
 *	return dot_end(out, e);
 */
#pragma once

#include "../base/err.h"

#include <stdio.h>

void dot_begin(FILE *out, const char *name);

/* A node called ID that shows N lines of text; a newline within one is shown as \x0a. */
void dot_node(FILE *out, const char *id, const char *const *lines, size_t n,
	      const char *attributes);

/* An arrow between two nodes. */
void dot_edge(FILE *out, const char *from, const char *to, const char *attributes);

/* Ends the graph and flushes OUT. Returns 0, or -errno with the sentence in E. */
int dot_end(FILE *out, struct err *e);
