/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "discover.h"

#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/dir.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

const struct source_info sources[SOURCE_NKINDS] = {
	{ "proc", "the namespaces of every process" },
	{ "thread", "those of threads, and their private descriptor tables" },
	{ "pending", "those that the next child of a process will be in" },
	{ "fd", "open descriptors of processes" },
	{ "mount", "bind mounts, in every mount namespace" },
	{ "ancestor", "owners and parents of what was found" },
	{ "socket", "sockets and tun devices of processes" },
	{ "listns", "what listns(2) lists (Linux 6.19)" },
	{ "bpf", "where processes are many, the first four at once (Linux 5.8)" },
};

/* Returns 1, 0 if they could only be read one by one and are not to be (AT_ONCE), or -errno. */
static int scan_processes(struct scan *s, bool at_once, struct err *e)
{
	int pid, r = scan_wants(s, SOURCE_BPF) ? scan_bpf(s, e) : 0;
	const char *name;
	struct dir d;

	if (r != 0 || at_once)
		return r;
	r = dir_open(&d, s->proc, ".");
	if (r < 0)
		return err_set(e, r, "cannot read /proc");
	while (r == 0 && dir_next(&d, &pid, &name))
		r = scan_process(s, pid, e);
	dir_close(&d);
	return r < 0 ? r : 1;
}

/* This process's number in PROC; 0 where that does not show it, as a fixture does not. */
static pid_t own_number(int proc)
{
	char text[16];
	pid_t pid;

	return proc_link(proc, "self", text, sizeof(text)) > 0 && num_pid(text, &pid) == 0 ? pid
											   : 0;
}

/*
 * As many descriptors as may be open at once: those of a task, then one for each level of user
 * and of pid namespaces above it, 32 of both.
 */
#define DESCRIPTORS 80

/* Whatever could not be opened for lack of descriptors would be missing without a word. */
static int check_descriptors(int proc, struct err *e)
{
	int fds[DESCRIPTORS], n = 0, r = 0;

	while (r == 0 && n < DESCRIPTORS) {
		fds[n] = fcntl(proc, F_DUPFD_CLOEXEC, 0);
		r = fds[n] < 0 ? -errno : 0;
		n += r == 0;
	}
	for (int i = 0; i < n; i++)
		close(fds[i]);
	if (r != -EMFILE && r != -ENFILE)
		return 0;
	err_set(e, r, "cannot open the %d descriptors that a look at all processes may take",
		DESCRIPTORS);
	if (r == -EMFILE)
		err_hint(e, "'ulimit -n' shows and sets how many there may be");
	return r;
}

static ino_t own_mount_namespace(int proc)
{
	char text[64];
	enum ns_type type;
	ino_t ino;

	if (proc_link(proc, "self/ns/mnt", text, sizeof(text)) < 0)
		return 0;
	return ns_link_parse(text, &type, &ino) ? ino : 0;
}

static struct scan scan_of(struct graph *g, int proc, unsigned wanted)
{
	struct scan s = {
		.g = g,
		.proc = proc,
		.wanted = wanted,
		.self = own_number(proc),
		.uid = geteuid(),
		.mnt = own_mount_namespace(proc),
	};

	s.pids_are_ours = s.self == getpid();
	return s;
}

/* Returns as scan_processes(). */
static int fill(struct graph *g, int proc, unsigned wanted, bool at_once, struct err *e)
{
	struct scan s = scan_of(g, proc, wanted);
	int r = check_descriptors(proc, e), done = 0;

	if (r == 0)
		r = done = scan_processes(&s, at_once, e);
	if (r > 0 && s.self && scan_wants(&s, SOURCE_LISTNS))
		scan_listns(&s);
	if (r > 0 && scan_wants(&s, SOURCE_MOUNT))
		r = scan_mounts_elsewhere(&s, e);
	hash_done(&s.mnt_read);
	str_done(&s.text);
	if (r < 0 || !done)
		return r;
	graph_finish(g);
	return 1;
}

bool discover_at_once(struct graph *g, int proc, unsigned sources_wanted)
{
	return fill(g, proc, sources_wanted, true, NULL) > 0;
}

int discover(struct graph *g, int proc, unsigned sources_wanted, struct err *e)
{
	return MIN(fill(g, proc, sources_wanted, false, e), 0);
}
