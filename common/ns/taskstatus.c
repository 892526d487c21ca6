/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taskstatus.h"

#include "../base/num.h"
#include "../sys/procfs.h"

#include <errno.h>

/* One number, in BASE, of at most 64 bits; *P moves behind it. */
static int number(const char **p, unsigned base, uint64_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	const char *start = *p;

	*ret = 0;
	for (; **p; ++*p) {
		const char *d = memchr(digits, **p, base);

		if (!d)
			break;
		if (*ret >> 60)
			return -EINVAL;
		*ret = *ret * base + (uint64_t)(d - digits);
	}
	return *p > start ? 0 : -EINVAL;
}

static int ids(const char *text, const char *field, unsigned ret[4])
{
	const char *p = proc_field(text, field);
	uint64_t n;

	for (int i = 0; i < 4; i++) {
		if (!p || num_prefix(&p, &n) < 0 || n > UINT32_MAX)
			return -EINVAL;
		ret[i] = (unsigned)n;
		p += strspn(p, "\t ");
	}
	return *p == '\n' || !*p ? 0 : -EINVAL;
}

static int single(const char *text, const char *field, unsigned base, uint64_t *ret)
{
	const char *p = proc_field(text, field);

	if (!p || number(&p, base, ret) < 0)
		return -EINVAL;
	return *p == '\n' || !*p ? 0 : -EINVAL;
}

int task_status_parse(const char *text, struct task_status *ret, const char **field)
{
	struct task_status s;
	uint64_t nnp = 0, mask = 0;
	const struct {
		const char *name;
		unsigned base;
		uint64_t *value;
	} numbers[] = {
		{ "CapInh:", 16, &s.caps.inheritable },
		{ "CapPrm:", 16, &s.caps.permitted },
		{ "CapEff:", 16, &s.caps.effective },
		{ "CapBnd:", 16, &s.bounding },
		{ "CapAmb:", 16, &s.ambient },
		{ "NoNewPrivs:", 10, &nnp },
		{ "Umask:", 8, &mask },
	};

	*field = "Uid:";
	if (ids(text, *field, s.uid) < 0)
		return -EINVAL;
	*field = "Gid:";
	if (ids(text, *field, s.gid) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		*field = numbers[i].name;
		if (single(text, *field, numbers[i].base, numbers[i].value) < 0)
			return -EINVAL;
	}
	s.no_new_privs = nnp;
	s.umask = (mode_t)(mask & 0777);
	*ret = s;
	return 0;
}
