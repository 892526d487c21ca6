/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To execute a file of somebody who may be hostile. Such a file, or the interpreter of a script,
 * can be a link to /proc/self/exe: the command would be our own program, dumpable, and whoever
 * shares its pid namespace could open the host's binary through /proc/PID/exe (CVE-2019-5736).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Our own program, as it was before anything was joined. */
struct exec_guard {
	uint32_t major, minor;
	uint64_t ino, mount;
	bool has_mount; /* the kernel tells the mount of a file: since Linux 5.8 */
	const char *
		speaker; /* how what fails is said when that is not for us to say: "nstool: enter" */
	bool compat;	 /* what binfmt_misc runs is run, if need be by us and by its name */
};

/* exec_guarded(): the file is our own program. No -errno is that. */
enum { EXEC_IS_OURSELVES = -4096 };

/* Remembers what the caller runs. PROC is a descriptor of /proc. Returns 0 or -errno. */
int exec_guard_init(struct exec_guard *g, int proc);

/*
 * execve(2), but what is executed is what was checked, by its descriptor, and that of a script is
 * its interpreter: nothing is looked up between check and exec. What only binfmt_misc can run is
 * executed by exec_misc(). Returns -errno or EXEC_IS_OURSELVES; our own program is fine where it
 * stands in a mount of the target.
 */
int exec_guarded(const struct exec_guard *g, const char *path, char *const *argv, char *const *env);
