/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of argument that only `enter` and `nsenter` take. */
#pragma once

#include "../common/cli/applet.h"
#include "../common/ns/nstype.h"
#include "../common/ns/ref.h"

/* Which types are wanted, and from whom where that is not the target of -t. */
struct enter_sources {
	unsigned wanted;	   /* bits 1 << type */
	struct ref ref[NS_NTYPES]; /* .text is NULL: from the target */
};

/*
 * struct enter_sources: an optional reference for one type, as in -n=netns:blue. Letters of
 * types may follow a letter, -mun, and add these types.
 */
extern const struct arg_kind arg_joined[NS_NTYPES];

/* const char *: a directory, or names of variables separated by commas; "" without a value. */
extern const struct arg_kind arg_directory, arg_env;

/* VEC(const char *): "NAME=VALUE" or "NAME"; each option adds one. */
extern const struct arg_kind arg_variable;

/* const char *: a label of a security module, not empty. */
extern const struct arg_kind arg_label;

/* enum enter_like: as the target itself runs. */
enum enter_like { LIKE_NOT, LIKE_EXACTLY, LIKE_BEST_EFFORT };
extern const struct arg_kind arg_like;
