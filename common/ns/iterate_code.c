/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The programs are written for the kernel that runs: where a member lies is looked up by its name.
 * A pointer that leads nowhere reads as 0, and the verifier proves that no other memory is read.
 *
 * Registers that stay: R6 the task, R7 its nsproxy (or the file), R9 the context. R8 is the
 * namespace that is looked at. The record is built on the stack.
 */
#include "iterate_code.h"

#include "../sys/compat.h"
#include "iterate.h"

/* Where a field of the record lies on the stack, and one of the namespace in SLOT. */
#define FIELD(type, field)    (-(int)sizeof(struct type) + (int)offsetof(struct type, field))
#define NS_FIELD(slot, field) FIELD(iterate_task, ns[slot].field)

/* A place below the record for what a helper reads. */
#define SCRATCH (-(int)sizeof(struct iterate_task) - 8)

/* Offsets in the context: bpf_iter_meta, then the task, then (of task_file) fd and file. */
enum { CTX_META = 0, CTX_TASK = 8, CTX_FD = 16, CTX_FILE = 24 };

/* record[TO] = *(SIZE *)(*(src + FIRST) + SECOND), unless that pointer is NULL. */
static void copy_behind(struct bpf_code *c, int src, int first, int second, int size, int to)
{
	size_t null;

	bpf_put_load(c, BPF_DW, BPF_REG_1, src, first);
	null = bpf_put_jump(c, BPF_JEQ, BPF_REG_1, 0);
	bpf_put_load(c, size, BPF_REG_1, BPF_REG_1, second);
	bpf_put_store(c, size, BPF_REG_10, to, BPF_REG_1);
	bpf_land(c, null);
}

/* record[TO] = *(SIZE *)(src + FROM) */
static void copy(struct bpf_code *c, int src, int from, int size, int to)
{
	bpf_put_load(c, size, BPF_REG_1, src, from);
	bpf_put_store(c, size, BPF_REG_10, to, BPF_REG_1);
}

/* Where the members of each type of namespace lie. */
static const struct {
	enum member common, owner;
} layouts[NS_NTYPES] = {
	[NS_MNT] = { MNT_COMMON, MNT_OWNER },	       [NS_UTS] = { UTS_COMMON, UTS_OWNER },
	[NS_IPC] = { IPC_COMMON, IPC_OWNER },	       [NS_NET] = { NET_COMMON, NET_OWNER },
	[NS_PID] = { PIDNS_COMMON, PIDNS_OWNER },      [NS_USER] = { USER_COMMON, USER_PARENT },
	[NS_CGROUP] = { CGROUP_COMMON, CGROUP_OWNER }, [NS_TIME] = { TIME_COMMON, TIME_OWNER },
};

/* The namespace at R8, unless that is NULL. */
static void put_ns(struct bpf_code *c, const struct kernel *k, enum ns_type type, int slot)
{
	int common = k->at[layouts[type].common];
	size_t null = bpf_put_jump(c, BPF_JEQ, BPF_REG_8, 0);

	copy(c, BPF_REG_8, common + k->at[COMMON_INUM], BPF_W, NS_FIELD(slot, ino));
	copy_behind(c, BPF_REG_8, k->at[layouts[type].owner],
		    k->at[USER_COMMON] + k->at[COMMON_INUM], BPF_W, NS_FIELD(slot, owner));
	if (type == NS_PID)
		copy_behind(c, BPF_REG_8, k->at[PIDNS_PARENT],
			    k->at[PIDNS_COMMON] + k->at[COMMON_INUM], BPF_W,
			    NS_FIELD(slot, parent));
	if (type == NS_USER)
		copy(c, BPF_REG_8, k->at[USER_CREATOR], BPF_W, NS_FIELD(slot, creator));
	if (k->at[COMMON_ID] >= 0)
		copy(c, BPF_REG_8, common + k->at[COMMON_ID], BPF_DW, NS_FIELD(slot, id));
	bpf_land(c, null);
}

/* The namespace that R7, the nsproxy, has under MEMBER. */
static void put_ns_of_proxy(struct bpf_code *c, const struct kernel *k, enum member member,
			    enum ns_type type)
{
	bpf_put_load(c, BPF_DW, BPF_REG_8, BPF_REG_7, k->at[member]);
	put_ns(c, k, type, (int)type);
}

/* SCRATCH = *(SIZE *)R3, as a number that the verifier does not take for a pointer. */
static void read_kernel(struct bpf_code *c, int size)
{
	bpf_put_move(c, BPF_REG_1, BPF_REG_10);
	bpf_put_alu(c, BPF_ADD, BPF_REG_1, SCRATCH);
	bpf_put_alu(c, BPF_MOV, BPF_REG_2, size);
	bpf_put_call(c, BPF_FUNC_probe_read_kernel);
}

