/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of /proc/PID/cgroup: what is found can be shown, and matches itself. */
#include "../../common/ns/container.h"

#include "../../common/base/str.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *text = xstrndup((const char *)bytes, n);
	struct container c;

	if (container_find(text, &c)) {
		auto_free char *shown = container_text(&c);

		assert(container_matches(text, c.id));
		assert(container_matches(text, shown));
		container_done(&c);
	}
	container_matches(text, "docker:0");
	return 0;
}
