/* SPDX-License-Identifier: GPL-3.0-or-later */
/* References: each is read or refused with a sentence that is safe to show. */
#include "../../common/ns/ref.h"

#include "../../common/base/str.h"

#include <assert.h>
#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool is_within(const char *part, const char *text)
{
	return part >= text && part <= text + strlen(text);
}

static void check_refusal(const struct err *e)
{
	assert(e->code == -EINVAL && e->text);
	for (const char *p = e->text; *p; p++)
		assert((unsigned char)*p >= ' ' && *p != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *text = xstrndup((const char *)bytes, n);
	auto_err struct err e = { 0 };
	struct ref ref;

	if (ref_parse(text, &ref, &e) < 0) {
		check_refusal(&e);
		assert(ref_parse(text, &ref, NULL) == -EINVAL);
		return 0;
	}
	assert(ref.text == text && ref.kind <= REF_CONTAINER);
	assert(!ref.name || is_within(ref.name, text));
	assert(ref.type >= -1 && ref.type < NS_NTYPES);
	return 0;
}
