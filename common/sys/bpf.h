/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small BPF programs that iterate over objects of the kernel (Documentation/bpf/bpf_iterators.rst,
 * Linux 5.8): writing their instructions down, and bpf(2), one command a function. They need
 * CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN.
 */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BPF_CODE_MAX 1024

/* A program while it is written. One that does not fit is marked, and not loaded. */
struct bpf_code {
	struct bpf_insn insns[BPF_CODE_MAX];
	size_t n;
	bool broken;
};

/* dst = *(SIZE *)(src + offset); SIZE is BPF_W (4 bytes) or BPF_DW (8), as in all below. */
void bpf_put_load(struct bpf_code *c, int size, int dst, int src, int offset);
/* *(SIZE *)(dst + offset) = src */
void bpf_put_store(struct bpf_code *c, int size, int dst, int offset, int src);
/* *(u64 *)(dst + offset) = 0 */
void bpf_put_clear(struct bpf_code *c, int dst, int offset);
/* dst = src */
void bpf_put_move(struct bpf_code *c, int dst, int src);
/* dst OP= value, dst OP= src: BPF_ADD, BPF_AND, BPF_MUL, BPF_MOV */
void bpf_put_alu(struct bpf_code *c, int op, int dst, int32_t value);
void bpf_put_add(struct bpf_code *c, int dst, int src);
/* call HELPER, a BPF_FUNC_… */
void bpf_put_call(struct bpf_code *c, int helper);
/* call the kernel's function with id ID in its BTF */
void bpf_put_kfunc(struct bpf_code *c, uint32_t id);
/* return 0 */
void bpf_put_exit(struct bpf_code *c);

/* if (a OP value), if (a OP b), jump to where bpf_land() is called with what is returned. */
size_t bpf_put_jump(struct bpf_code *c, int op, int a, int32_t value);
size_t bpf_put_jump_reg(struct bpf_code *c, int op, int a, int b);
void bpf_land(struct bpf_code *c, size_t jump);

/* Loads C as an iterator of the kind whose function has id BTF_ID. Returns a descriptor or -errno. */
int bpf_load_iterator(const struct bpf_code *c, uint32_t btf_id);

/* Attaches the iterator PROG: a descriptor of the link, or -errno. */
int bpf_attach_iterator(int prog);

/* Starts one run over all objects: a descriptor to read what the program writes, or -errno. */
int bpf_start_iterator(int link);
