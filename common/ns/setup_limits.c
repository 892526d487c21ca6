/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include <errno.h>

static const char *const limit_words[RLIMIT_NLIMITS] = {
	[RLIMIT_AS] = "as",
	[RLIMIT_CORE] = "core",
	[RLIMIT_CPU] = "cpu",
	[RLIMIT_DATA] = "data",
	[RLIMIT_FSIZE] = "fsize",
	[RLIMIT_LOCKS] = "locks",
	[RLIMIT_MEMLOCK] = "memlock",
	[RLIMIT_MSGQUEUE] = "msgqueue",
	[RLIMIT_NICE] = "nice",
	[RLIMIT_NOFILE] = "nofile",
	[RLIMIT_NPROC] = "nproc",
	[RLIMIT_RSS] = "rss",
	[RLIMIT_RTPRIO] = "rtprio",
	[RLIMIT_RTTIME] = "rttime",
	[RLIMIT_SIGPENDING] = "sigpending",
	[RLIMIT_STACK] = "stack",
};

const char *setup_limit_name(int resource)
{
	return resource < (int)RLIMIT_NLIMITS ? limit_words[resource] : NULL;
}

int setup_limit_find(const char *name, size_t n)
{
	for (int i = 0; i < (int)RLIMIT_NLIMITS; i++)
		if (strlen(limit_words[i]) == n && strncmp(limit_words[i], name, n) == 0)
			return i;
	return -EINVAL;
}

static int set_limit(int resource, const struct rlimit *value, struct err *e)
{
	int r = setrlimit((unsigned)resource, value) < 0 ? -errno : 0;

	if (r == 0)
		return 0;
	err_set(e, r, "cannot set the limit %s", limit_words[resource]);
	if (r == -EPERM)
		err_hint(e,
			 "only CAP_SYS_RESOURCE of the initial user namespace raises a hard limit");
	return r;
}

int setup_raise_limits(struct setup_run *run, struct err *e)
{
	for (size_t i = 0; i < run->s->nlimits; i++) {
		const struct setup_limit *l = &run->s->limits[i];
		struct rlimit now;
		int r;

		if (getrlimit((unsigned)l->resource, &now) < 0)
			return err_set(e, -errno, "cannot read the limit %s",
				       limit_words[l->resource]);
		if (l->value.rlim_max <= now.rlim_max)
			continue;
		now.rlim_max = l->value.rlim_max;
		r = set_limit(l->resource, &now, e);
		if (r < 0)
			return r;
	}
	return 0;
}

int setup_set_limits(struct setup_run *run, struct err *e)
{
	for (size_t i = 0; i < run->s->nlimits; i++) {
		const struct setup_limit *l = &run->s->limits[i];
		int r = set_limit(l->resource, &l->value, e);

		if (r < 0)
			return r;
	}
	return 0;
}
