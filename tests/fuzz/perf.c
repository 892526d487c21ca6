/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rings of perf events: whatever stands in one, nothing outside of it is read, and it gets empty. */
#include "../../common/sys/perf.h"
#include "../../common/base/util.h"

#include <assert.h>
#include <linux/perf_event.h>

#define RING 1024

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct perf_event_mmap_page page = { 0 };
	auto_free unsigned char *data = xcalloc(1, RING);
	struct perf_ring ring = { .page = &page, .data = data, .size = RING };
	struct perf_record record;
	uint64_t tail = 0;

	if (n > RING)
		return 0;
	page.data_tail = page.data_head = n ? bytes[0] * 8U : 0;
	for (size_t i = 0; i < n; i++)
		data[page.data_head++ % RING] = bytes[i];
	while (perf_next(&ring, &record) > 0) {
		assert(page.data_tail > tail);
		assert(record.kind <= PERF_LOST);
		assert(!record.comm[sizeof(record.comm) - 1]);
		tail = page.data_tail;
	}
	assert(page.data_tail == page.data_head);
	return 0;
}
