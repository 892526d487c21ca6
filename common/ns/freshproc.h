/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A /proc for who is in another pid namespace, but not where that has its own. */
#pragma once

#include "../base/err.h"

/*
 * Gives the calling process a mount namespace of its own in which a fresh proc of its pid namespace
 * lies over /proc. Root and working directory stay what they are, descriptors lead outside.
 * Returns 0 or -errno with E set.
 */
int freshproc_mount(struct err *e);
