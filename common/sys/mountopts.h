/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of mount(8), "ro,noexec,size=1m", parsed by libmount, loaded at the first call. */
#pragma once

#include "../base/err.h"
#include "../base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* What is the file system's own business. */
struct fs_option {
	char *name, *value; /* value NULL: a flag */
};

struct mountopts {
	uint64_t set, clear; /* MOUNT_ATTR_… of the mount; clear: MOUNT_ATTR__ATIME or nothing */
	bool recursive;	     /* "rec" */
	VEC(struct fs_option) rest;
};

#define auto_mountopts auto_call(mountopts_done)

/*
 * Reads TEXT into RET, whose flags are what holds without options. Returns 0, -ENOENT if libmount
 * cannot be loaded, or -EINVAL; with a sentence.
 */
int mountopts_parse(const char *text, struct mountopts *ret, struct err *e);

void mountopts_done(struct mountopts *o);
