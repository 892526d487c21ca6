/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regular expressions: the first line is the pattern, the second the text. What is taken costs
 * little time and memory, which the fuzzer limits.
 */
#include "../../common/base/pattern.h"

#include "../../common/base/str.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *input = xstrndup((const char *)bytes, n);
	char *rest = input, *text = strsep(&rest, "\n");
	auto_err struct err e = { 0 };
	size_t budget = PATTERN_BUDGET;
	regex_t re;

	if (pattern_compile(text, &budget, &re, &e) < 0) {
		assert(e.code == -EINVAL && e.text);
		return 0;
	}
	assert(budget <= PATTERN_BUDGET);
	pattern_match(&re, rest ? rest : text);
	regfree(&re);
	return 0;
}
