/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pipeline: which command it is, on what it acts, and in which process it runs. */
#pragma once

#include "../../common/cli/words.h"
#include "shell.h"

/* Runs P, a part of the line TEXT, and reports its failure. Returns its status. */
int run_pipeline(struct shell *sh, const struct pipeline *p, const char *text);
