/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * complete ROUNDS LINE...: how long the shell takes to complete each LINE: when nothing has been
 * looked at yet, as for somebody who presses TAB the moment the shell has started, and once more.
 * Prints for each "FIRST AGAIN CANDIDATES LINE": medians of ROUNDS, in microseconds of the
 * processor's time, which what else the machine does burdens less than the clock's.
 */
#include "../../cmd/shell/complete.h"
#include "../../cmd/applets.h"
#include "../../cmd/shell/commands.h"
#include "../../cmd/shell/settings.h"
#include "../../common/base/fd.h"
#include "../../common/base/num.h"
#include "../../common/sys/procfs.h"
#include "median.h"

#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double measure(struct shell *sh, const char *line, size_t *found)
{
	auto_completion struct completion c = { 0 };
	double start = now();

	completion_find(sh, line, &c);
	*found = c.lines.n;
	return now() - start;
}

/* A shell that has just been started; it is one until it looks at the machine. */
static void run(const struct ctx *roof, size_t rounds, const char *line)
{
	auto_free double *first = xcalloc(rounds, sizeof(*first));
	auto_free double *again = xcalloc(rounds, sizeof(*again));
	size_t found = 0;

	for (size_t i = 0; i < rounds; i++) {
		struct shell sh = { .ctx = *roof, .proc = proc_open() };

		settings_init(&sh.settings);
		commands_init(&sh, roof);
		first[i] = measure(&sh, line, &found);
		again[i] = measure(&sh, line, &found);
		shell_drop(&sh);
		settings_done(&sh.settings);
		vec_done(&sh.commands);
		cleanup_fd(&sh.proc);
	}
	printf("%.0f %.0f %zu %s\n", median(first, rounds), median(again, rounds), found, line);
}

int main(int argc, char **argv)
{
	struct ctx roof = { .out = stdout, .applets = applets, .napplets = napplets };
	uint64_t rounds;

	if (argc < 3 || num_u64(argv[1], 1, 100000, &rounds) < 0) {
		fputs("usage: complete ROUNDS LINE...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		run(&roof, rounds, argv[i]);
	return 0;
}
