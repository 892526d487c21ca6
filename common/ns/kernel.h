/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the running kernel keeps what the programs of iterate.c read: offsets of members, looked up
 * by name in its BTF.
 */
#pragma once

#include <stdint.h>

enum member {
	TASK_PID,
	TASK_TGID,
	TASK_LEADER,
	TASK_SIGNAL,
	TASK_CRED,
	TASK_NSPROXY,
	TASK_THREAD_PID,
	TASK_FILES,
	TASK_CGROUPS,
	SIGNAL_NR_THREADS,
	CRED_EUID,
	CRED_USER,
	PROXY_MNT,
	PROXY_UTS,
	PROXY_IPC,
	PROXY_NET,
	PROXY_PID,
	PROXY_CGROUP,
	PROXY_TIME,
	PROXY_CHILDREN_TIME,
	PID_LEVEL,
	PID_NUMBERS,
	UPID_NS,
	COMMON_INUM,
	COMMON_ID,
	COMMON_TYPE,
	COMMON_OPS,
	OPS_TYPE,
	MNT_COMMON,
	MNT_OWNER,
	UTS_COMMON,
	UTS_OWNER,
	IPC_COMMON,
	IPC_OWNER,
	NET_COMMON,
	NET_OWNER,
	PIDNS_COMMON,
	PIDNS_OWNER,
	PIDNS_PARENT,
	USER_COMMON,
	USER_PARENT,
	USER_CREATOR,
	CGROUP_COMMON,
	CGROUP_OWNER,
	TIME_COMMON,
	TIME_OWNER,
	FILE_INODE,
	INODE_SUPER,
	INODE_INO,
	INODE_PRIVATE,
	SUPER_MAGIC,
	NMEMBERS
};

struct kernel {
	int at[NMEMBERS]; /* offsets in bytes; -ENOENT for COMMON_ID, COMMON_TYPE and OPS_TYPE where not there */
	int upid_size;
	uint32_t iter_task, iter_task_file; /* ids of the functions that iterators attach to */
	uint32_t task, cast; /* ids of task_struct and, from 6.2 on, of bpf_rdonly_cast(); or 0 */
};

/* Returns 0, or -errno: this kernel tells nothing, or has other members than we know. */
int kernel_read(struct kernel *k);
