/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linked into the program that `make asan` tests. The leak checker stops the program at its end
 * from a helper that it clones and that traces it. Where children would go to another pid namespace
 * the helper does not find its parent, and the program waits for ever; where strace traces the
 * program already, the helper may not, and the program dies. There leaks are not looked for.
 */
#include "../../common/base/str.h"

#include <fcntl.h>
#include <limits.h>
#include <sanitizer/lsan_interface.h>
#include <string.h>
#include <unistd.h>

static bool is_traced(void)
{
	char status[4096] = "";
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, status, sizeof(status) - 1);
	const char *tracer = strstr(status, "\nTracerPid:\t");

	close(fd);
	return n <= 0 || !tracer || tracer[strlen("\nTracerPid:\t")] != '0';
}

/* Asked by the leak checker. Where /proc does not tell, it is another namespace's too. */
int __lsan_is_turned_off(void)
{
	char own[PATH_MAX] = "", children[PATH_MAX] = "";

	if (readlink("/proc/self/ns/pid", own, sizeof(own) - 1) < 0 ||
	    readlink("/proc/self/ns/pid_for_children", children, sizeof(children) - 1) < 0)
		return 1;
	return !str_is(own, children) || is_traced();
}
