/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As much of mdoc(7) as the pages here use, made into text as mandoc -Tascii does. */
#pragma once

#include "../common/base/err.h"
#include "fill.h"

/* What a page says of itself: "nstool-list", "list namespaces"; and its text. */
struct mdoc {
	char *title, *about;
	struct fill text;
};

#define MDOC_NONE                                                                                  \
	{                                                                                          \
		.text = FILL_NONE                                                                  \
	}

void mdoc_done(struct mdoc *d);

/*
 * Reads PAGE, which it cuts up, into D. Returns 0, or -EINVAL with a sentence if something in it
 * is not known here: the number of the line stands in it.
 */
int mdoc_read(struct mdoc *d, char *page, struct err *e);
