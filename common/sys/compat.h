/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls, ioctls and structures newer than the C library's headers. Each says the kernel
 * that brought it. Definitions stand behind #ifndef, so that newer headers win.
 */
#pragma once

#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <sys/syscall.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* 5.6 */
#endif

#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

#define NSIO 0xb7
#ifndef NS_GET_MNTNS_ID
#define NS_GET_MNTNS_ID _IOR(NSIO, 0x5, __u64) /* 6.11 */
#endif
#ifndef NS_GET_ID
#define NS_GET_ID _IOR(NSIO, 13, __u64) /* 6.18 */
#endif

#ifndef NS_GET_TGID_FROM_PIDNS
#define NS_GET_TGID_FROM_PIDNS _IOR(NSIO, 0x7, int) /* 6.11 */
#endif

/* 6.12. Named apart from linux/nsfs.h, whose struct has the same layout. */
struct compat_mnt_ns_info {
	__u32 size, nr_mounts;
	__u64 mnt_ns_id;
};
#define COMPAT_NS_MNT_GET_INFO _IOR(NSIO, 10, struct compat_mnt_ns_info)
#define COMPAT_NS_MNT_GET_NEXT _IOR(NSIO, 11, struct compat_mnt_ns_info)
#define COMPAT_NS_MNT_GET_PREV _IOR(NSIO, 12, struct compat_mnt_ns_info)

#ifndef PID_FS_MAGIC
#define PID_FS_MAGIC 0x50494446 /* 6.9 */
#endif
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL /* 6.9 */
#endif

/* 6.11: the namespaces of a process through its pidfd, in the kernel's own order. */
#define PIDFS_IOC 0xff
enum compat_pidfd_ns {
	PIDFD_NS_CGROUP = _IO(PIDFS_IOC, 1),
	PIDFD_NS_IPC = _IO(PIDFS_IOC, 2),
	PIDFD_NS_MNT = _IO(PIDFS_IOC, 3),
	PIDFD_NS_NET = _IO(PIDFS_IOC, 4),
	PIDFD_NS_PID = _IO(PIDFS_IOC, 5),
	PIDFD_NS_PID_FOR_CHILDREN = _IO(PIDFS_IOC, 6),
	PIDFD_NS_TIME = _IO(PIDFS_IOC, 7),
	PIDFD_NS_TIME_FOR_CHILDREN = _IO(PIDFS_IOC, 8),
	PIDFD_NS_USER = _IO(PIDFS_IOC, 9),
	PIDFD_NS_UTS = _IO(PIDFS_IOC, 10),
};

#define COMPAT_ST_NOSYMFOLLOW 0x2000 /* statvfs(3): 5.10 */

#ifndef SYS_close_range
#define SYS_close_range 436 /* 5.9 */
#endif
#define COMPAT_CLOSE_RANGE_CLOEXEC (1U << 2) /* 5.11 */
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438 /* 5.6 */
#endif
#ifndef SYS_statmount
#define SYS_statmount 457 /* 6.8 */
#endif
#ifndef SYS_listmount
#define SYS_listmount 458 /* 6.8 */
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467 /* 6.15 */
#endif
#ifndef SYS_listns
#define SYS_listns 470 /* 6.19 */
#endif

/* nsfs file handles (6.18): opened relative to this descriptor number. */
#ifndef FD_NSFS_ROOT
#define FD_NSFS_ROOT (-10003)
#endif
#define COMPAT_FILEID_NSFS 0xf1
struct compat_nsfs_handle {
	__u64 ns_id;
	__u32 ns_type; /* a CLONE_NEW… flag */
	__u32 ns_inum;
};

/* 6.19 */
struct compat_ns_id_req {
	__u32 size, spare;
	__u64 ns_id; /* list namespaces with a higher id */
	__u32 ns_type, spare2;
	__u64 user_ns_id;
};

/* listmount(2), statmount(2): 6.8; mnt_ns_id from 6.11. */
struct compat_mnt_id_req {
	__u32 size, spare;
	__u64 mnt_id, param, mnt_ns_id;
};
#define COMPAT_LSMT_ROOT (~(__u64)0)

/* What statmount(2) is asked for; 6.8, where nothing else is said. */
enum compat_statmount {
	COMPAT_STATMOUNT_SB_BASIC = 1 << 0,
	COMPAT_STATMOUNT_MNT_BASIC = 1 << 1,
	COMPAT_STATMOUNT_MNT_ROOT = 1 << 3,
	COMPAT_STATMOUNT_MNT_POINT = 1 << 4,
	COMPAT_STATMOUNT_FS_TYPE = 1 << 5,
	COMPAT_STATMOUNT_SB_SOURCE = 1 << 9,   /* 6.13 */
	COMPAT_STATMOUNT_MNT_UIDMAP = 1 << 13, /* 6.15 */
	COMPAT_STATMOUNT_MNT_GIDMAP = 1 << 14, /* 6.15 */
};

/* What it answers; numbers marked [str] are where a text begins in str. */
struct compat_statmount_answer {
	__u32 size;
	__u32 mnt_opts; /* [str] */
	__u64 mask;	/* which of the questions were answered */
	__u32 sb_dev_major, sb_dev_minor;
	__u64 sb_magic;
	__u32 sb_flags;
	__u32 fs_type; /* [str] */
	__u64 mnt_id, mnt_parent_id;
	__u32 mnt_id_old, mnt_parent_id_old; /* the numbers of proc_pid_mountinfo(5) */
	__u64 mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	__u32 mnt_root, mnt_point; /* [str] */
	__u64 mnt_ns_id;
	__u32 fs_subtype, sb_source; /* [str] */
	__u32 opt_num, opt_array, opt_sec_num, opt_sec_array;
	__u64 supported_mask;
	__u32 mnt_uidmap_num, mnt_uidmap; /* [str]: so many texts one behind the other */
	__u32 mnt_gidmap_num, mnt_gidmap;
	__u64 spare[43];
	char str[];
};

/* memfd_create(2): it may be executed. 6.3 */
#define COMPAT_MFD_EXEC 0x0010

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000 /* 5.14 */
#endif
