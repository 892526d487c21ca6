/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper.h"

#include "../base/child.h"
#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/procfs.h"
#include "procbirth.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The numbers of the fields arg_start, arg_end and env_end in proc_pid_stat(5), behind comm. */
enum { ARG_START = 45, ARG_END = 46, ENV_END = 48 };

/* Finds where the kernel looks for the command line of this process. */
static void find_title(struct keeper *k)
{
	auto_close int proc = proc_open();
	auto_str struct str text = { 0 };
	const char *p = proc < 0 || proc_read(proc, "self/stat", &text) < 0
				? NULL
				: strrchr(str_text(&text), ')');
	uint64_t field[ENV_END + 1] = { 0 };

	if (!p)
		return;
	p += strcspn(p, " ") + 2; /* behind the letter of the state */
	for (int i = 1; i <= ENV_END && *p; i++) {
		p += strspn(p, " -");
		if (num_prefix(&p, &field[i]) < 0)
			return;
	}
	if (!field[ARG_START] || field[ARG_END] <= field[ARG_START] ||
	    field[ENV_END] < field[ARG_END])
		return;
	k->title = (char *)(uintptr_t)field[ARG_START];
	k->shown = field[ARG_END] - field[ARG_START];
	k->room = field[ENV_END] - field[ARG_START];
}

/*
 * The kernel shows the memory of the arguments, and goes on into the environment if that does not
 * end in NUL (fs/proc/base.c, get_mm_cmdline()): so a longer title is shown whole, if there is room.
 */
static void show_title(const struct keeper *k, const char *name)
{
	auto_free char *title = xasprintf("nstool: %s @%s", k->role, name);
	size_t n = MIN(strlen(title) + 1, k->room);

	if (!k->title)
		return;
	memset(k->title, 0, k->shown);
	memcpy(k->title, title, n);
	k->title[k->room - 1] = '\0';
}

static void keeper_signals(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, KEEPER_SIGNAL);
}

void keeper_settle(struct keeper *k, const char *role, const char *name)
{
	sigset_t blocked;

	*k = (struct keeper){ .role = role };
	setsid();
	prctl(PR_SET_NAME, "nstool");
	find_title(k);
	show_title(k, name);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGCHLD, SIG_IGN); /* orphans are reaped unseen */
	keeper_signals(&blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	if (chdir("/") < 0)
		quick_exit_child(1);
}

/* A piece of a name: its number, then its bytes. The last one has a NUL. */
union piece {
	void *value;
	char bytes[sizeof(void *)];
};

#define PIECE (sizeof(union piece) - 1)

/* Takes a piece in; what does not follow the one before is dropped. True: the name is whole. */
static bool hear(struct keeper *k, const union piece *piece)
{
	if (piece->bytes[0] == 0)
		k->n = 0;
	if ((size_t)piece->bytes[0] * PIECE != k->n || k->n > SET_NAME_MAX)
		return false;
	memcpy(k->name + k->n, piece->bytes + 1, PIECE);
	k->n += PIECE;
	return memchr(piece->bytes + 1, '\0', PIECE) && set_name_check(k->name, NULL) == 0;
}

void keeper_stay(struct keeper *k)
{
	sigset_t expected;

	keeper_signals(&expected);
	for (;;) {
		siginfo_t si;
		union piece piece;

		if (sigwaitinfo(&expected, &si) < 0 || si.si_code != SI_QUEUE)
			continue;
		piece.value = si.si_value.sival_ptr;
		if (hear(k, &piece))
			show_title(k, k->name);
	}
}

void keeper_rename(int proc, const struct setproc *p, const char *name)
{
	auto_close int pidfd = procbirth_hold(proc, p);
	size_t n = strlen(name) + 1;

	if (pidfd < 0)
		return;
	for (size_t done = 0; done < n; done += PIECE) {
		siginfo_t si = { .si_signo = KEEPER_SIGNAL, .si_code = SI_QUEUE };
		union piece piece = { 0 };

		piece.bytes[0] = (char)(done / PIECE);
		memcpy(piece.bytes + 1, name + done, MIN(n - done, PIECE));
		si.si_value.sival_ptr = piece.value;
		if (syscall(SYS_pidfd_send_signal, pidfd, KEEPER_SIGNAL, &si, 0) < 0)
			return;
	}
}
