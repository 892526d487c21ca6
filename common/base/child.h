/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a forked child of ours ends when it does not exec. */
#pragma once

/*
 * Ends the process at once: what the parent left in stdio's buffers is not written a second time
 * and its exit handlers do not run. Coverage counts are kept.
 */
_Noreturn void quick_exit_child(int status);
