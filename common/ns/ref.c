/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ref.h"

#include "../base/escape.h"
#include "../base/num.h"
#include "../base/suggest.h"

#include <errno.h>
#include <limits.h>

/* nsfs numbers its inodes with an unsigned int. */
#define LAST_INODE UINT32_MAX

/* REST, the part of the reference that was read last, is not WHAT. */
static int not_a(const struct ref *ref, const char *rest, const char *what, struct err *e)
{
	auto_free char *all = quoted(ref->text), *part = quoted(rest);

	if (rest == ref->text)
		return err_say(e, -EINVAL, "%s is not %s", all, what);
	return err_say(e, -EINVAL, "reference %s: %s is not %s", all, part, what);
}

/* "4026532178" or "[4026532178]". */
static int parse_inode(struct ref *ref, const char *rest, struct err *e)
{
	const char *p = rest + (*rest == '[');

	ref->kind = REF_INODE;
	if (num_prefix(&p, &ref->number) < 0 || !str_is(p, *rest == '[' ? "]" : "") ||
	    ref->number < 1 || ref->number > LAST_INODE)
		return not_a(ref, rest, "the inode of a namespace", e);
	return 0;
}

/* "1234" or "1234:BIRTH". */
static int parse_process(struct ref *ref, const char *rest, struct err *e)
{
	const char *colon = strchr(rest, ':');
	auto_free char *pid = xstrndup(rest, colon ? (size_t)(colon - rest) : strlen(rest));

	ref->kind = REF_PROCESS;
	if (num_pid(pid, &ref->pid) < 0)
		return not_a(ref, pid, "a process id", e);
	if (colon && num_u64(colon + 1, 1, UINT64_MAX, &ref->birth) < 0)
		return not_a(ref, colon + 1, "the inode of a pidfd or a start time", e);
	return 0;
}

/* "pid:" goes before a process, but also before the inode of a pid namespace. */
static int parse_pid(struct ref *ref, const char *rest, struct err *e)
{
	uint64_t number;

	if (*rest == '[' || (num_u64(rest, 0, UINT64_MAX, &number) == 0 && number > INT_MAX)) {
		ref->type = NS_PID;
		return parse_inode(ref, rest, e);
	}
	return parse_process(ref, rest, e);
}

static int parse_thread(struct ref *ref, const char *rest, struct err *e)
{
	ref->kind = REF_THREAD;
	return num_pid(rest, &ref->pid) < 0 ? not_a(ref, rest, "a thread id", e) : 0;
}

static int parse_id(struct ref *ref, const char *rest, struct err *e)
{
	ref->kind = REF_ID;
	if (num_u64(rest, 1, UINT64_MAX, &ref->number) < 0)
		return not_a(ref, rest, "the 64-bit id of a namespace", e);
	return 0;
}

static int parse_fd(struct ref *ref, const char *rest, struct err *e)
{
	uint64_t number;

	ref->kind = REF_FD;
	if (num_u64(rest, 0, INT_MAX, &number) < 0)
		return not_a(ref, rest, "a descriptor's number", e);
	ref->fd = (int)number;
	return 0;
}

/* Whether REST can be a set's name is for registry.h to say; "@0" is the host. */
static int parse_set(struct ref *ref, const char *rest, struct err *e)
{
	ref->kind = str_is(rest, "0") ? REF_HOST : REF_SET;
	ref->name = rest;
	return *rest ? 0 : not_a(ref, ref->text, "the name of a set", e);
}

/* Whether REST can be a name of `ip netns` is for netns.h to say. */
static int parse_netns(struct ref *ref, const char *rest, struct err *e)
{
	ref->kind = REF_NETNS;
	ref->name = rest;
	return *rest ? 0 : not_a(ref, rest, "a name of 'ip netns'", e);
}

static int parse_container(struct ref *ref, const char *rest, struct err *e)
{
	ref->kind = REF_CONTAINER;
	ref->name = rest;
	return *rest ? 0 : not_a(ref, rest, "the id of a container", e);
}

