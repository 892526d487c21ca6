/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A map from 64-bit keys to 32-bit indices (into an array the caller keeps). Open addressing,
 * grows by doubling, never shrinks. `struct hash h = { 0 };` is the empty one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_slot {
	uint64_t key;
	uint32_t value; /* index + 1; 0 marks a free slot */
};

struct hash {
	struct hash_slot *slots;
	size_t nslots, n;
};

/* Sets *RET and returns true if KEY is there. */
bool hash_get(const struct hash *h, uint64_t key, uint32_t *ret);

/* Adds KEY, which must not be there yet, with VALUE (below UINT32_MAX). */
void hash_put(struct hash *h, uint64_t key, uint32_t value);

/* Takes KEY out, if it is there. */
void hash_drop(struct hash *h, uint64_t key);

void hash_done(struct hash *h);
