/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keyctl(2), as far as nstool needs it. */
#pragma once

/* Gives the process a new, empty session keyring. Returns 0 or -errno; -ENOSYS: no keyrings. */
int keyring_join_new(void);