static const struct {
	const char *prefix;
	int (*parse)(struct ref *ref, const char *rest, struct err *e);
} forms[] = {
	{ "pid:", parse_pid }, { "tid:", parse_thread },  { "id:", parse_id },
	{ "fd:", parse_fd },   { "netns:", parse_netns }, { "container:", parse_container },
};

static const struct {
	const char *word;
	enum ref_kind kind;
} words[] = {
	{ "self", REF_SELF },
	{ "parent", REF_PARENT },
	{ "host", REF_HOST },
};

static int unknown_prefix(const struct ref *ref, size_t len, struct err *e)
{
	auto_free char *prefix = xstrndup(ref->text, len);
	auto_free char *q = quoted(prefix);
	auto_free char *all = quoted(ref->text);
	struct suggestion s = { .word = prefix };
	char types[NS_NTYPES][16];

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		suggest_consider(&s, forms[i].prefix);
	for (int t = 0; t < NS_NTYPES; t++) {
		snprintf(types[t], sizeof(types[t]), "%s:", ns_types[t].name);
		suggest_consider(&s, types[t]);
	}
	err_say(e, -EINVAL, "reference %s: unknown prefix %s", all, q);
	if (s.nearest)
		err_hint(e, "did you mean '%s'?", s.nearest);
	else
		err_hint(e, "a path needs a slash before the colon: './NAME'");
	return -EINVAL;
}

static int unknown_word(const struct ref *ref, struct err *e)
{
	auto_free char *q = quoted(ref->text);
	struct suggestion s = { .word = ref->text };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		suggest_consider(&s, words[i].word);
	err_say(e, -EINVAL, "%s is not a reference", q);
	if (s.nearest)
		err_hint(e, "did you mean '%s'?", s.nearest);
	else
		err_hint(e, "a path needs a slash, a name of 'ip netns' the prefix 'netns:'");
	return -EINVAL;
}

static int parse_prefixed(struct ref *ref, const char *colon, struct err *e)
{
	size_t len = (size_t)(colon - ref->text);
	auto_free char *before = xstrndup(ref->text, len);

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const char *rest = str_after(ref->text, forms[i].prefix);

		if (rest)
			return forms[i].parse(ref, rest, e);
	}
	ref->type = ns_type_from_name(before);
	if (ref->type >= 0)
		return parse_inode(ref, colon + 1, e);
	return unknown_prefix(ref, len + 1, e);
}

static int parse_number(struct ref *ref, uint64_t number, struct err *e)
{
	if (number >= 1 && number <= INT_MAX) {
		ref->kind = REF_PROCESS;
		ref->pid = (pid_t)number;
		return 0;
	}
	if (number < 1 || number > LAST_INODE)
		return not_a(ref, ref->text, "a process id, nor the inode of a namespace", e);
	ref->kind = REF_INODE;
	ref->number = number;
	return 0;
}

static int parse_word(struct ref *ref, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(ref->text, words[i].word)) {
			ref->kind = words[i].kind;
			return 0;
		}
	return unknown_word(ref, e);
}

int ref_parse(const char *text, struct ref *ret, struct err *e)
{
	struct ref ref = { .text = text, .type = -1 };
	const char *colon = strchr(text, ':'), *slash = strchr(text, '/');
	uint64_t number = 0;
	int r;

	if (*text == '@') {
		r = parse_set(&ref, text + 1, e);
	} else if (colon && (!slash || colon < slash)) {
		r = parse_prefixed(&ref, colon, e);
	} else if (slash) {
		ref.kind = REF_FILE;
		ref.name = text;
		r = 0;
	} else if (num_u64(text, 0, UINT64_MAX, &number) != -EINVAL) {
		r = parse_number(&ref, number, e);
	} else {
		r = parse_word(&ref, e);
	}
	if (r == 0)
		*ret = ref;
	return r;
}

int ref_parse_bound(const char *text, struct ref *ret, struct err *e)
{
	struct ref ref = { .text = text, .type = -1 };
	int r = *text == '-' ? parse_process(&ref, text + 1, e) : parse_set(&ref, text, e);

	if (r == 0)
		*ret = ref;
	return r;
}
