/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "../base/dl.h"
#include "../base/escape.h"
#include "flush.h"

#include <errno.h>
#include <json-c/json_object.h>

#define JSON_C(X)                                                                                  \
	X(json_object_new_object)                                                                  \
	X(json_object_new_array)                                                                   \
	X(json_object_new_string_len)                                                              \
	X(json_object_new_uint64)                                                                  \
	X(json_object_new_int64)                                                                   \
	X(json_object_new_boolean)                                                                 \
	X(json_object_object_add)                                                                  \
	X(json_object_array_add)                                                                   \
	X(json_object_to_json_string_length)                                                       \
	X(json_object_put)

struct json_c {
	JSON_C(DL_FIELD)
};

DL_NOTE("libjson-c.so.5", "json", "Output in JSON");

struct json {
	struct json_c lib;
	bool failed; /* the library had no memory */
};

int json_new(struct json **ret, struct err *e)
{
	static const char *const names[] = { JSON_C(DL_NAME) };
	auto_json struct json *j = xcalloc(1, sizeof(*j));
	int r = dl_load("libjson-c.so.5", "libjson-c5", names, ARRAY_LEN(names), &j->lib, e);

	if (r < 0)
		return r;
	*ret = take_ptr(&j);
	return 0;
}

/* NULL is JSON's null, so that a value which could not be made must be remembered. */
static struct json_object *made(struct json *j, struct json_object *value)
{
	if (!value)
		j->failed = true;
	return value;
}

struct json_object *json_map(struct json *j)
{
	return made(j, j->lib.json_object_new_object());
}

struct json_object *json_list(struct json *j)
{
	return made(j, j->lib.json_object_new_array());
}

struct json_object *json_bytes(struct json *j, const char *bytes, size_t n)
{
	auto_str struct str s = { 0 };

	escape_utf8(&s, bytes, n);
	return made(j, j->lib.json_object_new_string_len(str_text(&s), (int)s.len));
}

struct json_object *json_string(struct json *j, const char *text)
{
	return text ? json_bytes(j, text, strlen(text)) : NULL;
}

struct json_object *json_u64(struct json *j, uint64_t number)
{
	return made(j, j->lib.json_object_new_uint64(number));
}

struct json_object *json_i64(struct json *j, int64_t number)
{
	return made(j, j->lib.json_object_new_int64(number));
}

struct json_object *json_boolean(struct json *j, bool truth)
{
	return made(j, j->lib.json_object_new_boolean(truth));
}

void json_set(struct json *j, struct json_object *map, const char *key, struct json_object *value)
{
	auto_str struct str clean = { 0 };

	escape_utf8(&clean, key, strlen(key));
	if (j->lib.json_object_object_add(map, str_text(&clean), value) < 0)
		j->failed = true;
}

void json_append(struct json *j, struct json_object *list, struct json_object *value)
{
	if (j->lib.json_object_array_add(list, value) < 0)
		j->failed = true;
}

void json_drop(struct json *j, struct json_object *value)
{
	j->lib.json_object_put(value);
}

static int write_text(const char *text, size_t n, FILE *out, struct err *e)
{
	auto_str struct str safe = { 0 };

	escape_json(&safe, text, n);
	str_addc(&safe, '\n');
	return out_write(out, safe.s, safe.len, e);
}

int json_write(struct json *j, struct json_object *value, enum json_form form, FILE *out,
	       struct err *e)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text = NULL;
	size_t n = 0;
	int r;

	if (form == JSON_PRETTY)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	if (!j->failed)
		text = j->lib.json_object_to_json_string_length(value, flags, &n);
	if (text)
		r = write_text(text, n, out, e);
	else
		r = err_set(e, -ENOMEM, "cannot make the JSON text");
	json_drop(j, value);
	return r;
}

void json_free(struct json **j)
{
	cleanup_free(j);
	*j = NULL;
}
