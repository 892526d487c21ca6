/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a forest as table, JSON or DOT. What `list` prints, and the shell's ls and tree. */
#pragma once

#include "json.h"
#include "nscolumns.h"
#include "table.h"

struct nsview {
	struct facts *facts;
	const struct forest *forest;
	const struct nschoice *columns;
	bool at_command;     /* branches stand in front of the commands, as in lsns(8) */
	const bool *peopled; /* as forest_want's: in DOT, whose processes are drawn */
};

/* The colour of a type of namespace, as the parameters of an escape sequence: "32", "1;33". */
const char *nsview_color(enum ns_type type);

/*
 * Prints the rows as STYLE says; with HIDE_EMPTY without the columns that are empty in each.
 * Returns 0 or -errno with a sentence.
 */
int nsview_table(const struct nsview *v, const struct table_style *style, bool hide_empty,
		 struct err *e);

/*
 * The rows as a JSON list of objects, names in lower case as lsns(8) has them; rows below another
 * stand in its "children".
 */
struct json_object *nsview_json(const struct nsview *v, struct json *j);

/*
 * Draws the namespaces of the forest as a graph: owners dashed, parents solid, and members. Processes
 * that are in the same namespaces throughout are one node, unless the forest shows processes.
 * Returns 0 or -errno with a sentence.
 */
int nsview_dot(const struct nsview *v, FILE *out, struct err *e);
