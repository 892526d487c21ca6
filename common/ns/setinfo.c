/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setinfo.h"

#include "../base/num.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>

unsigned setinfo_types(const struct setinfo *info)
{
	unsigned types = 0;

	for (int t = 0; t < NS_NTYPES; t++)
		if (info->ns[t].ino)
			types |= 1U << t;
	return types;
}

bool setinfo_has(const struct setinfo *info, enum ns_type type, ino_t ino, uint64_t id)
{
	return ino && info->ns[type].ino == ino &&
	       (!id || !info->ns[type].id || info->ns[type].id == id);
}

/* One line; what would end it or make a terminal act is left out. */
static void add_text(struct str *s, const char *key, const char *text)
{
	if (!text)
		return;
	str_addf(s, "%s ", key);
	for (; *text; text++)
		str_addc(s, (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
	str_addc(s, '\n');
}

static void add_proc(struct str *s, const char *key, const struct setproc *p)
{
	if (p->pid)
		str_addf(s, "%s %d %" PRIu64 "\n", key, p->pid, p->birth);
}

void setinfo_write(const struct setinfo *info, struct str *ret)
{
	str_addf(ret, "created %" PRIu64 "\nuid %u\n", info->created, info->uid);
	if (info->place)
		str_addf(ret, "place %lu %" PRIu64 "\n", info->place, info->place_id);
	if (info->pids)
		str_addf(ret, "pids %lu %" PRIu64 "\n", info->pids, info->pids_id);
	add_text(ret, "boot", info->boot);
	for (int t = 0; t < NS_NTYPES; t++)
		if (info->ns[t].ino)
			str_addf(ret, "%s %lu %" PRIu64 "\n", ns_types[t].name, info->ns[t].ino,
				 info->ns[t].id);
	add_proc(ret, "holder", &info->holder);
	add_proc(ret, "init", &info->init);
	add_text(ret, "netns", info->netns);
	str_add(ret, "end\n");
}

/* One or two numbers and nothing else. */
static int parse_numbers(const char *text, uint64_t *a, uint64_t *b)
{
	int r = num_prefix(&text, a);

	if (r == 0 && b && *text == ' ') {
		text++;
		r = num_prefix(&text, b);
	}
	return r < 0 || *text ? -EBADMSG : 0;
}

static int parse_proc(const char *text, struct setproc *ret)
{
	uint64_t pid, birth = 0;
	int r = parse_numbers(text, &pid, &birth);

	if (r < 0 || pid < 1 || pid > INT_MAX || !birth)
		return -EBADMSG;
	*ret = (struct setproc){ (pid_t)pid, birth };
	return 0;
}

static int parse_text(const char *text, char **ret)
{
	free(*ret);
	*ret = xstrdup(text);
	return 0;
}

static int parse_ns(const char *key, const char *text, struct setinfo *info)
{
	uint64_t ino, id = 0;
	int type = ns_type_from_name(key);

	if (type < 0 || parse_numbers(text, &ino, &id) < 0 || !ino)
		return -EBADMSG;
	info->ns[type].ino = ino;
	info->ns[type].id = id;
	return 0;
}

static int parse_uid(const char *text, uid_t *ret)
{
	uint64_t uid;

	if (num_u64(text, 0, UINT32_MAX, &uid) < 0)
		return -EBADMSG;
	*ret = (uid_t)uid;
	return 0;
}

static int parse_line(const char *key, const char *text, struct setinfo *info)
{
	if (str_is(key, "created"))
		return parse_numbers(text, &info->created, NULL);
	if (str_is(key, "uid"))
		return parse_uid(text, &info->uid);
	if (str_is(key, "place"))
		return parse_numbers(text, &info->place, &info->place_id);
	if (str_is(key, "pids"))
		return parse_numbers(text, &info->pids, &info->pids_id);
	if (str_is(key, "boot"))
		return parse_text(text, &info->boot);
	if (str_is(key, "holder"))
		return parse_proc(text, &info->holder);
	if (str_is(key, "init"))
		return parse_proc(text, &info->init);
	if (str_is(key, "netns"))
		return parse_text(text, &info->netns);
	return parse_ns(key, text, info);
}

/* Splits the line at *TEXT at its first blank, and moves *TEXT behind it. False: no whole line. */
static bool next_line(const char **text, char **key, char **value)
{
	const char *end = strchr(*text, '\n');
	size_t n;

	if (!end)
		return false;
	n = strcspn(*text, " \n");
	*key = xstrndup(*text, n);
	*value = (*text)[n] == ' ' ? xstrndup(*text + n + 1, (size_t)(end - *text) - n - 1)
				   : xstrdup("");
	*text = end + 1;
	return true;
}

int setinfo_parse(const char *text, struct setinfo *ret)
{
	auto_setinfo struct setinfo info = { 0 };
	bool ended = false;
	int r = 0;

	while (r == 0 && !ended) {
		auto_free char *key = NULL, *value = NULL;

		if (!next_line(&text, &key, &value))
			return -EBADMSG;
		ended = str_is(key, "end");
		if (!ended)
			r = parse_line(key, value, &info);
	}
	if (r < 0 || *text)
		return -EBADMSG;
	*ret = info;
	info = (struct setinfo){ 0 };
	return 0;
}

void setinfo_done(struct setinfo *info)
{
	free(info->boot);
	free(info->netns);
	*info = (struct setinfo){ 0 };
}
