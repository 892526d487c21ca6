/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that belong to a named network namespace, as `ip netns exec` shows them: those of
 * /etc/netns/NAME over those of /etc.
 */
#pragma once

#include "../base/err.h"

#define NETETC_DIR "/etc/netns"

/*
 * Lays each entry of DIR/NAME over the one of the same name in /etc, in the mount namespace of the
 * calling process. No such directory, nothing to do. Returns 0 or -errno with E set.
 */
int netetc_apply(const char *dir, const char *name, struct err *e);
