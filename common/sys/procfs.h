/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * proc(5), read below a descriptor of /proc that is opened once and passed down (tests pass a
 * fixture). Every function may find that the process has gone: -ENOENT or -ESRCH.
 */
#pragma once

#include "../base/str.h"

#include <stdint.h>
#include <sys/types.h>

/* Room for "PID/task/TID/fd/N" and the like. */
#define PROC_PATH_MAX 80

/* Opens /proc, verified to be procfs. Returns a descriptor or -errno; -ENODEV: not procfs. */
int proc_open(void);

/*
 * Writes "PID/NAME", or "PID/task/TID/NAME" when TID is not 0, without the cost of printf (it is
 * done for every process). NAME has at most 40 bytes.
 */
void proc_path(char path[PROC_PATH_MAX], pid_t pid, pid_t tid, const char *name);

/* Reads PATH below PROC whole, at most 16 MiB, into RET (cleared first). Returns 0 or -errno. */
int proc_read(int proc, const char *path, struct str *ret);

/* Reads the link NAME in DIR into BUF, NUL-terminated. Returns its length or -errno. */
ssize_t proc_link(int dir, const char *name, char *buf, size_t size);

/*
 * What stands behind NAME ("Tgid:") at the beginning of a line of TEXT, blanks skipped; NULL if
 * there is no such line. For status and fdinfo.
 */
const char *proc_field(const char *text, const char *name);

/* The process of thread TID. Returns 0 or -errno. */
int proc_tgid(int proc, pid_t tid, pid_t *ret);

/* The fields of /proc/PID/stat that nstool uses. */
struct proc_stat {
	char comm[64]; /* as the process says; not escaped */
	char state;
	pid_t ppid;
	uint64_t flags;	    /* PF_… of linux/sched.h */
	uint64_t starttime; /* clock ticks after boot */
};

/* Parses the text of /proc/PID/stat; the name ends at the last ')'. Returns 0 or -EINVAL. */
int proc_stat_parse(const char *text, struct proc_stat *ret);
int proc_stat_read(int proc, pid_t pid, struct proc_stat *ret);

/*
 * How many threads PID has, from the link count of its task directory. At least 1 for a living
 * process, 0 if it has gone.
 */
uint32_t proc_nthreads(int proc, pid_t pid);

/* How many threads the whole machine has, from loadavg. Returns 0 or -errno. */
int proc_total_threads(int proc, uint64_t *ret);

/*
 * The command line, arguments joined by spaces; for kernel threads and zombies the comm. At most
 * LIMIT bytes of it. Not escaped. Returns 0 or -errno.
 */
int proc_command(int proc, pid_t pid, size_t limit, struct str *ret);

/* The owner of the process's directory: its effective uid while it is dumpable, else 0. */
int proc_uid(int proc, pid_t pid, uid_t *ret);
