/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fsmake.h"

#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SAID_MAX 1000

static int configure(int fs, unsigned command, const char *key, const char *value)
{
	return syscall(SYS_fsconfig, fs, command, key, value, 0) < 0 ? -errno : 0;
}

/* A line a read, each with a letter and a blank in front: "e squashfs: Unknown parameter 'x'". */
static void read_log(int fs, struct str *said)
{
	char *line = str_room(said, SAID_MAX);
	ssize_t n = read(fs, line, SAID_MAX);

	if (n <= 2)
		return;
	memmove(line, line + 2, (size_t)n - 2);
	said->len += (size_t)n - 2;
	said->len -= said->s[said->len - 1] == '\n';
	said->s[said->len] = '\0';
}

static int set_all(int fs, const char *source, const struct mountopts *o, uint64_t attr)
{
	int r = source ? configure(fs, FSCONFIG_SET_STRING, "source", source) : 0;

	if (r == 0 && attr & MOUNT_ATTR_RDONLY)
		r = configure(fs, FSCONFIG_SET_FLAG, "ro", NULL);
	for (size_t i = 0; r == 0 && o && i < o->rest.n; i++)
		r = configure(fs, o->rest.v[i].value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
			      o->rest.v[i].name, o->rest.v[i].value);
	return r == 0 ? configure(fs, FSCONFIG_CMD_CREATE, NULL, NULL) : r;
}

int fs_make(const char *type, const char *source, const struct mountopts *options, uint64_t attr,
	    struct str *said)
{
	auto_close int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	int r = fs < 0 ? -errno : set_all(fs, source, options, attr);

	if (fs >= 0 && r < 0 && said)
		read_log(fs, said);
	if (r < 0)
		return r;
	r = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)attr);
	return r < 0 ? -errno : r;
}
