/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tiocsti TEXT: types TEXT and a newline into every terminal within reach, as a hostile command
 * would: descriptors 0 to 2 and its controlling terminal. Prints on how many it worked.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static int type(int fd, const char *text)
{
	for (; *text; text++)
		if (ioctl(fd, TIOCSTI, text) < 0)
			return 0;
	return ioctl(fd, TIOCSTI, "\n") == 0;
}

int main(int argc, char **argv)
{
	int n = 0;

	if (argc != 2)
		return 2;
	for (int fd = 0; fd <= 2; fd++)
		n += type(fd, argv[1]);
	n += type(open("/dev/tty", O_RDWR), argv[1]);
	printf("typed into %d\n", n);
	return 0;
}
