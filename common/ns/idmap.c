/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "idmap.h"

#include "../base/escape.h"
#include "../base/num.h"

#include <errno.h>

/* The kernel takes that many ranges since Linux 4.15, 5 before. */
#define MAX_RANGES 340

/* 4294967295 is (uid_t)-1, which means "no change" and is nobody's id. */
#define ID_END UINT32_MAX

const char *const id_names[ID_NKINDS] = { [ID_USER] = "uid", [ID_GROUP] = "gid" };

/* Three numbers with SEPARATOR between them and nothing else. */
static bool parse_three(const char *word, char separator, uint32_t v[3])
{
	for (int i = 0; i < 3; i++) {
		uint64_t value;

		if (i > 0 && *word++ != separator)
			return false;
		if (num_prefix(&word, &value) < 0 || value > UINT32_MAX)
			return false;
		v[i] = (uint32_t)value;
	}
	return *word == '\0';
}

int idmap_parse(const char *word, struct id_range *ret, struct err *e)
{
	auto_free char *q = quoted(word);
	uint32_t v[3];

	if (parse_three(word, ':', v))
		*ret = (struct id_range){ .inner = v[0], .outer = v[1], .count = v[2] };
	else if (parse_three(word, ',', v))
		*ret = (struct id_range){ .inner = v[1], .outer = v[0], .count = v[2] };
	else
		return err_say(e, -EINVAL, "%s is not INNER:OUTER:COUNT", q);
	if (ret->count == 0)
		return err_say(e, -EINVAL, "%s maps nothing", q);
	return 0;
}

/* Whether a line of subuid(5) begins with the user's name or number and a colon. */
static const char *after_user(const char *line, const char *name, uint32_t id)
{
	const char *p = name ? str_after(line, name) : NULL;
	uint64_t value;

	if (p && *p == ':')
		return p + 1;
	p = line;
	if (num_prefix(&p, &value) == 0 && value == id && *p == ':')
		return p + 1;
	return NULL;
}

int idmap_add_subids(struct idmap *m, const char *text, const char *name, uint32_t id,
		     enum subid_use use)
{
	uint32_t inner = 0;
	int r = -ENOENT;

	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *block = after_user(p, name, id);
		uint64_t start, count;

		if (!block || num_prefix(&block, &start) < 0 || *block++ != ':' ||
		    num_prefix(&block, &count) < 0 || (*block != '\n' && *block != '\0') ||
		    count == 0 || start >= ID_END || count > ID_END - start)
			continue;
		vec_push(&m->ranges, { .inner = use & SUBID_IDENTITY ? (uint32_t)start : inner,
				       .outer = (uint32_t)start,
				       .count = (uint32_t)count });
		inner += (uint32_t)count;
		r = 0;
		if (!(use & SUBID_ALL))
			break;
	}
	return r;
}

void idmap_read(struct idmap *m, const char *text)
{
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		uint64_t v[3];
		int i = 0;

		for (; i < 3; i++) {
			p += strspn(p, " \t");
			if (num_prefix(&p, &v[i]) < 0 || v[i] > UINT32_MAX)
				break;
		}
		if (i == 3)
			vec_push(&m->ranges, { .inner = (uint32_t)v[0],
					       .outer = (uint32_t)v[1],
					       .count = (uint32_t)v[2] });
	}
}

void idmap_add_available(struct idmap *m, const char *text)
{
	size_t n = m->ranges.n;

	idmap_read(m, text);
	for (; n < m->ranges.n; n++)
		m->ranges.v[n].outer = m->ranges.v[n].inner;
}

bool idmap_is_identity(const struct idmap *m)
{
	for (size_t i = 0; i < m->ranges.n; i++)
		if (m->ranges.v[i].inner != m->ranges.v[i].outer)
			return false;
	return true;
}

/* Adds R's part from FROM to TO, counted without the ids at offsets IN and OUT. */
static void add_part(struct idmap *m, const struct id_range *r, uint32_t from, uint32_t to,
		     uint32_t in, uint32_t out)
{
	if (from < to)
		vec_push(&m->ranges, { .inner = r->inner + from + (from >= in),
				       .outer = r->outer + from + (from >= out),
				       .count = to - from });
}

/* Where ID is in the COUNT ids from START on; COUNT if it is not. */
static uint32_t offset_of(uint32_t id, uint32_t start, uint32_t count)
{
	return id >= start && id - start < count ? id - start : count;
}

static void add_without(struct idmap *m, const struct id_range *r, uint32_t inner, uint32_t outer)
{
	uint32_t in = offset_of(inner, r->inner, r->count);
	uint32_t out = offset_of(outer, r->outer, r->count);
	uint32_t n = r->count - (in < r->count || out < r->count);

	add_part(m, r, 0, MIN(MIN(in, out), n), in, out);
	add_part(m, r, MIN(in, out), MIN(MAX(in, out), n), in, out);
	add_part(m, r, MAX(in, out), n, in, out);
}

void idmap_add_single(struct idmap *m, uint32_t inner, uint32_t outer)
{
	auto_idmap struct idmap old = *m;

	*m = (struct idmap){ 0 };
	vec_push(&m->ranges, { .inner = inner, .outer = outer, .count = 1 });
	for (size_t i = 0; i < old.ranges.n; i++)
		add_without(m, &old.ranges.v[i], inner, outer);
}

