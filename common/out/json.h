/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON, written by json-c, which is loaded with the first `struct json`. What is written is valid
 * JSON whatever a stranger called his process, and does nothing to a terminal.
 *
 *	auto_json struct json *j = NULL;
 *	struct json_object *o;
 *
 *	r = json_new(&j, e);
 *	if (r < 0)
 *		return r;
 *	o = json_map(j);
 *	json_set(j, o, "pid", json_i64(j, pid));
 *	json_set(j, o, "command", json_string(j, command));
 *	return json_write(j, o, JSON_LINE, ctx->out, e);
 *
 * A value belongs to whoever made it until it is set, appended, written or dropped; then it must
 * not be used any more, except that maps and lists may go on growing until they are written.
 */
#pragma once

#include "../base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json;	    /* the library */
struct json_object; /* a value; NULL is JSON's null */

enum json_form {
	JSON_PRETTY, /* one member a line, each level indented by two more spaces */
	JSON_LINE,   /* all on one line: for streams */
};

/* Lets go of the library when it leaves its scope; values must be gone by then. */
#define auto_json auto_call(json_free)

/* Loads the library. Returns 0, or -ENOENT with a sentence and a hint when it is not installed. */
int json_new(struct json **ret, struct err *e);

struct json_object *json_map(struct json *j);
struct json_object *json_list(struct json *j);

/* TEXT, or null if it is NULL; bytes that are not UTF-8 become U+FFFD each. */
struct json_object *json_string(struct json *j, const char *text);

/* The same for N bytes, NUL among them. */
struct json_object *json_bytes(struct json *j, const char *bytes, size_t n);

struct json_object *json_u64(struct json *j, uint64_t number);
struct json_object *json_i64(struct json *j, int64_t number);
struct json_object *json_boolean(struct json *j, bool truth);

/*
 * Sets member KEY of MAP; the key is cleaned as json_string() does. A key set again gets the new
 * value. Members keep the order in which they came.
 */
void json_set(struct json *j, struct json_object *map, const char *key, struct json_object *value);

/* Adds VALUE at the end of LIST. */
void json_append(struct json *j, struct json_object *list, struct json_object *value);

/*
 * Writes VALUE and a newline to OUT, flushes it and drops VALUE, whatever happens.
 * Returns 0, or -errno with the sentence in E.
 */
int json_write(struct json *j, struct json_object *value, enum json_form form, FILE *out,
	       struct err *e);

/* Drops a value that is not to be written, with all it contains. */
void json_drop(struct json *j, struct json_object *value);

void json_free(struct json **j);
