/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An honest parent: to whoever started us, we behave as the command does. Signals sent to us
 * reach it, when it stops or continues so do we, and we end as it ends.
 */
#pragma once

#include "../base/err.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* A status is an exit code of 0..255, or SUPERVISE_SIGNAL plus the signal that killed. */
#define SUPERVISE_SIGNAL 0x100

/* What the caller had before its signals were held. */
struct held_signals {
	sigset_t mask;
	struct sigaction on_child;
};

/*
 * To be called before the fork: holds all signals back, so that none is lost between fork and
 * supervise(), and makes sure that children are not reaped unseen. Never fails.
 */
void signals_hold(struct held_signals *held);

/* Gives the former state back: in the child before its exec, in the parent at the end. */
void signals_release(const struct held_signals *held);

/* Whom to look after, and how. */
struct ward {
	pid_t child;
	bool has_news; /* the child is an init (init.h): it tells on NEWS how its command fares */
	int news;
	bool stays;	/* the init does not end with its command: its news does */
	bool hold_keys; /* SIGINT and SIGTERM are not forwarded but dropped */
};

/* What an init tells, an int each: the command has stopped, or its status (0 and up). */
#define NEWS_STOPPED (-1)

/*
 * Waits for the child while signals are held, forwards every catchable signal to it (except those
 * that the terminal has sent to both of us already), and stops when it stops.
 * Returns its status, or -errno with E set.
 */
int supervise(const struct ward *w, struct err *e);

/* Sends CHILD the signal SI as supervise() does. */
void supervise_forward(pid_t child, const siginfo_t *si);

/*
 * Ends this process with STATUS: exits, or dies of the same signal, without a second core dump.
 */
_Noreturn void supervise_leave(int status);
