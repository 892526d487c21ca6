/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long output, page by page. */
#pragma once

/*
 * The last part of a job: copies what comes on standard input to the terminal, or, if that is
 * more than a screen, to $PAGER (less without one). Never returns.
 */
_Noreturn void pager_run(void);

/*
 * Shows TEXT so; the process becomes the pager, if there is one, and never returns. Returns -errno
 * if that cannot be done: TEXT is still to be shown.
 */
int pager_become(const char *text);
