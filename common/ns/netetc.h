/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What belongs to a named network namespace beside the namespace itself, as `ip netns exec` shows
 * it: files of /etc/netns/NAME over those of /etc, and the namespace's devices in /sys.
 */
#pragma once

#include "../base/err.h"

#define NETETC_DIR "/etc/netns"

/*
 * Gives the calling process a mount namespace in which each entry of DIR/NAME lies over the one
 * of the same name in /etc, and /sys is that of its network namespace; what is mounted below /sys
 * (cgroups, bpf …) stays. Nothing is done, and 0 returned, if DIR/NAME does not exist. Returns 0
 * or -errno with E set.
 */
int netetc_apply(const char *dir, const char *name, struct err *e);
