/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New namespaces (setup.h) that become a set (registry_set.h). */
#pragma once

#include "registry_set.h"
#include "setup.h"

struct keepset {
	struct nsset_wish wish; /* name and flags; the namespaces are filled in */
	struct setup_keep keep;
	bool init;		  /* one belongs to the set */
	int made;		  /* the set's directory, for who made it; -EBADF: it is not made */
	struct registry registry; /* where it is made, locked as long as it may be taken back … */
	int proc;
	char replaced[SET_ASIDE]; /* … if it has replaced another one, which has this name */
};

/*
 * Has S make the set that K->wish tells of. With a pid namespace the set owns a small init, which
 * stays when the command ends; without a command (ALONE) nothing else runs. K must last until
 * setup_command() is through.
 */
void keepset_add(struct keepset *k, struct setup *s, bool alone);
