/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside a snapshot: of which machine it is, when it was taken, and what it lacks. */
#pragma once

#include "../ns/graph.h"
#include "json.h"

/* "hostname", "boot_id", "kernel", "time" (UTC, RFC 3339), "unreadable" and "hidden" processes. */
struct json_object *header_json(struct json *j, const struct graph *g, int proc);

/*
 * Says on OUT which processes could not be read, a line "note: …" for each reason; nothing if
 * all could.
 */
void header_note(FILE *out, const struct graph *g);
