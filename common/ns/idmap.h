/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Id maps of user namespaces: read from options and files, put together, checked, and the
 * decision who writes them (user_namespaces(7)). Pure; idmap_write.h acts.
 */
#pragma once

#include "../base/err.h"
#include "../base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* COUNT ids from INNER on in the new user namespace are OUTER and following outside it. */
struct id_range {
	uint32_t inner, outer, count;
};

struct idmap {
	VEC(struct id_range) ranges;
};

#define auto_idmap auto_call(idmap_done)

/* Which ids; also the index of pairs of maps. */
enum id_kind { ID_USER, ID_GROUP, ID_NKINDS };

/* "uid" or "gid", for sentences and names of files. */
extern const char *const id_names[ID_NKINDS];

/* Reads "INNER:OUTER:COUNT" or util-linux's older "OUTER,INNER,COUNT". -EINVAL with a sentence. */
int idmap_parse(const char *word, struct id_range *ret, struct err *e);

/* How blocks of subordinate ids are mapped: the first or all of them, from 0 on or each to itself. */
enum subid_use { SUBID_FIRST = 0, SUBID_ALL = 1 << 0, SUBID_IDENTITY = 1 << 1 };

/*
 * Adds to M the blocks that TEXT, the content of /etc/subuid or /etc/subgid, gives to user NAME
 * or to the number ID (subuid(5)). Malformed lines are skipped. Returns 0, -ENOENT if there are none.
 */
int idmap_add_subids(struct idmap *m, const char *text, const char *name, uint32_t id,
		     enum subid_use use);

/* Adds the ranges of TEXT, the content of a uid_map. */
void idmap_read(struct idmap *m, const char *text);

/* Adds every id that TEXT, the content of a uid_map, has inside, mapped to itself. */
void idmap_add_available(struct idmap *m, const char *text);

/*
 * Maps INNER to OUTER, and takes both out of the ranges that M has: what is behind them moves
 * down, so that the uppermost id of such a range stays unmapped. The new range is the first.
 */
void idmap_add_single(struct idmap *m, uint32_t inner, uint32_t outer);

/*
 * Adds to COVER every id that M has outside, and OWN, each mapped to itself: in a user namespace
 * with that map, a further one can have M.
 */
void idmap_cover(const struct idmap *m, uint32_t own, struct idmap *cover);

/* Whether M has the id OUTER outside. */
bool idmap_has(const struct idmap *m, uint32_t outer);

/* Whether all ids that M has are mapped to themselves. */
bool idmap_is_identity(const struct idmap *m);

/*
 * One map after the other: adds to RET the ids inside A, with what B has for their ids outside.
 * Returns 0, or -EOVERFLOW with a sentence if B has not all of them.
 */
int idmap_compose(const struct idmap *a, const struct idmap *b, enum id_kind kind,
		  struct idmap *ret, struct err *e);

/* Says what the kernel would refuse with a bare EINVAL: overlaps, overflows, too many ranges. */
int idmap_check(const struct idmap *m, enum id_kind kind, struct err *e);

/* The map as the kernel reads it: a line "INNER OUTER COUNT" a range. To be freed. */
char *idmap_text(const struct idmap *m);

void idmap_done(struct idmap *m);

/* Who writes a map. */
enum idmap_writer {
	WRITER_NONE,   /* there is no map */
	WRITER_SELF,   /* the process in the new namespace, without privilege */
	WRITER_ROOT,   /* a process outside that has CAP_SETUID or CAP_SETGID there */
	WRITER_HELPER, /* newuidmap(1), newgidmap(1), on behalf of a process outside */
};

enum setgroups { SETGROUPS_KEEP, SETGROUPS_ALLOW, SETGROUPS_DENY };

struct idmap_facts {
	uint32_t own[ID_NKINDS]; /* effective ids of whoever makes the namespace */
	bool can[ID_NKINDS];	 /* CAP_SETUID, CAP_SETGID */
	bool changes_owner;	 /* it becomes another user just before: it cannot write itself */
};

struct idmap_plan {
	enum idmap_writer writer[ID_NKINDS];
	bool write_setgroups; /* before the group map */
	bool deny;	      /* what is written then */
};

/*
 * Decides. Fails with -EINVAL and a sentence when WANTED contradicts the maps: a process can
 * write its own group map only when it denies setgroups.
 */
int idmap_plan(const struct idmap maps[ID_NKINDS], const struct idmap_facts *f,
	       enum setgroups wanted, struct idmap_plan *ret, struct err *e);
