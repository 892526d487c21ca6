/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What events.c and events_sync.c share: changing who is where and telling of it in one step. */
#pragma once

#include "events.h"

/* A namespace as something showed it. */
struct events_sight {
	enum ns_type type;
	ino_t ino;
	uint64_t id; /* 0: not known; so is owner */
	ino_t owner;
	ino_t maker; /* user namespace of who made it, if it is new; 0: not known */
	uint64_t time;
	bool late;
	bool lossy; /* late, and something was lost since the snapshot before */
};

/* Tells E, whose kind, time and particulars are set, of NS and MEMBER (GRAPH_NONE: of none). */
void events_tell(struct events *ev, struct event *e, uint32_t ns, uint32_t member);

/* The namespace S, added if it is new; tells that the former one of its number is gone. */
uint32_t events_ns(struct events *ev, const struct events_sight *s, bool *is_new);

/* MEMBER, which was elsewhere or, if IS_BORN, nowhere, is in the namespace S from now on. */
void events_enter(struct events *ev, uint32_t member, const struct events_sight *s, bool is_born);

/* Tells KIND of each namespace that MEMBER is in. */
void events_everywhere(struct events *ev, enum event_kind kind, uint32_t member, uint64_t time,
		       bool late);

void events_exit(struct events *ev, uint32_t member, uint64_t time, bool late);
void events_gone(struct events *ev, uint32_t ns, uint64_t time, bool late);
