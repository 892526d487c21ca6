/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling thread's capabilities: capget(2), capset(2) and prctl(2), capabilities(7). */
#pragma once

#include <stdint.h>

/* Bit N is capability N of linux/capability.h. */
struct caps {
	uint64_t effective, permitted, inheritable;
};

#define CAP_BIT(cap) ((uint64_t)1 << (cap))

/* Each returns 0 or -errno. */
int caps_get(struct caps *ret);
int caps_set(const struct caps *caps);

/* One more than the highest capability that this kernel knows. */
int caps_count(void);

/* The bounding and the ambient set. */
uint64_t caps_bounding(void);
uint64_t caps_ambient(void);

/* Needs CAP_SETPCAP. Returns 0 or -errno. */
int caps_bounding_drop(int cap);

/* Raising needs the capability in the permitted and the inheritable set. Returns 0 or -errno. */
int caps_ambient_raise(int cap);
int caps_ambient_lower(int cap);
