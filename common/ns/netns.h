/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of `ip netns`: files in /run/netns over which network namespaces are bound. DIR is
 * that directory (tests have one of their own).
 */
#pragma once

#include "../base/err.h"
#include "../base/vec.h"

#include <stdbool.h>
#include <sys/types.h>

#define NETNS_DIR "/run/netns"

/* One name and the inode of what is bound there; 0: nothing is, the name is stale. */
struct netns_name {
	char *name; /* as it stands in the directory; not escaped */
	ino_t ino;
};

struct netns_names {
	VEC(struct netns_name) names; /* sorted by name */
};

/* Whether NAME can be one: not empty, not "." or "..", no slash, at most NAME_MAX bytes. */
bool netns_name_is_valid(const char *name);

/* Reads DIR. No directory means no names. Returns 0 or -errno. */
int netns_read(const char *dir, struct netns_names *ret);
void netns_done(struct netns_names *names);

/*
 * Opens the network namespace called NAME. Returns a descriptor (O_CLOEXEC); -EINVAL if NAME
 * cannot be one or nothing is bound there (the hint tells the remedy), -ENOENT if there is none
 * (the hint names the nearest), each with a sentence.
 */
int netns_open(const char *dir, const char *name, struct err *e);