/*
 * Its own pid namespace: that of its deepest pid number. The verifier knows no types behind an
 * index that varies; so that of its children is looked at where it is the same one, as nearly
 * always, and otherwise only the inode is read.
 */
static void put_pid_ns(struct bpf_code *c, const struct kernel *k)
{
	size_t no_pid, no_proxy, same, done;

	bpf_put_clear(c, BPF_REG_10, SCRATCH);
	bpf_put_load(c, BPF_DW, BPF_REG_3, BPF_REG_6, k->at[TASK_THREAD_PID]);
	no_pid = bpf_put_jump(c, BPF_JEQ, BPF_REG_3, 0);
	bpf_put_load(c, BPF_W, BPF_REG_1, BPF_REG_3, k->at[PID_LEVEL]);
	bpf_put_alu(c, BPF_AND, BPF_REG_1, 63); /* at most MAX_PID_NS_LEVEL, 32 */
	bpf_put_alu(c, BPF_MUL, BPF_REG_1, k->upid_size);
	bpf_put_add(c, BPF_REG_3, BPF_REG_1);
	bpf_put_alu(c, BPF_ADD, BPF_REG_3, k->at[PID_NUMBERS] + k->at[UPID_NS]);
	read_kernel(c, 8);
	bpf_land(c, no_pid);

	bpf_put_alu(c, BPF_MOV, BPF_REG_8, 0);
	no_proxy = bpf_put_jump(c, BPF_JEQ, BPF_REG_7, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_8, BPF_REG_7, k->at[PROXY_PID]);
	bpf_put_load(c, BPF_DW, BPF_REG_3, BPF_REG_10, SCRATCH);
	same = bpf_put_jump_reg(c, BPF_JEQ, BPF_REG_8, BPF_REG_3);

	put_ns(c, k, NS_PID, ITERATE_PENDING_PID);
	bpf_land(c, no_proxy);

	bpf_put_load(c, BPF_DW, BPF_REG_3, BPF_REG_10, SCRATCH);
	no_pid = bpf_put_jump(c, BPF_JEQ, BPF_REG_3, 0);
	bpf_put_clear(c, BPF_REG_10, SCRATCH);
	bpf_put_alu(c, BPF_ADD, BPF_REG_3, k->at[PIDNS_COMMON] + k->at[COMMON_INUM]);
	read_kernel(c, 4);
	copy(c, BPF_REG_10, SCRATCH, BPF_W, NS_FIELD(NS_PID, ino));
	bpf_put_alu(c, BPF_MOV, BPF_REG_8, 0);
	done = bpf_put_jump(c, BPF_JA, BPF_REG_0, 0);

	bpf_land(c, same);
	put_ns(c, k, NS_PID, NS_PID);
	bpf_land(c, no_pid);
	bpf_land(c, done);
}

/* The time namespace of its children, where it is another one than its own. */
static void put_pending_time(struct bpf_code *c, const struct kernel *k)
{
	size_t same;

	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_7, k->at[PROXY_TIME]);
	bpf_put_load(c, BPF_DW, BPF_REG_8, BPF_REG_7, k->at[PROXY_CHILDREN_TIME]);
	same = bpf_put_jump_reg(c, BPF_JEQ, BPF_REG_1, BPF_REG_8);
	put_ns(c, k, NS_TIME, ITERATE_PENDING_TIME);
	bpf_land(c, same);
}

static void put_namespaces(struct bpf_code *c, const struct kernel *k)
{
	size_t zombie, same;

	put_pid_ns(c, k);
	zombie = bpf_put_jump(c, BPF_JEQ, BPF_REG_7, 0);
	put_ns_of_proxy(c, k, PROXY_MNT, NS_MNT);
	put_ns_of_proxy(c, k, PROXY_UTS, NS_UTS);
	put_ns_of_proxy(c, k, PROXY_IPC, NS_IPC);
	put_ns_of_proxy(c, k, PROXY_NET, NS_NET);
	put_ns_of_proxy(c, k, PROXY_CGROUP, NS_CGROUP);
	put_ns_of_proxy(c, k, PROXY_TIME, NS_TIME);
	put_pending_time(c, k);
	bpf_land(c, zombie);
	/* Nothing holds an nsproxy while we look at it: was it replaced, it may be another's now. */
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_6, k->at[TASK_NSPROXY]);
	same = bpf_put_jump_reg(c, BPF_JEQ, BPF_REG_1, BPF_REG_7);
	bpf_put_alu(c, BPF_MOV, BPF_REG_1, 1);
	bpf_put_store(c, BPF_W, BPF_REG_10, FIELD(iterate_task, torn), BPF_REG_1);
	bpf_land(c, same);
}

