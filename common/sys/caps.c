/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t joined(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

int caps_get(struct caps *ret)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &head, d) < 0)
		return -errno;
	*ret = (struct caps){
		.effective = joined(d[0].effective, d[1].effective),
		.permitted = joined(d[0].permitted, d[1].permitted),
		.inheritable = joined(d[0].inheritable, d[1].inheritable),
	};
	return 0;
}

int caps_set(const struct caps *caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3];

	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		d[i] = (struct __user_cap_data_struct){
			.effective = (uint32_t)(caps->effective >> 32 * i),
			.permitted = (uint32_t)(caps->permitted >> 32 * i),
			.inheritable = (uint32_t)(caps->inheritable >> 32 * i),
		};
	return syscall(SYS_capset, &head, d) < 0 ? -errno : 0;
}

int caps_count(void)
{
	int n = 0;

	while (n < 64 && prctl(PR_CAPBSET_READ, n, 0, 0, 0) >= 0)
		n++;
	return n;
}

uint64_t caps_bounding(void)
{
	uint64_t set = 0;
	int has;

	for (int i = 0; i < 64 && (has = prctl(PR_CAPBSET_READ, i, 0, 0, 0)) >= 0; i++)
		set |= has ? CAP_BIT(i) : 0;
	return set;
}

uint64_t caps_ambient(void)
{
	uint64_t set = 0;
	int has;

	for (int i = 0;
	     i < 64 && (has = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0)) >= 0; i++)
		set |= has ? CAP_BIT(i) : 0;
	return set;
}

int caps_bounding_drop(int cap)
{
	return prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 ? -errno : 0;
}

int caps_ambient_raise(int cap)
{
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0 ? -errno : 0;
}

int caps_ambient_lower(int cap)
{
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, cap, 0, 0) < 0 ? -errno : 0;
}
