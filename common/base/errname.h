/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of errnos, for tables: "EPERM". musl has none of its own. */
#pragma once

/* The name of ERROR, a positive errno that a system call may answer; NULL: not a known one. */
const char *errname(int error);