/* Jumps if the task is the first thread of its process. */
static size_t jump_if_leader(struct bpf_code *c, const struct kernel *k)
{
	bpf_put_load(c, BPF_W, BPF_REG_1, BPF_REG_6, k->at[TASK_PID]);
	bpf_put_load(c, BPF_W, BPF_REG_2, BPF_REG_6, k->at[TASK_TGID]);
	return bpf_put_jump_reg(c, BPF_JEQ, BPF_REG_1, BPF_REG_2);
}

/* Ends the program for a thread that is where its process is. */
static void skip_like_leader(struct bpf_code *c, const struct kernel *k)
{
	size_t leads, none, other, no_cred, no_cred_either, other_user;

	leads = jump_if_leader(c, k);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_6, k->at[TASK_LEADER]);
	none = bpf_put_jump(c, BPF_JEQ, BPF_REG_1, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_2, BPF_REG_1, k->at[TASK_NSPROXY]);
	other = bpf_put_jump_reg(c, BPF_JNE, BPF_REG_2, BPF_REG_7);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_1, k->at[TASK_CRED]);
	no_cred = bpf_put_jump(c, BPF_JEQ, BPF_REG_1, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_2, BPF_REG_6, k->at[TASK_CRED]);
	no_cred_either = bpf_put_jump(c, BPF_JEQ, BPF_REG_2, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_1, k->at[CRED_USER]);
	bpf_put_load(c, BPF_DW, BPF_REG_2, BPF_REG_2, k->at[CRED_USER]);
	other_user = bpf_put_jump_reg(c, BPF_JNE, BPF_REG_1, BPF_REG_2);
	bpf_put_exit(c);
	bpf_land(c, leads);
	bpf_land(c, none);
	bpf_land(c, other);
	bpf_land(c, no_cred);
	bpf_land(c, no_cred_either);
	bpf_land(c, other_user);
}

static void put_user_ns(struct bpf_code *c, const struct kernel *k)
{
	size_t null;

	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_6, k->at[TASK_CRED]);
	null = bpf_put_jump(c, BPF_JEQ, BPF_REG_1, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_8, BPF_REG_1, k->at[CRED_USER]);
	put_ns(c, k, NS_USER, NS_USER);
	bpf_land(c, null);
}

/* Sends the record, SIZE bytes, and ends the program. */
static void put_record(struct bpf_code *c, int size)
{
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_9, CTX_META);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_1, 0); /* bpf_iter_meta.seq */
	bpf_put_move(c, BPF_REG_2, BPF_REG_10);
	bpf_put_alu(c, BPF_ADD, BPF_REG_2, -size);
	bpf_put_alu(c, BPF_MOV, BPF_REG_3, size);
	bpf_put_call(c, BPF_FUNC_seq_write);
	bpf_put_exit(c);
}

/*
 * R9 = the context, R6 = its task; ends the program if there is none: that is the last call.
 * For each pointer in a task that it trusts, the verifier looks through all types of the kernel for
 * a reason to trust that too: ten times as long as all else. So it is told not to trust the task.
 */
static void put_start(struct bpf_code *c, const struct kernel *k)
{
	size_t there;

	bpf_put_move(c, BPF_REG_9, BPF_REG_1);
	bpf_put_load(c, BPF_DW, BPF_REG_6, BPF_REG_9, CTX_TASK);
	there = bpf_put_jump(c, BPF_JNE, BPF_REG_6, 0);
	bpf_put_exit(c);
	bpf_land(c, there);
	if (!k->cast)
		return;
	bpf_put_move(c, BPF_REG_1, BPF_REG_6);
	bpf_put_alu(c, BPF_MOV, BPF_REG_2, (int32_t)k->task);
	bpf_put_kfunc(c, k->cast);
	bpf_put_move(c, BPF_REG_6, BPF_REG_0);
}

