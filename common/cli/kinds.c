/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kinds.h"

#include "../base/duration.h"
#include "../base/escape.h"
#include "../base/num.h"
#include "../base/suggest.h"
#include "../base/vec.h"
#include "../ns/capname.h"
#include "../ns/ref.h"
#include "../sys/caps.h"
#include "candidates.h"
#include "complete_names.h"
#include "complete_ref.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>

static int parse_string(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word ? word : "";
	return 0;
}

/* Reads a number that WHAT ("a process id") names. */
static int parse_number(const char *word, const char *what, uint64_t min, uint64_t max,
			uint64_t *ret, struct err *e)
{
	auto_free char *q = quoted(word);
	int r = num_u64(word, min, max, ret);

	if (r == -ERANGE)
		return err_say(e, r, "%s is not %s: it must be %" PRIu64 " to %" PRIu64, q, what,
			       min, max);
	return r < 0 ? err_say(e, r, "%s is not %s", q, what) : 0;
}

static int parse_pid(const char *word, void *field, struct err *e)
{
	uint64_t value;
	int r = parse_number(word, "a process id", 1, INT_MAX, &value, e);

	if (r == 0)
		*(pid_t *)field = (pid_t)value;
	return r;
}

static int parse_fd(const char *word, void *field, struct err *e)
{
	uint64_t value;
	int r = parse_number(word, "a descriptor's number", 0, INT_MAX, &value, e);

	if (r == 0)
		*(int *)field = (int)value;
	return r;
}

static int parse_fds(const char *word, void *field, struct err *e)
{
	VEC(int) *fds = field;
	int fd = -EBADF;
	int r = parse_fd(word, &fd, e);

	if (r == 0)
		vec_push(fds, fd);
	return r;
}

static int parse_fd_given(const char *word, void *field, struct err *e)
{
	struct fd_arg *fd = field;

	fd->set = true;
	return parse_fd(word, &fd->fd, e);
}

static int parse_u32(const char *word, void *field, struct err *e)
{
	uint64_t value;
	int r = parse_number(word, "a number", 0, UINT32_MAX, &value, e);

	if (r == 0)
		*(uint32_t *)field = (uint32_t)value;
	return r;
}

static int no_such(const char *what, const char *word, struct err *e)
{
	auto_free char *q = quoted(word);

	return err_say(e, -ENOENT, "there is no %s %s", what, q);
}

static int parse_user(const char *word, void *field, struct err *e)
{
	const struct passwd *pw = NULL;
	uint64_t id = 0;

	if (num_u64(word, 0, ID_MAX, &id) < 0) {
		pw = getpwnam(word);
		if (!pw)
			return no_such("user", word, e);
		id = pw->pw_uid;
	}
	*(struct id_arg *)field = (struct id_arg){ .set = true, .id = (uint32_t)id };
	return 0;
}

static int parse_group(const char *word, void *field, struct err *e)
{
	const struct group *gr = NULL;
	uint64_t id = 0;

	if (num_u64(word, 0, ID_MAX, &id) < 0) {
		gr = getgrnam(word);
		if (!gr)
			return no_such("group", word, e);
		id = gr->gr_gid;
	}
	*(struct id_arg *)field = (struct id_arg){ .set = true, .id = (uint32_t)id };
	return 0;
}

static int parse_inside(const char *word, void *field, struct err *e)
{
	struct id_arg *arg = field;
	uint64_t id = 0;
	int r = num_u64(word, 0, ID_MAX, &id);

	if (r == -ERANGE || !*word) {
		auto_free char *q = quoted(word);

		return err_say(e, -EINVAL, "%s is not a number of 0 to %u, a name or 'follow'", q,
			       ID_MAX);
	}
	*arg = (struct id_arg){ .set = true, .follow = str_is(word, "follow"), .id = (uint32_t)id };
	if (r < 0 && !arg->follow)
		arg->name = word;
	return 0;
}

static int parse_cap(const char *name, uint64_t *caps, struct err *e)
{
	int cap = cap_from_name(name);
	auto_free char *q = quoted(name);

	if (str_is(name, "all"))
		*caps = UINT64_MAX;
	else if (cap < 0)
		return err_say(e, -EINVAL, "%s is not a capability", q);
	else
		*caps |= CAP_BIT(cap);
	return 0;
}

static int parse_caps(const char *word, void *field, struct err *e)
{
	int r = 0;

	while (r == 0 && word) {
		auto_free char *name = str_part(&word);

		r = parse_cap(name, field, e);
	}
	return r;
}

