/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF: whatever it says, nothing outside of it is read, and every walk ends. */
#include "../../common/sys/btf.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free void *copy = memcpy(xmalloc(n), bytes, n);
	struct btf_name names[] = { { .name = "outer", .kind = BTF_KIND_STRUCT },
				    { .name = "circle", .kind = BTF_KIND_STRUCT },
				    { .name = "outer", .kind = BTF_KIND_FUNC } };
	auto_btf struct btf b = { 0 };

	if (btf_parse(&b, copy, n) < 0)
		return 0;
	if (btf_find(&b, names, ARRAY_LEN(names)) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		int offset = btf_offset(&b, names[i].type, "inner");

		assert((names[i].type != NULL) == (names[i].id != 0));
		assert(offset < 0 || names[i].kind == BTF_KIND_STRUCT);
	}
	return 0;
}
