/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe.h"

#include "../base/child.h"
#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What is killed is gone after so long, unless the kernel itself cannot end it. */
#define AFTER_KILL 1000

void *probe_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void probe_memory_done(void *memory, size_t size)
{
	munmap(memory, size);
}

void probe_tie(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		quick_exit_child(1);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits until the pipe END has no writer any more: the child is gone, and all that it forked. */
static bool has_ended(int end, int ms)
{
	int64_t until = now_ms() + ms, left = ms;
	struct pollfd p = { .fd = end, .events = POLLIN };
	int r;

	do {
		r = poll(&p, 1, (int)left);
		left = until - now_ms();
	} while (r < 0 && errno == EINTR && left > 0);
	return r > 0;
}

/* Whether it came to its end. Where SIGCHLD is ignored nobody can tell: then it did. */
static int bury(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECHILD;
}

int probe_start(struct probe *p, void (*fn)(void *data), void *data)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	auto_close int hear = ends[0];
	auto_close int held = ends[1];

	p->child = fork();
	if (p->child < 0)
		return -errno;
	if (p->child == 0) {
		probe_tie(parent);
		fn(data);
		quick_exit_child(0);
	}
	cleanup_fd(&held);
	p->hear = take_fd(&hear);
	return 0;
}

int probe_wait(struct probe *p, int ms)
{
	auto_close int hear = take_fd(&p->hear);

	if (has_ended(hear, ms))
		return bury(p->child);
	kill(p->child, SIGKILL);
	if (has_ended(hear, AFTER_KILL))
		bury(p->child);
	return -ETIMEDOUT;
}

int probe_run(void (*fn)(void *data), void *data, int ms)
{
	struct probe p;
	int r = probe_start(&p, fn, data);

	return r < 0 ? r : probe_wait(&p, ms);
}
