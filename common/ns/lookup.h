/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of resolving that looks for namespaces without a name: by inode or id, and the initial
 * ones. What this process is in itself is looked at first, the whole machine last.
 */
#pragma once

#include "resolve.h"

/*
 * Opens the namespace with the inode (REF_INODE, whatever its type) or the 64-bit id (REF_ID) of
 * REF. Returns a descriptor, or with a sentence -ENOENT: there is none; -ESTALE: it has gone
 * meanwhile; -ENOTSUP: this kernel gives no ids.
 */
int lookup_number(struct resolver *r, const struct ref *ref, struct err *e);

/*
 * Adds to T those of the initial namespaces that can be opened, and that are those for sure: by
 * the parent of the kernel's threads, else by their fixed inodes among all of the machine (mnt
 * and net have one from Linux 6.18 on). Returns 0, or -ENOENT with a sentence if there are none.
 */
int lookup_host(struct resolver *r, struct target *t, struct err *e);
