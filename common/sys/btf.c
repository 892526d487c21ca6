/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "btf.h"

#include "../base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many members, with those of members without name, are looked at for one name. */
#define MEMBER_BUDGET 20000

int btf_parse(struct btf *b, const void *blob, size_t size)
{
	const struct btf_header *h = blob;
	uint64_t types, strings;

	*b = (struct btf){ .blob = blob, .size = size };
	if (size < sizeof(*h) || h->magic != BTF_MAGIC || h->version != BTF_VERSION)
		return -EINVAL;
	types = (uint64_t)h->hdr_len + h->type_off;
	strings = (uint64_t)h->hdr_len + h->str_off;
	if (types % 4 || types + h->type_len > size || strings + h->str_len > size)
		return -EINVAL;
	b->types = b->blob + types;
	b->types_len = h->type_len;
	b->strings = b->blob + strings;
	b->strings_len = h->str_len;
	if (!b->strings_len || b->strings[b->strings_len - 1] != '\0')
		return -EINVAL;
	return 0;
}

/* Where mmap(2) of the file is refused (before 6.16) it is read, a page a call. */
static int read_whole(int fd, size_t size, char *map)
{
	size_t at = 0;

	while (at < size) {
		ssize_t n = read(fd, map + at, size - at);

		if (n <= 0)
			return n < 0 ? -errno : -EINVAL;
		at += (size_t)n;
	}
	return 0;
}

int btf_open(struct btf *b)
{
	auto_close int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t size;
	void *map;
	int r = 0;

	*b = (struct btf){ 0 };
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	size = (size_t)st.st_size;
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED) {
		map = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (map == MAP_FAILED)
			return -errno;
		r = read_whole(fd, size, map);
	}
	if (r == 0)
		r = btf_parse(b, map, size);
	b->map = map;
	b->size = size;
	if (r < 0)
		btf_done(b);
	return r;
}

static const char *string(const struct btf *b, uint32_t offset)
{
	return offset < b->strings_len ? b->strings + offset : "";
}

/* Bytes behind the head of a type: a fixed part, and one for each of its vlen members. */
static const struct {
	uint8_t fixed, each;
} sizes[] = {
	[BTF_KIND_INT] = { 4, 0 },
	[BTF_KIND_ARRAY] = { sizeof(struct btf_array), 0 },
	[BTF_KIND_STRUCT] = { 0, sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { 0, sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { 0, sizeof(struct btf_enum) },
	[BTF_KIND_FUNC_PROTO] = { 0, sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { sizeof(struct btf_var), 0 },
	[BTF_KIND_DATASEC] = { 0, sizeof(struct btf_var_secinfo) },
	[BTF_KIND_DECL_TAG] = { sizeof(struct btf_decl_tag), 0 },
	[BTF_KIND_ENUM64] = { 0, sizeof(struct btf_enum64) },
};

/* Where the type behind the one at AT begins, or 0: the one at AT is broken or of unknown kind. */
static size_t next_type(const struct btf *b, size_t at)
{
	const struct btf_type *t = (const void *)(b->types + at);
	uint32_t kind;
	size_t size;

	if (b->types_len - at < sizeof(*t))
		return 0;
	kind = BTF_INFO_KIND(t->info);
	if (kind == BTF_KIND_UNKN || kind >= ARRAY_LEN(sizes))
		return 0;
	size = sizeof(*t) + sizes[kind].fixed + (size_t)sizes[kind].each * BTF_INFO_VLEN(t->info);
	return b->types_len - at < size ? 0 : at + size;
}

/* One of 64 classes of names, by their first two characters. NAME is not empty. */
static unsigned class_of(const char *name)
{
	return ((unsigned char)name[0] * 7U + (unsigned char)name[1]) & 63;
}

static uint64_t classes_of(const struct btf_name *names, size_t n)
{
	uint64_t classes = 0;

	for (size_t i = 0; i < n; i++)
		classes |= UINT64_C(1) << class_of(names[i].name);
	return classes;
}

static void match(struct btf_name *names, size_t n, const char *name, uint32_t id,
		  const struct btf_type *type)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].kind == BTF_INFO_KIND(type->info) && !names[i].id &&
		    str_is(names[i].name, name)) {
			names[i].id = id;
			names[i].type = type;
		}
}

int btf_find(struct btf *b, struct btf_name *names, size_t n)
{
	uint64_t classes = classes_of(names, n);
	uint32_t id = 1;

	b->marks.n = 0;
	for (size_t at = 0, next; at < b->types_len; at = next, id++) {
		const struct btf_type *t = (const void *)(b->types + at);
		const char *name;

		next = next_type(b, at);
		if (!next)
			return -EINVAL;
		if (id % BTF_STRIDE == 1)
			vec_push(&b->marks, (uint32_t)at);
		name = string(b, t->name_off);
		if (*name && classes >> class_of(name) & 1)
			match(names, n, name, id, t);
	}
	return 0;
}

static const struct btf_type *type_of(const struct btf *b, uint32_t id)
{
	size_t mark = (id - 1) / BTF_STRIDE, at;

	if (id == 0 || mark >= b->marks.n)
		return NULL;
	at = b->marks.v[mark];
	for (uint32_t i = 0; i < (id - 1) % BTF_STRIDE && at < b->types_len; i++)
		at = next_type(b, at);
	return at < b->types_len ? (const void *)(b->types + at) : NULL;
}

static bool has_members(const struct btf_type *t)
{
	return t && (BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT ||
		     BTF_INFO_KIND(t->info) == BTF_KIND_UNION);
}

/* In bits, or -1. Types come from the kernel, but a circle in them must not hang us. */
static int64_t find_member(const struct btf *b, const struct btf_type *t, const char *name,
			   int depth, unsigned *budget)
{
	const struct btf_member *m = (const void *)(t + 1);

	for (uint32_t i = 0; i < BTF_INFO_VLEN(t->info); i++, m++) {
		bool flag = BTF_INFO_KFLAG(t->info);
		int64_t at = flag ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset, inner;
		const struct btf_type *below;

		if (*budget == 0)
			return -1;
		--*budget;
		if (m->name_off && str_is(string(b, m->name_off), name))
			return flag && BTF_MEMBER_BITFIELD_SIZE(m->offset) ? -1 : at;
		if (m->name_off || depth == 0)
			continue;
		below = type_of(b, m->type);
		inner = has_members(below) ? find_member(b, below, name, depth - 1, budget) : -1;
		if (inner >= 0)
			return at + inner;
	}
	return -1;
}

int btf_offset(const struct btf *b, const struct btf_type *type, const char *member)
{
	unsigned budget = MEMBER_BUDGET;
	int64_t bits = has_members(type) ? find_member(b, type, member, 4, &budget) : -1;

	return bits < 0 || bits % 8 || bits / 8 > INT_MAX ? -ENOENT : (int)(bits / 8);
}

void btf_done(struct btf *b)
{
	if (b->map)
		munmap(b->map, b->size);
	vec_done(&b->marks);
	*b = (struct btf){ 0 };
}
