/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hash.h"

#include "util.h"

#define MIN_SLOTS 64

/* Fibonacci hashing: spreads consecutive inode numbers and pids over the whole table. */
static size_t home(const struct hash *h, uint64_t key)
{
	return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (h->nslots - 1);
}

static struct hash_slot *find(const struct hash *h, uint64_t key)
{
	size_t i = home(h, key);

	while (h->slots[i].value && h->slots[i].key != key)
		i = (i + 1) & (h->nslots - 1);
	return &h->slots[i];
}

static void grow(struct hash *h)
{
	struct hash old = *h;

	h->nslots = old.nslots ? 2 * old.nslots : MIN_SLOTS;
	h->slots = xcalloc(h->nslots, sizeof(*h->slots));
	for (size_t i = 0; i < old.nslots; i++)
		if (old.slots[i].value)
			*find(h, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

bool hash_get(const struct hash *h, uint64_t key, uint32_t *ret)
{
	const struct hash_slot *slot;

	if (!h->n)
		return false;
	slot = find(h, key);
	if (!slot->value)
		return false;
	*ret = slot->value - 1;
	return true;
}

void hash_put(struct hash *h, uint64_t key, uint32_t value)
{
	if (4 * (h->n + 1) > 3 * h->nslots)
		grow(h);
	*find(h, key) = (struct hash_slot){ .key = key, .value = value + 1 };
	h->n++;
}

/* What stood behind the gap because its own place was taken moves up: no search may end early. */
void hash_drop(struct hash *h, uint64_t key)
{
	struct hash_slot *gap = h->n ? find(h, key) : NULL;
	size_t mask = h->nslots - 1, i;

	if (!gap || !gap->value)
		return;
	h->n--;
	i = (size_t)(gap - h->slots);
	for (size_t next = (i + 1) & mask; h->slots[next].value; next = (next + 1) & mask) {
		size_t distance = (next - home(h, h->slots[next].key)) & mask;

		if (distance < ((next - i) & mask))
			continue;
		h->slots[i] = h->slots[next];
		i = next;
	}
	h->slots[i].value = 0;
}

void hash_done(struct hash *h)
{
	free(h->slots);
	*h = (struct hash){ 0 };
}
