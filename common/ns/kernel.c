/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel.h"

#include "../sys/btf.h"

#include <errno.h>
#include <stdbool.h>

enum type {
	T_TASK,
	T_SIGNAL,
	T_CRED,
	T_NSPROXY,
	T_PID,
	T_UPID,
	T_COMMON,
	T_MNT,
	T_UTS,
	T_IPC,
	T_NET,
	T_PIDNS,
	T_USER,
	T_CGROUP,
	T_TIME,
	T_FILE,
	T_INODE,
	T_SUPER,
	T_OPS,
	T_ITER_TASK,
	T_ITER_FILE,
	T_CAST,
	T_NTYPES
};

static const struct btf_name type_names[T_NTYPES] = {
	[T_TASK] = { .name = "task_struct", .kind = BTF_KIND_STRUCT },
	[T_SIGNAL] = { .name = "signal_struct", .kind = BTF_KIND_STRUCT },
	[T_CRED] = { .name = "cred", .kind = BTF_KIND_STRUCT },
	[T_NSPROXY] = { .name = "nsproxy", .kind = BTF_KIND_STRUCT },
	[T_PID] = { .name = "pid", .kind = BTF_KIND_STRUCT },
	[T_UPID] = { .name = "upid", .kind = BTF_KIND_STRUCT },
	[T_COMMON] = { .name = "ns_common", .kind = BTF_KIND_STRUCT },
	[T_MNT] = { .name = "mnt_namespace", .kind = BTF_KIND_STRUCT },
	[T_UTS] = { .name = "uts_namespace", .kind = BTF_KIND_STRUCT },
	[T_IPC] = { .name = "ipc_namespace", .kind = BTF_KIND_STRUCT },
	[T_NET] = { .name = "net", .kind = BTF_KIND_STRUCT },
	[T_PIDNS] = { .name = "pid_namespace", .kind = BTF_KIND_STRUCT },
	[T_USER] = { .name = "user_namespace", .kind = BTF_KIND_STRUCT },
	[T_CGROUP] = { .name = "cgroup_namespace", .kind = BTF_KIND_STRUCT },
	[T_TIME] = { .name = "time_namespace", .kind = BTF_KIND_STRUCT },
	[T_FILE] = { .name = "file", .kind = BTF_KIND_STRUCT },
	[T_INODE] = { .name = "inode", .kind = BTF_KIND_STRUCT },
	[T_SUPER] = { .name = "super_block", .kind = BTF_KIND_STRUCT },
	[T_OPS] = { .name = "proc_ns_operations", .kind = BTF_KIND_STRUCT },
	[T_ITER_TASK] = { .name = "bpf_iter_task", .kind = BTF_KIND_FUNC },
	[T_ITER_FILE] = { .name = "bpf_iter_task_file", .kind = BTF_KIND_FUNC },
	[T_CAST] = { .name = "bpf_rdonly_cast", .kind = BTF_KIND_FUNC },
};

