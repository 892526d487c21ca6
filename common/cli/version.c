/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "version.h"

#include "../base/dl.h"
#include "../base/fd.h"
#include "../sys/mountapi.h"
#include "../sys/nsfs.h"
#include "../sys/pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int probe_pidfd(void)
{
	auto_close int fd = pidfd_of(getpid());

	return fd;
}

static int probe_ids(void)
{
	auto_close int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	uint64_t id;

	return fd < 0 ? -errno : nsfs_id(fd, &id);
}

static int probe_listns(void)
{
	uint64_t id;

	return (int)nsfs_list(0, &id, 1);
}

/* Asks for nothing: a kernel that has the calls first looks at the descriptor. */
static int probe_mount_api(void)
{
	int r = mount_open(-EBADF);

	if (r == -EBADF)
		r = mount_clone_readonly(-EBADF);
	return r == -EBADF ? 0 : r;
}

static const struct {
	const char *name;
	int (*probe)(void);
} calls[] = {
	{ "pidfd", probe_pidfd },
	{ "nsfs ids", probe_ids },
	{ "listns", probe_listns },
	{ "mount API", probe_mount_api },
};

static const struct {
	const char *name, *soname;
} libraries[] = {
	{ "readline", "libreadline.so.8" },
	{ "libmount", "libmount.so.1" },
	{ "libsmartcols", "libsmartcols.so.1" },
	{ "json-c", "libjson-c.so.5" },
};

static const char *verdict(int r)
{
	if (r >= 0)
		return "yes";
	return r == -ENOSYS || r == -ENOTTY || r == -EINVAL || r == -ENOENT ? "no" : "refused";
}

static int probe_library(const char *soname)
{
	auto_err struct err e = { 0 };

	return dl_load(soname, "", NULL, 0, NULL, &e);
}

void version_print(FILE *out)
{
	fputs("nstool " NSTOOL_VERSION "\n"
	      "License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>\n"
	      "\n"
	      "Found on this machine:\n",
	      out);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		fprintf(out, "  %-13s %s\n", calls[i].name, verdict(calls[i].probe()));
	for (size_t i = 0; i < ARRAY_LEN(libraries); i++)
		fprintf(out, "  %-13s %s (%s)\n", libraries[i].name,
			verdict(probe_library(libraries[i].soname)), libraries[i].soname);
}
