/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bpf.h"

#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t put(struct bpf_code *c, int code, int dst, int src, int offset, int32_t imm)
{
	if (c->n == BPF_CODE_MAX || offset != (int16_t)offset) {
		c->broken = true;
		return 0;
	}
	c->insns[c->n] = (struct bpf_insn){ .code = (uint8_t)code,
					    .dst_reg = (uint8_t)(dst & 15),
					    .src_reg = (uint8_t)(src & 15),
					    .off = (int16_t)offset,
					    .imm = imm };
	return c->n++;
}

void bpf_put_load(struct bpf_code *c, int size, int dst, int src, int offset)
{
	put(c, BPF_LDX | BPF_MEM | size, dst, src, offset, 0);
}

void bpf_put_store(struct bpf_code *c, int size, int dst, int offset, int src)
{
	put(c, BPF_STX | BPF_MEM | size, dst, src, offset, 0);
}

void bpf_put_clear(struct bpf_code *c, int dst, int offset)
{
	put(c, BPF_ST | BPF_MEM | BPF_DW, dst, 0, offset, 0);
}

void bpf_put_move(struct bpf_code *c, int dst, int src)
{
	put(c, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

void bpf_put_alu(struct bpf_code *c, int op, int dst, int32_t value)
{
	put(c, BPF_ALU64 | op | BPF_K, dst, 0, 0, value);
}

void bpf_put_add(struct bpf_code *c, int dst, int src)
{
	put(c, BPF_ALU64 | BPF_ADD | BPF_X, dst, src, 0, 0);
}

void bpf_put_call(struct bpf_code *c, int helper)
{
	put(c, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

void bpf_put_kfunc(struct bpf_code *c, uint32_t id)
{
	put(c, BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, (int32_t)id);
}

void bpf_put_exit(struct bpf_code *c)
{
	bpf_put_alu(c, BPF_MOV, BPF_REG_0, 0);
	put(c, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

size_t bpf_put_jump(struct bpf_code *c, int op, int a, int32_t value)
{
	return put(c, BPF_JMP | op | BPF_K, a, 0, 0, value);
}

size_t bpf_put_jump_reg(struct bpf_code *c, int op, int a, int b)
{
	return put(c, BPF_JMP | op | BPF_X, a, b, 0, 0);
}

void bpf_land(struct bpf_code *c, size_t jump)
{
	c->insns[jump].off = (int16_t)(c->n - jump - 1);
}

static int call(int command, union bpf_attr *attr)
{
	long r = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return r < 0 ? -errno : (int)r;
}

int bpf_load_iterator(const struct bpf_code *c, uint32_t btf_id)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = BPF_TRACE_ITER,
		.insns = (uintptr_t)c->insns,
		.insn_cnt = (uint32_t)c->n,
		.license = (uintptr_t) "GPL",
		.prog_name = "nstool",
		.attach_btf_id = btf_id,
	};

	return c->broken ? -E2BIG : call(BPF_PROG_LOAD, &attr);
}

int bpf_attach_iterator(int prog)
{
	union bpf_attr attr = { .link_create = { .prog_fd = (uint32_t)prog,
						 .attach_type = BPF_TRACE_ITER } };

	return call(BPF_LINK_CREATE, &attr);
}

int bpf_start_iterator(int link)
{
	union bpf_attr attr = { .iter_create = { .link_fd = (uint32_t)link } };

	return call(BPF_ITER_CREATE, &attr);
}
