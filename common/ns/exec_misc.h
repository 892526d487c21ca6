/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To execute what only binfmt_misc can run (programs for another processor, say) where files are
 * somebody's who may be hostile. The kernel wants such a file by its name, and looks up the
 * interpreter itself: both can lead to /proc/self/exe (exec_guard.h). So that this is not our
 * program, another one does it: a few instructions in a sealed file of memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a file that begins with the N bytes HEAD, and that the kernel did not execute by its
 * closed descriptor (ENOENT), is one for binfmt_misc: neither a script nor a program for this
 * processor, whose loader is missing then.
 */
bool exec_needs_misc(const char *head, size_t n);

/*
 * execve(2) of PATH by that other program. If that fails it writes COMPLAINT to stderr and exits
 * with 127, or with 126 if PATH and its interpreter are there. Returns only if there is no such
 * program: -ENOSYS where it does not know the processor, else -errno.
 */
int exec_misc(const char *path, char *const *argv, char *const *env, const char *complaint);
