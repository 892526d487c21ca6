/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mountpriv: which mount is meant by DST, by -t REF, or by both. */
#pragma once

#include "mountpriv_look.h"

struct mountfind {
	VEC(size_t) found; /* indices of the mounts */
};

/*
 * Finds the mount at DST in the mount namespace of REF; without REF the one that has a mount there,
 * a private one if there are several; without DST the private mounts of REF. Either may be NULL,
 * not both. Returns 0, -ENOENT, -ENOTUNIQ or another -errno, each with a sentence.
 */
int mountfind(struct mountlook *l, const struct ref *ref, const char *dst, struct mountfind *ret,
	      struct err *e);

void mountfind_done(struct mountfind *f);
