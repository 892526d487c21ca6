/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capabilities by name. Own words instead of libcap's: what only wants to say "CAP_SYS_ADMIN"
 * must not pay for loading a library.
 */
#pragma once

#include "../base/str.h"

#include <stdint.h>

/* "CAP_SYS_ADMIN", or NULL for a number that this file does not know. */
const char *cap_name(int cap);

/* The number of "cap_sys_admin", "SYS_ADMIN" or "21" (in any case), or -EINVAL. */
int cap_from_name(const char *name);
