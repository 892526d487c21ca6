/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "netetc.h"

#include "../base/escape.h"

#include <dirent.h>
#include <errno.h>
#include <sys/mount.h>

static int bind_entry(const char *from_dir, const char *entry, struct err *e)
{
	auto_free char *from = xasprintf("%s/%s", from_dir, entry);
	auto_free char *to = xasprintf("/etc/%s", entry);
	auto_free char *q = NULL;

	if (mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0)
		return 0;
	q = quoted(from);
	return err_set(e, -errno, "cannot put %s over the one in /etc", q);
}

static int bind_all(DIR *d, const char *from, struct err *e)
{
	const struct dirent *entry;

	while ((entry = readdir(d))) {
		int r = 0;

		if (!str_is(entry->d_name, ".") && !str_is(entry->d_name, ".."))
			r = bind_entry(from, entry->d_name, e);
		if (r < 0)
			return r;
	}
	return 0;
}

int netetc_apply(const char *dir, const char *name, struct err *e)
{
	auto_free char *from = xasprintf("%s/%s", dir, name);
	DIR *d = opendir(from);
	int r;

	if (!d)
		return 0;
	r = bind_all(d, from, e);
	closedir(d);
	return r;
}
