/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * burst N [uts]: N processes, one after the other, as fast as they can be made; each ends at once, in a
 * UTS namespace of its own if that is said.
 */
#include "../../common/base/num.h"
#include "../../common/base/str.h"

#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	bool apart = argc == 3 && str_is(argv[2], "uts");
	uint64_t n;

	if (argc < 2 || argc - 2 != apart || num_u64(argv[1], 1, UINT64_MAX, &n) < 0) {
		fputs("usage: burst N [uts]\n", stderr);
		return 2;
	}
	while (n-- > 0) {
		int status;
		pid_t pid = fork();

		if (pid == 0)
			_exit(apart && unshare(CLONE_NEWUTS) < 0);
		if (pid < 0 || waitpid(pid, &status, 0) < 0 || status) {
			perror("burst");
			return 1;
		}
	}
	return 0;
}
