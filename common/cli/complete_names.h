/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of names that stand still: files, users, signals. For struct arg_kind.complete. */
#pragma once

#include "candidates.h"

void complete_file(struct candidates *ret);

/* A file behind "--root=", and behind the "-r=" that is meant as that. */
void complete_attached_file(struct candidates *ret);

void complete_user(struct candidates *ret);
void complete_group(struct candidates *ret);
void complete_signal(struct candidates *ret);

/* Variables of the caller: one of them, or a list with commas. */
void complete_variable(struct candidates *ret);
void complete_variables(struct candidates *ret);

/* A list with commas: "net_raw", "CAP_NET_RAW", "all". */
void complete_caps(struct candidates *ret);
