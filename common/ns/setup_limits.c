/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup_run.h"

#include "../base/num.h"
#include "../base/str.h"
#include "../sys/procfs.h"

#include <errno.h>

const char *const setup_limit_words[] = {
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
	[RLIMIT_NLIMITS] = NULL,
};

/* Who asks for more than the kernel gives anybody is refused as if a capability were missing. */
static bool is_beyond_nr_open(const struct setup_run *run, int resource, rlim_t value,
			      struct err *e)
{
	auto_str struct str text = { 0 };
	const char *p;
	uint64_t most;

	if (resource != RLIMIT_NOFILE || run->proc < 0 ||
	    proc_read(run->proc, "sys/fs/nr_open", &text) < 0)
		return false;
	p = str_text(&text);
	if (num_prefix(&p, &most) < 0 || value <= most)
		return false;
	err_hint(e,
		 "nobody can have more files than fs.nr_open, which is %llu: "
		 "'sysctl -w fs.nr_open=NUMBER' as root raises it",
		 (unsigned long long)most);
	return true;
}

static int set_limit(const struct setup_run *run, int resource, const struct rlimit *value,
		     struct err *e)
{
	int r = setrlimit((unsigned)resource, value) < 0 ? -errno : 0;

	if (r == 0)
		return 0;
	err_set(e, r, "cannot set the limit %s", setup_limit_words[resource]);
	if (r == -EPERM && !is_beyond_nr_open(run, resource, value->rlim_max, e))
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
				       setup_limit_words[l->resource]);
		if (l->value.rlim_max <= now.rlim_max)
			continue;
		now.rlim_max = l->value.rlim_max;
		r = set_limit(run, l->resource, &now, e);
		if (r < 0)
			return r;
	}
	return 0;
}

int setup_set_limits(struct setup_run *run, struct err *e)
{
	for (size_t i = 0; i < run->s->nlimits; i++) {
		const struct setup_limit *l = &run->s->limits[i];
		int r = set_limit(run, l->resource, &l->value, e);

		if (r < 0)
			return r;
	}
	return 0;
}
