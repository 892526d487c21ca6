/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of references and process ids: what is on the machine now. */
#pragma once

#include "candidates.h"

/* For struct arg_kind.complete. */
void complete_ref(struct candidates *ret);
void complete_pid(struct candidates *ret);
void complete_set(struct candidates *ret);