/* The range of M that has ID inside, or NULL. */
static const struct id_range *range_of(const struct idmap *m, uint32_t id)
{
	for (size_t i = 0; i < m->ranges.n; i++)
		if (offset_of(id, m->ranges.v[i].inner, m->ranges.v[i].count) <
		    m->ranges.v[i].count)
			return &m->ranges.v[i];
	return NULL;
}

int idmap_compose(const struct idmap *a, const struct idmap *b, enum id_kind kind,
		  struct idmap *ret, struct err *e)
{
	for (size_t i = 0; i < a->ranges.n; i++) {
		struct id_range left = a->ranges.v[i];

		while (left.count) {
			const struct id_range *r = range_of(b, left.outer);
			uint32_t skip = r ? left.outer - r->inner : 0;
			uint32_t n = r ? MIN(left.count, r->count - skip) : 0;

			if (!r)
				return err_say(e, -EOVERFLOW,
					       "%s %u has no place in the user namespace",
					       id_names[kind], left.outer);
			vec_push(&ret->ranges, { left.inner, r->outer + skip, n });
			left.inner += n;
			left.outer += n;
			left.count -= n;
		}
	}
	return 0;
}

bool idmap_has(const struct idmap *m, uint32_t outer)
{
	for (size_t i = 0; i < m->ranges.n; i++)
		if (offset_of(outer, m->ranges.v[i].outer, m->ranges.v[i].count) <
		    m->ranges.v[i].count)
			return true;
	return false;
}

void idmap_cover(const struct idmap *m, uint32_t own, struct idmap *cover)
{
	for (size_t i = 0; i < m->ranges.n; i++) {
		const struct id_range *r = &m->ranges.v[i];

		vec_push(&cover->ranges, { r->outer, r->outer, r->count });
	}
	if (!idmap_has(m, own))
		vec_push(&cover->ranges, { own, own, 1 });
}

static bool overlap(uint32_t a, uint32_t na, uint32_t b, uint32_t nb)
{
	return a < b ? b - a < na : a - b < nb;
}

static int refuse_overlap(const struct id_range *a, const struct id_range *b, enum id_kind kind,
			  struct err *e)
{
	const char *side = overlap(a->inner, a->count, b->inner, b->count) ? "inside" : "outside";

	return err_say(e, -EINVAL, "%s ranges %u:%u:%u and %u:%u:%u overlap %s", id_names[kind],
		       a->inner, a->outer, a->count, b->inner, b->outer, b->count, side);
}

int idmap_check(const struct idmap *m, enum id_kind kind, struct err *e)
{
	if (m->ranges.n > MAX_RANGES)
		return err_say(e, -EINVAL, "%zu %s ranges, and the kernel takes %d", m->ranges.n,
			       id_names[kind], MAX_RANGES);
	for (size_t i = 0; i < m->ranges.n; i++) {
		const struct id_range *a = &m->ranges.v[i];

		if (a->count > ID_END - a->inner || a->count > ID_END - a->outer)
			return err_say(e, -EINVAL, "%s range %u:%u:%u runs past the last id, %u",
				       id_names[kind], a->inner, a->outer, a->count, ID_END - 1);
		for (size_t k = 0; k < i; k++) {
			const struct id_range *b = &m->ranges.v[k];

			if (overlap(a->inner, a->count, b->inner, b->count) ||
			    overlap(a->outer, a->count, b->outer, b->count))
				return refuse_overlap(b, a, kind, e);
		}
	}
	return 0;
}

char *idmap_text(const struct idmap *m)
{
	struct str s = { 0 };

	for (size_t i = 0; i < m->ranges.n; i++)
		str_addf(&s, "%u %u %u\n", m->ranges.v[i].inner, m->ranges.v[i].outer,
			 m->ranges.v[i].count);
	return str_take(&s);
}

void idmap_done(struct idmap *m)
{
	vec_done(&m->ranges);
}

/* Without privilege a process can map its own id and nothing else. */
static enum idmap_writer writer_of(const struct idmap *m, enum id_kind kind,
				   const struct idmap_facts *f)
{
	if (m->ranges.n == 0)
		return WRITER_NONE;
	if (m->ranges.n == 1 && m->ranges.v[0].count == 1 && m->ranges.v[0].outer == f->own[kind] &&
	    !f->changes_owner)
		return WRITER_SELF;
	return f->can[kind] ? WRITER_ROOT : WRITER_HELPER;
}

int idmap_plan(const struct idmap maps[ID_NKINDS], const struct idmap_facts *f,
	       enum setgroups wanted, struct idmap_plan *ret, struct err *e)
{
	for (enum id_kind k = 0; k < ID_NKINDS; k++)
		ret->writer[k] = writer_of(&maps[k], k, f);
	if (ret->writer[ID_GROUP] == WRITER_SELF && wanted == SETGROUPS_ALLOW)
		return err_say(e, -EINVAL,
			       "a single group mapped without privilege needs --setgroups=deny, "
			       "not allow");
	ret->deny = wanted == SETGROUPS_DENY || ret->writer[ID_GROUP] == WRITER_SELF;
	ret->write_setgroups = ret->deny || wanted == SETGROUPS_ALLOW;
	return 0;
}