/* A hundred years are for ever: clocks count nanoseconds in 64 bits. */
static int parse_duration(const char *word, void *field, struct err *e)
{
	const int64_t for_ever = INT64_C(100) * 366 * 86400;
	auto_free char *q = quoted(word);
	struct duration d;
	int r = duration_parse(word, &d);

	if (r < 0 || d.sec < 0)
		return err_say(e, r < 0 ? r : -ERANGE,
			       "%s is no length of time such as 90, 1.5h or 250ms", q);
	*(uint64_t *)field = (uint64_t)MIN(d.sec, for_ever) * 1000000000 + d.nsec;
	*(uint64_t *)field += *(uint64_t *)field == 0;
	return 0;
}

static int unknown_type(const char *item, struct err *e)
{
	auto_free char *q = quoted(item);
	struct suggestion s = { .word = item };

	for (int t = 0; t < NS_NTYPES; t++)
		suggest_consider(&s, ns_types[t].name);
	if (s.nearest)
		return err_say(e, -EINVAL, "%s is not a type of namespace, did you mean '%s'?", q,
			       s.nearest);
	err_say(e, -EINVAL, "%s is not a type of namespace", q);
	err_hint(e, "the types are mnt, uts, ipc, net, pid, user, cgroup, time, or their letters, "
		    "or all");
	return -EINVAL;
}

/* One item of a list of types, as bits; 0 if it is none. */
static unsigned type_bits(const char *item)
{
	int type = ns_type_from_name(item);

	if (type >= 0)
		return 1U << type;
	if (str_is(item, "all"))
		return NS_ALL;
	for (int t = 0; t < NS_NTYPES; t++)
		if (item[0] == ns_types[t].letter && !item[1])
			return 1U << t;
	return 0;
}

static int parse_types(const char *word, void *field, struct err *e)
{
	unsigned types = 0;

	while (word) {
		auto_free char *item = str_part(&word);
		unsigned bits = type_bits(item);

		if (!bits)
			return unknown_type(item, e);
		types |= bits;
	}
	*(unsigned *)field |= types;
	return 0;
}

static int parse_inode(const char *word, void *field, struct err *e)
{
	return parse_number(word, "the inode of a namespace", 0, UINT64_MAX, field, e);
}

static int parse_ref(const char *word, void *field, struct err *e)
{
	return ref_parse(word, field, e);
}

static int parse_bound(const char *word, void *field, struct err *e)
{
	return ref_parse_bound(word, field, e);
}

static const char *const inside_words[] = { "follow", NULL };
static const char *const type_words[] = { "mnt",  "uts",    "ipc",  "net", "pid",
					  "user", "cgroup", "time", "all", NULL };

static void complete_types(struct candidates *ret)
{
	candidates_settle_items(ret, ",");
	for (int t = 0; t < NS_NTYPES; t++)
		candidates_add(ret, ns_types[t].name, NULL);
	candidates_add(ret, "all", NULL);
}

const struct arg_kind arg_string = { "STRING", sizeof(char *), parse_string, NULL };
const struct arg_kind arg_file = { "FILE", sizeof(char *), parse_string, NULL, complete_file };
const struct arg_kind arg_set = { "NAME", sizeof(char *), parse_string, NULL, complete_set };
const struct arg_kind arg_bound = { "NAME", sizeof(struct ref), parse_bound, NULL, complete_set };
const struct arg_kind arg_command = { "COMMAND", sizeof(char *), parse_string, NULL };
const struct arg_kind arg_pid = { "PID", sizeof(pid_t), parse_pid, NULL, complete_pid };
const struct arg_kind arg_fd = { "FD", sizeof(int), parse_fd, NULL };
const struct arg_kind arg_fds = { "FD", sizeof(VEC(int)), parse_fds, NULL };
const struct arg_kind arg_fd_given = { "FD", sizeof(struct fd_arg), parse_fd_given, NULL };
const struct arg_kind arg_u32 = { "N", sizeof(uint32_t), parse_u32, NULL };
const struct arg_kind arg_user = { "USER", sizeof(struct id_arg), parse_user, NULL, complete_user };
const struct arg_kind arg_group = { "GROUP", sizeof(struct id_arg), parse_group, NULL,
				    complete_group };
const struct arg_kind arg_user_inside = { "USER", sizeof(struct id_arg), parse_inside,
					  inside_words };
const struct arg_kind arg_group_inside = { "GROUP", sizeof(struct id_arg), parse_inside,
					   inside_words };
const struct arg_kind arg_caps = { "CAP,...", sizeof(uint64_t), parse_caps, NULL, complete_caps };
const struct arg_kind arg_duration = { "TIME", sizeof(uint64_t), parse_duration, NULL };
const struct arg_kind arg_types = { "TYPES", sizeof(unsigned), parse_types, type_words,
				    complete_types };
const struct arg_kind arg_inode = { "NS", sizeof(uint64_t), parse_inode, NULL, NULL };
const struct arg_kind arg_ref = { "REF", sizeof(struct ref), parse_ref, NULL, complete_ref };
