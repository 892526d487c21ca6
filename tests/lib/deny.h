/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes system calls fail, by a seccomp(2) filter, so that what stands in for them can be tested:
 *
 *	pidfd_open=ENOSYS	every call fails with that error
 *	ioctl:0xff04=ENOTTY	those whose second argument is 0xff04 (0x8008b70d: NS_GET_ID …)
 *	435=EPERM		a system call by its number
 *
 * The program `deny` wraps a command in it; unit tests call deny() in a child of their own. A filter
 * stays until the process ends, and its children inherit it.
 */
#pragma once

#include "../../common/base/errname.h"
#include "../../common/base/num.h"
#include "../../common/base/str.h"
#include "../../common/sys/compat.h"

#include <endian.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#if defined(__x86_64__)
#define DENY_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define DENY_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define DENY_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER == __LITTLE_ENDIAN
#define DENY_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define DENY_ARCH AUDIT_ARCH_S390X
#else
#error "deny.h: which AUDIT_ARCH_... is this machine?"
#endif

struct deny_word {
	const char *word;
	int number;
};

#define DENY_CALL(name)                                                                            \
	{                                                                                          \
#name, SYS_##name                                                                  \
	}
static const struct deny_word deny_calls[] = {
	DENY_CALL(bpf),
	DENY_CALL(capset),
	DENY_CALL(chroot),
	DENY_CALL(clone),
	DENY_CALL(clone3),
	DENY_CALL(close_range),
	DENY_CALL(execveat),
	DENY_CALL(fchdir),
	DENY_CALL(fsconfig),
	DENY_CALL(fsmount),
	DENY_CALL(fsopen),
	DENY_CALL(getdents64),
	DENY_CALL(ioctl),
	DENY_CALL(kcmp),
	DENY_CALL(listmount),
	DENY_CALL(listns),
	DENY_CALL(memfd_create),
	DENY_CALL(mkdirat),
	DENY_CALL(mount),
	DENY_CALL(mount_setattr),
	DENY_CALL(move_mount),
	DENY_CALL(name_to_handle_at),
	DENY_CALL(open_by_handle_at),
	DENY_CALL(open_tree),
	DENY_CALL(open_tree_attr),
	DENY_CALL(openat),
	DENY_CALL(openat2),
	DENY_CALL(perf_event_open),
	DENY_CALL(personality),
	DENY_CALL(pidfd_getfd),
	DENY_CALL(pidfd_open),
	DENY_CALL(pidfd_send_signal),
	DENY_CALL(pivot_root),
	DENY_CALL(prctl),
	DENY_CALL(prlimit64),
	DENY_CALL(readlinkat),
	DENY_CALL(sched_setaffinity),
	DENY_CALL(setgid),
	DENY_CALL(setgroups),
	DENY_CALL(sethostname),
	DENY_CALL(setns),
	DENY_CALL(setuid),
	DENY_CALL(socket),
	DENY_CALL(statmount),
	DENY_CALL(statx),
	DENY_CALL(symlinkat),
	DENY_CALL(umount2),
	DENY_CALL(unshare),
};

/* What WORD says as a number, or -EINVAL. */
static inline int deny_number(const char *word)
{
	uint64_t number;

	return num_u64(word, 1, 4095, &number) == 0 ? (int)number : -EINVAL;
}

static inline int deny_call(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(deny_calls); i++)
		if (str_is(deny_calls[i].word, word))
			return deny_calls[i].number;
	return deny_number(word);
}

static inline int deny_error(const char *word)
{
	for (int error = 1; error < 4096; error++)
		if (errname(error) && str_is(errname(error), word))
			return error;
	return deny_number(word);
}

/* Has CALL fail with ERROR; if BY_ARGUMENT, only where the low half of its second argument is ARGUMENT. */
static inline int deny_install(int call, bool by_argument, uint32_t argument, int error)
{
	const unsigned low = offsetof(struct seccomp_data, args[1]) +
			     (__BYTE_ORDER == __LITTLE_ENDIAN ? 0 : sizeof(uint32_t));
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DENY_ARCH, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 0, by_argument ? 1 : 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_LEN(filter), filter };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
		return 0;
	/* Only who may not filter otherwise gives up set-user-ID programs for it. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
}

/* "0xff04" or "65284". */
static inline int deny_argument(const char *text, uint32_t *ret)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (!*text || *end || value > UINT32_MAX)
		return -EINVAL;
	*ret = (uint32_t)value;
	return 0;
}

/* Makes what RULE names fail from now on. Returns 0 or -errno; -EINVAL: the rule is misspelt. */
static inline int deny(const char *rule)
{
	const char *equals = strchr(rule, '=');
	auto_free char *call = equals ? xstrndup(rule, (size_t)(equals - rule)) : NULL;
	char *colon = call ? strchr(call, ':') : NULL;
	uint32_t argument = 0;
	int number, error;

	if (!call)
		return -EINVAL;
	if (colon) {
		*colon = '\0';
		if (deny_argument(colon + 1, &argument) < 0)
			return -EINVAL;
	}
	number = deny_call(call);
	error = deny_error(equals + 1);
	if (number < 0 || error < 0)
		return -EINVAL;
	return deny_install(number, colon != NULL, argument, error);
}
