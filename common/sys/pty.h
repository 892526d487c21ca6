/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudo-terminals, pty(7), ioctl_tty(2). Descriptors are O_CLOEXEC, errors -errno. */
#pragma once

#include <stdbool.h>
#include <termios.h>

/*
 * Opens a new pseudo-terminal through /dev/ptmx of this mount namespace; -ENOTTY if something
 * else stands there. The slave comes from the kernel, not from a path (Linux 4.13).
 */
int pty_open(int *ret_master, int *ret_slave);

/* Makes SLAVE the terminal of a new session of the caller. */
int pty_take(int slave);

/* Makes the caller's new process group the one in the foreground of TTY, its terminal. */
int pty_lead(int tty);

/* Whether the caller is in the foreground of TTY. */
bool tty_is_foreground(int tty);

/* Lets everything through as it is; the former state goes to SAVED. */
int tty_set_raw(int tty, struct termios *saved);
int tty_restore(int tty, const struct termios *saved);

/* Gives TO the size of FROM. */
int tty_copy_size(int from, int to);

/* Sends the descriptor FD through a socket; receives one, or -EBADF if the other end is closed. */
int fd_send(int socket, int fd);
int fd_receive(int socket);
