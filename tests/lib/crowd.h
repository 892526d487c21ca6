/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The situations of nsmake.c that take whole sets of namespaces, or many processes. */
#pragma once

#include "stage.h"

#include <linux/sched.h>

/* A child in new namespaces of all types, pid 1 of its own, killed when this process ends. */
static inline pid_t clone_into_all_new(void)
{
	struct clone_args args = {
		.flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWPID |
			 CLONE_NEWUSER | CLONE_NEWCGROUP | CLONE_NEWTIME,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = must((pid_t)syscall(SYS_clone3, &args, sizeof(args)));

	if (pid == 0)
		must(prctl(PR_SET_PDEATHSIG, SIGKILL));
	return pid;
}

static const char *const crowd_types[] = { "mnt", "uts",  "ipc",    "net",
					   "pid", "user", "cgroup", "time" };

static inline unsigned long inode_of(pid_t pid, const char *type)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, type);
	must(stat(path, &st));
	return st.st_ino;
}

/* One process in namespaces of its own of all types, with all ids mapped, as a container has it. */
static inline void make_container(FILE *out, char **args)
{
	pid_t pid = clone_into_all_new();
	char path[PATH_MAX];

	(void)args;
	if (pid == 0)
		wait_for_death();
	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	write_file(path, "0 0 4294967295");
	snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
	write_file(path, "0 0 4294967295");
	for (size_t i = 0; i < ARRAY_LEN(crowd_types); i++)
		say_number(out, str_is(crowd_types[i], "pid") ? "pid_ns" : crowd_types[i],
			   inode_of(pid, crowd_types[i]));
	say_number(out, "pid", (unsigned long)pid);
}

static inline unsigned long number(const char *text)
{
	uint64_t value;

	if (num_u64(text, 1, UINT32_MAX, &value) < 0) {
		fprintf(stderr, "nsmake: not a number: %s\n", text);
		_exit(2);
	}
	return value;
}

/*
 * N processes, as many in each of M sets of namespaces of all types. FILE gets a line "TYPE INODE
 * NPROCS" for each namespace.
 */
static inline void make_many(FILE *out, char **args)
{
	unsigned long nsets = number(args[1]), each = number(args[0]) / nsets;
	FILE *list = fopen(args[2] ? args[2] : "/dev/null", "we");
	int ready[2];
	char c;

	if (!list)
		die(args[2]);
	must(pipe2(ready, O_CLOEXEC));
	for (unsigned long i = 0; i < nsets; i++) {
		pid_t pid = clone_into_all_new();

		if (pid == 0) {
			for (unsigned long j = 1; j < each; j++)
				if (must(fork()) == 0)
					wait_for_death();
			must(write(ready[1], "", 1));
			wait_for_death();
		}
		if (read(ready[0], &c, 1) != 1)
			die("read");
		for (size_t t = 0; t < ARRAY_LEN(crowd_types); t++)
			fprintf(list, "%s %lu %lu\n", crowd_types[t], inode_of(pid, crowd_types[t]),
				each);
	}
	fclose(list);
	say_number(out, "nprocs", nsets * each);
	say_number(out, "sets", nsets);
}

/* Two processes that do nothing but have children come and go. */
static inline void make_storm(FILE *out, char **args)
{
	(void)args;
	for (int i = 0; i < 2; i++) {
		pid_t pid = stage_fork();

		while (pid == 0) {
			pid_t child = fork();

			if (child == 0)
				_exit(0);
			waitpid(child, NULL, 0);
		}
		say_number(out, "pid", (unsigned long)pid);
	}
}
