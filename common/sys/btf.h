/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BTF, the kernel's description of its own types (Documentation/bpf/btf.rst): where in a structure
 * a member lies, by name. Of the whole only what the few names asked for need is looked at: that
 * takes some milliseconds of the 130,000 types of a kernel.
 */
#pragma once

#include "../base/vec.h"

#include <linux/btf.h>
#include <stdint.h>

struct btf {
	const char *blob, *types, *strings;
	size_t size, types_len, strings_len;
	VEC(uint32_t) marks; /* where in types every BTF_STRIDE-th type begins */
	void *map;	     /* of btf_open() */
};
#define BTF_STRIDE 64

#define auto_btf auto_call(btf_done)

/* A type that is looked for. */
struct btf_name {
	const char *name;
	uint32_t kind; /* BTF_KIND_STRUCT or BTF_KIND_FUNC */
	uint32_t id;   /* found: its id; 0: there is none */
	const struct btf_type *type;
};

/* Maps the BTF of the running kernel. Linux 5.4; -ENOENT: this one was built without. */
int btf_open(struct btf *b);

/* Takes BLOB, which must stay, aligned to 4 bytes. Returns 0, or -EINVAL: it is no BTF. */
int btf_parse(struct btf *b, const void *blob, size_t size);

/* Looks for all N NAMES in one pass. Returns 0, or -EINVAL if a type is broken or of unknown kind. */
int btf_find(struct btf *b, struct btf_name *names, size_t n);

/*
 * The offset in bytes of MEMBER, also where it lies in a structure or union without name, in the
 * structure TYPE that btf_find() found. -ENOENT: it has none (or TYPE is NULL).
 */
int btf_offset(const struct btf *b, const struct btf_type *type, const char *member);

void btf_done(struct btf *b);