void iterate_task_code(struct bpf_code *c, const struct kernel *k)
{
	put_start(c, k);
	bpf_put_load(c, BPF_DW, BPF_REG_7, BPF_REG_6, k->at[TASK_NSPROXY]);
	skip_like_leader(c, k);
	for (int at = 0; at < (int)sizeof(struct iterate_task); at += 8)
		bpf_put_clear(c, BPF_REG_10, at - (int)sizeof(struct iterate_task));
	copy(c, BPF_REG_6, k->at[TASK_PID], BPF_W, FIELD(iterate_task, pid));
	copy(c, BPF_REG_6, k->at[TASK_TGID], BPF_W, FIELD(iterate_task, tgid));
	copy(c, BPF_REG_6, k->at[TASK_CGROUPS], BPF_DW, FIELD(iterate_task, cgroups));
	copy_behind(c, BPF_REG_6, k->at[TASK_SIGNAL], k->at[SIGNAL_NR_THREADS], BPF_W,
		    FIELD(iterate_task, nthreads));
	copy_behind(c, BPF_REG_6, k->at[TASK_CRED], k->at[CRED_EUID], BPF_W,
		    FIELD(iterate_task, uid));
	put_user_ns(c, k);
	put_namespaces(c, k);
	put_record(c, sizeof(struct iterate_task));
}

/* The type of the namespace behind R8, an inode of nsfs; 0: not known. */
static void put_type(struct bpf_code *c, const struct kernel *k)
{
	bpf_put_load(c, BPF_DW, BPF_REG_3, BPF_REG_8, k->at[INODE_PRIVATE]);
	if (k->at[COMMON_TYPE] >= 0) {
		bpf_put_alu(c, BPF_ADD, BPF_REG_3, k->at[COMMON_TYPE]);
	} else {
		bpf_put_alu(c, BPF_ADD, BPF_REG_3, k->at[COMMON_OPS]);
		read_kernel(c, 8);
		bpf_put_load(c, BPF_DW, BPF_REG_3, BPF_REG_10, SCRATCH);
		bpf_put_clear(c, BPF_REG_10, SCRATCH);
		bpf_put_alu(c, BPF_ADD, BPF_REG_3, k->at[OPS_TYPE]);
	}
	read_kernel(c, 4);
	copy(c, BPF_REG_10, SCRATCH, BPF_W, FIELD(iterate_fd, type));
}

void iterate_fd_code(struct bpf_code *c, const struct kernel *k)
{
	size_t no_file, no_inode, no_super, other, leads, no_leader, shared;

	put_start(c, k);
	bpf_put_load(c, BPF_DW, BPF_REG_7, BPF_REG_9, CTX_FILE);
	no_file = bpf_put_jump(c, BPF_JEQ, BPF_REG_7, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_8, BPF_REG_7, k->at[FILE_INODE]);
	no_inode = bpf_put_jump(c, BPF_JEQ, BPF_REG_8, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_8, k->at[INODE_SUPER]);
	no_super = bpf_put_jump(c, BPF_JEQ, BPF_REG_1, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_1, k->at[SUPER_MAGIC]);
	other = bpf_put_jump(c, BPF_JNE, BPF_REG_1, NSFS_MAGIC);

	for (int at = 0; at < (int)sizeof(struct iterate_fd); at += 8)
		bpf_put_clear(c, BPF_REG_10, at - (int)sizeof(struct iterate_fd));
	bpf_put_clear(c, BPF_REG_10, SCRATCH);
	bpf_put_load(c, BPF_DW, BPF_REG_3, BPF_REG_8, k->at[INODE_INO]);
	bpf_put_store(c, BPF_W, BPF_REG_10, FIELD(iterate_fd, ino), BPF_REG_3);
	put_type(c, k);
	copy(c, BPF_REG_9, CTX_FD, BPF_W, FIELD(iterate_fd, fd));
	copy(c, BPF_REG_6, k->at[TASK_TGID], BPF_W, FIELD(iterate_fd, tgid));
	copy(c, BPF_REG_6, k->at[TASK_PID], BPF_W, FIELD(iterate_fd, pid));

	/* Before 5.12 the descriptors of each thread come, also shared ones. */
	leads = jump_if_leader(c, k);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_6, k->at[TASK_LEADER]);
	no_leader = bpf_put_jump(c, BPF_JEQ, BPF_REG_1, 0);
	bpf_put_load(c, BPF_DW, BPF_REG_1, BPF_REG_1, k->at[TASK_FILES]);
	bpf_put_load(c, BPF_DW, BPF_REG_2, BPF_REG_6, k->at[TASK_FILES]);
	shared = bpf_put_jump_reg(c, BPF_JEQ, BPF_REG_1, BPF_REG_2);
	bpf_land(c, leads);
	bpf_land(c, no_leader);
	put_record(c, sizeof(struct iterate_fd));

	bpf_land(c, no_file);
	bpf_land(c, no_inode);
	bpf_land(c, no_super);
	bpf_land(c, other);
	bpf_land(c, shared);
	bpf_put_exit(c);
}
