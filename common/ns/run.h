/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How to run a command in other namespaces. The applet decides and fills a struct run; this file
 * does the rest the same way for all of them: change namespaces, fork if a child is needed, take
 * on credentials, exec, and be the command's honest parent (supervise.h).
 */
#pragma once

#include "creds.h"

/* The exit statuses of applets that run a command. */
enum { RUN_FAILED = 125, RUN_NOT_RUNNABLE = 126, RUN_NOT_FOUND = 127 };

/* For run.tie: the command outlives us. A process that does not fork is not tied to its parent
 * unless a signal is given. */
#define RUN_UNTIED (-1)

/* All zeros: the caller's own shell, by exec in this process, with nothing changed. */
struct run {
	char *const *argv; /* the command, ended by NULL; NULL or empty: a shell */
	char *const *env;  /* its environment, ended by NULL; NULL: ours */
	bool login_shell;  /* a shell for want of a command is a login shell */

	bool fork;	/* as a child: a new pid or time namespace holds only for children */
	bool detach;	/* with fork: do not wait for it, and let it outlive us */
	bool init;	/* with fork: the child is an init (init.h), the command its child */
	bool hold_keys; /* with fork: SIGINT and SIGTERM are dropped, not forwarded */
	int tie; /* the signal that the command gets when we die; 0: SIGKILL; or RUN_UNTIED */
	bool new_session; /* setsid(2) */
	bool new_keyring; /* a session keyring of its own, keyrings(7) */
	bool close_fds;	  /* close descriptors above 2 that are not in keep_fds */
	const int *keep_fds;
	size_t nkeep_fds;
	const struct exec_guard *guard; /* exec_guard.h: the program may be a trap; or NULL */

	struct creds creds;

	/*
	 * Both return 0 or -errno with the sentence in E, and may be NULL.
	 * enter() runs before the fork, in the process that will be the command's parent: setns(2)
	 * and unshare(2) belong here. prepare() runs in the process that becomes the command, before
	 * it takes on its credentials: mounts, chroot(2) and chdir(2) belong here.
	 */
	int (*enter)(void *data, struct err *e);
	int (*prepare)(void *data, struct err *e);

	/*
	 * With fork: runs instead of a command, while signals are held, and what it returns is the
	 * exit status. The parent waits until it has ended or closed all descriptors. NULL: a command
	 * is run.
	 */
	int (*main)(void *data);

	/* With init: what that does once the command has ended. NULL: it exits. */
	int (*stay)(void *data);

	/*
	 * Both run in the parent, and may be NULL. born() is told the child's pid when nothing but
	 * its program is left to change; it returns 0, or -errno with E set and the child dies.
	 * runs() is called when the program runs. Without fork both come just before the exec.
	 */
	int (*born)(void *data, pid_t child, struct err *e);
	void (*runs)(void *data);
	/*
	 * Runs in the child when the parent has died, or born() failed, instead of all that is still
	 * to come; else as main. NULL: the child ends.
	 */
	int (*orphaned)(void *data);
	void *data;
};

/*
 * Runs the command. Without RUN->fork it returns only if that failed. Returns the command's
 * status, a supervise.h status that supervise_leave() understands; RUN_NOT_RUNNABLE or
 * RUN_NOT_FOUND with the sentence in E if it could not be executed; or -errno with E set.
 */
int run_command(const struct run *run, struct err *e);
