/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ratio ROUNDS COMMAND... -- OTHER...: runs the two commands in turn, so that what else the
 * machine does burdens both alike, and prints the median of each in microseconds, the median, the
 * least and the greatest of the quotients, and of COMMAND alone the median time of the processor
 * and the most memory, in KiB: "OURS THEIRS RATIO LEAST GREATEST CPU MEMORY". What they write is
 * thrown away.
 */
#include "../../common/base/num.h"
#include "../../common/base/str.h"
#include "median.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * How long ARGV takes, from its start to its end, in microseconds; and what it used. It may fail
 * TRIES times less one: lsns does while processes come and go.
 */
static double measure(char **argv, int tries, struct rusage *used)
{
	double start = seconds();
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0)
		wait4(pid, &status, 0, used);
	if (status != 0 && tries > 1)
		return measure(argv, tries - 1, used);
	if (status != 0) {
		fprintf(stderr, "ratio: %s failed\n", argv[0]);
		exit(1);
	}
	return (seconds() - start) * 1e6;
}

static double cpu_time(const struct rusage *used)
{
	return (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1e6 +
	       (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec);
}

static void run(size_t rounds, char **ours, char **theirs, FILE *out)
{
	auto_free double *a = xcalloc(rounds, sizeof(*a));
	auto_free double *b = xcalloc(rounds, sizeof(*b));
	auto_free double *q = xcalloc(rounds, sizeof(*q));
	auto_free double *cpu = xcalloc(rounds, sizeof(*cpu));
	struct rusage used, unused;

	measure(ours, 1, &used);
	measure(theirs, 20, &unused);
	for (size_t i = 0; i < rounds; i++) {
		a[i] = measure(ours, 1, &used);
		b[i] = measure(theirs, 20, &unused);
		q[i] = a[i] / b[i];
		cpu[i] = cpu_time(&used);
	}
	fprintf(out, "%.0f %.0f", median(a, rounds), median(b, rounds));
	fprintf(out, " %.3f", median(q, rounds)); /* which sorts them */
	fprintf(out, " %.3f %.3f", q[0], q[rounds - 1]);
	fprintf(out, " %.0f %ld\n", median(cpu, rounds), used.ru_maxrss);
}

int main(int argc, char **argv)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	uint64_t rounds;
	int dashes = 2;
	FILE *out;

	while (dashes < argc && !str_is(argv[dashes], "--"))
		dashes++;
	if (dashes == 2 || dashes + 1 >= argc || num_u64(argv[1], 1, 100000, &rounds) < 0) {
		fputs("usage: ratio ROUNDS COMMAND... -- OTHER...\n", stderr);
		return 2;
	}
	out = fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), "we");
	if (!out || dup2(nothing, STDOUT_FILENO) < 0)
		return 1;
	argv[dashes] = NULL;
	run(rounds, argv + 2, argv + dashes + 1, out);
	return fclose(out) ? 1 : 0;
}
