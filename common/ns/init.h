/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small first process for a pid namespace: it buries the orphans and passes signals on. */
#pragma once

#include <sys/types.h>

/*
 * Looks after COMMAND, its child, while signals are held; tells the parent outside through NEWS
 * (supervise.h) when the command stops or ends. Then this process exits, and with it goes all that
 * is left in the pid namespace; or, if STAY is not NULL, it exits when that returns.
 */
_Noreturn void init_main(pid_t command, int news, int (*stay)(void *data), void *data);