static const struct {
	enum type type;
	const char *name;
} members[NMEMBERS] = {
	[TASK_PID] = { T_TASK, "pid" },
	[TASK_TGID] = { T_TASK, "tgid" },
	[TASK_LEADER] = { T_TASK, "group_leader" },
	[TASK_SIGNAL] = { T_TASK, "signal" },
	[TASK_CRED] = { T_TASK, "real_cred" },
	[TASK_NSPROXY] = { T_TASK, "nsproxy" },
	[TASK_THREAD_PID] = { T_TASK, "thread_pid" },
	[TASK_FILES] = { T_TASK, "files" },
	[TASK_CGROUPS] = { T_TASK, "cgroups" },
	[SIGNAL_NR_THREADS] = { T_SIGNAL, "nr_threads" },
	[CRED_EUID] = { T_CRED, "euid" },
	[CRED_USER] = { T_CRED, "user_ns" },
	[PROXY_MNT] = { T_NSPROXY, "mnt_ns" },
	[PROXY_UTS] = { T_NSPROXY, "uts_ns" },
	[PROXY_IPC] = { T_NSPROXY, "ipc_ns" },
	[PROXY_NET] = { T_NSPROXY, "net_ns" },
	[PROXY_PID] = { T_NSPROXY, "pid_ns_for_children" },
	[PROXY_CGROUP] = { T_NSPROXY, "cgroup_ns" },
	[PROXY_TIME] = { T_NSPROXY, "time_ns" },
	[PROXY_CHILDREN_TIME] = { T_NSPROXY, "time_ns_for_children" },
	[PID_LEVEL] = { T_PID, "level" },
	[PID_NUMBERS] = { T_PID, "numbers" },
	[UPID_NS] = { T_UPID, "ns" },
	[COMMON_INUM] = { T_COMMON, "inum" },
	[COMMON_ID] = { T_COMMON, "ns_id" },
	[COMMON_TYPE] = { T_COMMON, "ns_type" },
	[COMMON_OPS] = { T_COMMON, "ops" },
	[OPS_TYPE] = { T_OPS, "type" },
	[MNT_COMMON] = { T_MNT, "ns" },
	[MNT_OWNER] = { T_MNT, "user_ns" },
	[UTS_COMMON] = { T_UTS, "ns" },
	[UTS_OWNER] = { T_UTS, "user_ns" },
	[IPC_COMMON] = { T_IPC, "ns" },
	[IPC_OWNER] = { T_IPC, "user_ns" },
	[NET_COMMON] = { T_NET, "ns" },
	[NET_OWNER] = { T_NET, "user_ns" },
	[PIDNS_COMMON] = { T_PIDNS, "ns" },
	[PIDNS_OWNER] = { T_PIDNS, "user_ns" },
	[PIDNS_PARENT] = { T_PIDNS, "parent" },
	[USER_COMMON] = { T_USER, "ns" },
	[USER_PARENT] = { T_USER, "parent" },
	[USER_CREATOR] = { T_USER, "owner" },
	[CGROUP_COMMON] = { T_CGROUP, "ns" },
	[CGROUP_OWNER] = { T_CGROUP, "user_ns" },
	[TIME_COMMON] = { T_TIME, "ns" },
	[TIME_OWNER] = { T_TIME, "user_ns" },
	[FILE_INODE] = { T_FILE, "f_inode" },
	[INODE_SUPER] = { T_INODE, "i_sb" },
	[INODE_INO] = { T_INODE, "i_ino" },
	[INODE_PRIVATE] = { T_INODE, "i_private" },
	[SUPER_MAGIC] = { T_SUPER, "s_magic" },
};

/* Ids are from 6.18 on; with them a namespace's type moved from its operations to itself. */
static bool is_optional(enum member m)
{
	return m == COMMON_ID || m == COMMON_TYPE || m == OPS_TYPE;
}

int kernel_read(struct kernel *k)
{
	auto_btf struct btf b = { 0 };
	struct btf_name types[T_NTYPES];
	int r = btf_open(&b);

	memcpy(types, type_names, sizeof(types));
	if (r == 0)
		r = btf_find(&b, types, T_NTYPES);
	if (r < 0)
		return r;
	for (int m = 0; m < NMEMBERS; m++) {
		k->at[m] = btf_offset(&b, types[members[m].type].type, members[m].name);
		if (k->at[m] < 0 && !is_optional((enum member)m))
			return k->at[m];
	}
	k->upid_size = (int)types[T_UPID].type->size;
	k->task = types[T_TASK].id;
	k->cast = types[T_CAST].id;
	k->iter_task = types[T_ITER_TASK].id;
	k->iter_task_file = types[T_ITER_FILE].id;
	if (k->at[COMMON_TYPE] < 0 && k->at[OPS_TYPE] < 0)
		return -ENOENT;
	return k->iter_task && k->iter_task_file ? 0 : -ENOENT;
}
