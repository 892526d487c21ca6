/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling process's table of descriptors. */
#pragma once

/*
 * Makes every descriptor from FIRST to LAST, both included, close at the next exec. Returns 0 or
 * -errno. close_range(2) with CLOSE_RANGE_CLOEXEC from 5.11; before it one by one.
 */
int fds_set_cloexec(unsigned first, unsigned last);

/* Closes every descriptor but KEEP. close_range(2) from 5.9; before it one by one, up to 65536. */
void fds_close_but(int keep);

/* Lets FD stay open across an exec. Returns 0 or -errno (-EBADF: it is not open). */
int fd_keep(int fd);

/* Closes every descriptor from FIRST on. Returns 0 or -errno. close_range(2) from 5.9. */
int fds_close(unsigned first);
