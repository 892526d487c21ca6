/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, and links of /proc/PID/ns: what is taken can be written again, but for zeros in front. */
#include "../../common/base/num.h"
#include "../../common/base/str.h"
#include "../../common/ns/nstype.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The same text without the zeros in front of its first number. */
static char *without_zeros(const char *text)
{
	size_t head = strcspn(text, "0123456789");
	const char *digits = text + head;

	while (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
		digits++;
	return xasprintf("%.*s%s", (int)head, text, digits);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *text = xstrndup((const char *)bytes, n);
	auto_free char *plain = without_zeros(text), *again = NULL;
	enum ns_type type = NS_NTYPES;
	uint64_t value = 0;
	ino_t ino = 0;
	int r = num_u64(text, 0, UINT64_MAX, &value);

	assert(r == 0 || r == -EINVAL || r == -ERANGE);
	if (r == 0)
		again = xasprintf("%" PRIu64, value);
	else if (ns_link_parse(text, &type, &ino))
		again = xasprintf("%s:[%ju]", ns_types[type].name, (uintmax_t)ino);
	assert(!again || str_is(again, plain));
	return 0;
}
