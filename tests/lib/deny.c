/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deny RULE... -- COMMAND [ARGUMENT...]: runs COMMAND where system calls fail; deny.h has the rules. */
#include "deny.h"

int main(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && !str_is(argv[i], "--"); i++) {
		int r = deny(argv[i]);

		if (r < 0) {
			fprintf(stderr, "deny: %s: %s\n", argv[i], strerror(-r));
			return 2;
		}
	}
	if (i + 1 >= argc) {
		fputs("usage: deny SYSCALL[:ARGUMENT2]=ERROR... -- COMMAND [ARGUMENT...]\n",
		      stderr);
		return 2;
	}
	execvp(argv[i + 1], argv + i + 1);
	fprintf(stderr, "deny: %s: %s\n", argv[i + 1], strerror(errno));
	return 127;
}
