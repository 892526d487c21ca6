/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BPF programs of iterate.c, written for the kernel that runs. Only that includes this. */
#pragma once

/* First: it has names that the others forbid. */
#include "../sys/bpf.h"

#include "kernel.h"

/* Writes a struct iterate_task for each task that is worth a word. */
void iterate_task_code(struct bpf_code *c, const struct kernel *k);

/* Writes a struct iterate_fd for each descriptor of a namespace. */
void iterate_fd_code(struct bpf_code *c, const struct kernel *k);
