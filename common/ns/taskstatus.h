/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What /proc/PID/status says of how a task runs. */
#pragma once

#include "../sys/caps.h"

#include <stdbool.h>
#include <sys/types.h>

struct task_status {
	unsigned uid[4], gid[4]; /* real, effective, saved, file system */
	struct caps caps;
	uint64_t bounding, ambient;
	bool no_new_privs;
	mode_t umask;
};

/*
 * Parses TEXT. Returns 0, or -EINVAL with the name of the field that is missing or malformed in
 * *FIELD; NoNewPrivs is there since Linux 4.10, Umask since 4.7.
 */
int task_status_parse(const char *text, struct task_status *ret, const char **field);
