/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nstype.h"

#include "../base/num.h"
#include "../base/str.h"
#include "../sys/compat.h"

#include <errno.h>
#include <sched.h>

const struct ns_type_info ns_types[NS_NTYPES] = {
	[NS_MNT] = { "mnt", NULL, 'm', CLONE_NEWNS, 0 },
	[NS_UTS] = { "uts", NULL, 'u', CLONE_NEWUTS, 4026531838 },
	[NS_IPC] = { "ipc", NULL, 'i', CLONE_NEWIPC, 4026531839 },
	[NS_NET] = { "net", NULL, 'n', CLONE_NEWNET, 0 },
	[NS_PID] = { "pid", "pid_for_children", 'p', CLONE_NEWPID, 4026531836 },
	[NS_USER] = { "user", NULL, 'U', CLONE_NEWUSER, 4026531837 },
	[NS_CGROUP] = { "cgroup", NULL, 'C', CLONE_NEWCGROUP, 4026531835 },
	[NS_TIME] = { "time", "time_for_children", 'T', CLONE_NEWTIME, 4026531834 },
};

static const struct {
	const char *name;
	enum ns_type type;
} long_names[] = {
	{ "mount", NS_MNT },
	{ "hostname", NS_UTS },
	{ "network", NS_NET },
	{ "process", NS_PID },
};

int ns_type_from_name(const char *name)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (str_is(name, ns_types[t].name))
			return t;
	for (size_t i = 0; i < ARRAY_LEN(long_names); i++)
		if (str_is(name, long_names[i].name))
			return (int)long_names[i].type;
	return -EINVAL;
}

int ns_type_from_clone(int flag)
{
	for (int t = 0; t < NS_NTYPES; t++)
		if (ns_types[t].clone == flag)
			return t;
	return -EINVAL;
}

bool ns_link_parse(const char *text, enum ns_type *type, ino_t *ino)
{
	uint64_t value;

	for (int t = 0; t < NS_NTYPES; t++) {
		const char *p = str_after(text, ns_types[t].name);

		if (!p || !(p = str_after(p, ":[")))
			continue;
		if (num_prefix(&p, &value) < 0 || !str_is(p, "]"))
			return false;
		*type = (enum ns_type)t;
		*ino = (ino_t)value;
		return true;
	}
	return false;
}
