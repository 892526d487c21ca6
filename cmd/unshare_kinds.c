/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unshare_opts.h"

#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/base/num.h"
#include "../common/base/str.h"
#include "../common/cli/complete_names.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <signal.h>

static int parse_text(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word ? word : "";
	return 0;
}

static int parse_owner(const char *word, void *field, struct err *e)
{
	__typeof__(((struct unshare_opts *)0)->owner) *owner = field;
	auto_free char *q = quoted(word);
	const char *colon = strchr(word, ':');
	auto_free char *user = colon ? xstrndup(word, (size_t)(colon - word)) : NULL;
	uint64_t uid, gid;

	if (!colon || num_u64(user, 0, ID_MAX, &uid) < 0 || num_u64(colon + 1, 0, ID_MAX, &gid) < 0)
		return err_say(e, -EINVAL, "%s is not UID:GID", q);
	owner->set = true;
	owner->uid = (uint32_t)uid;
	owner->gid = (uint32_t)gid;
	return 0;
}

static const char *const map_words[] = { "auto", "subids", "all", NULL };

static int parse_map(const char *word, void *field, struct err *e)
{
	VEC(const char *) *words = field;
	struct id_range range;

	if (!str_is(word, "auto") && !str_is(word, "subids") && !str_is(word, "all") &&
	    idmap_parse(word, &range, e) < 0) {
		err_hint(e, "or auto, subids, all");
		return -EINVAL;
	}
	vec_push((__typeof__(((struct unshare_opts *)0)->map_users) *)words, word);
	return 0;
}

/* "", "+1" or "-1", as it follows RTMIN or RTMAX, from FIRST on; 0 if it leads out of them. */
static int realtime_signal(int first, const char *offset)
{
	uint64_t by = 0;
	int sig;

	if (*offset && ((*offset != '+' && *offset != '-') || num_u64(offset + 1, 0, 64, &by) < 0))
		return 0;
	sig = *offset == '-' ? first - (int)by : first + (int)by;
	return sig >= SIGRTMIN && sig <= SIGRTMAX ? sig : 0;
}

/* The number of signal "KILL", "sigkill", "9" or "RTMIN+1"; 0 if there is none. */
static int signal_number(const char *word)
{
	uint64_t number;

	if (num_u64(word, 1, (uint64_t)SIGRTMAX, &number) == 0)
		return (int)number;
	word += strncasecmp(word, "SIG", 3) == 0 ? 3 : 0;
	if (strncasecmp(word, "RTMIN", 5) == 0)
		return realtime_signal(SIGRTMIN, word + 5);
	if (strncasecmp(word, "RTMAX", 5) == 0)
		return realtime_signal(SIGRTMAX, word + 5);
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		const char *name = sigabbrev_np(sig);

		if (name && strcasecmp(name, word) == 0)
			return sig;
	}
	/* The older names of two. */
	return strcasecmp(word, "IOT") == 0 ? SIGABRT : strcasecmp(word, "CLD") == 0 ? SIGCHLD : 0;
}

static int parse_signal(const char *word, void *field, struct err *e)
{
	int sig = word ? signal_number(word) : SIGKILL;
	auto_free char *q = quoted(word ? word : "");

	if (!sig)
		return err_say(e, -EINVAL, "%s is not a signal", q);
	*(int *)field = sig;
	return 0;
}

/* The index of WORD in WORDS, or -EINVAL with a sentence that lists them. */
static int parse_word(const char *word, const char *const *words, struct err *e)
{
	auto_free char *q = quoted(word);
	auto_str struct str list = { 0 };

	for (int i = 0; words[i]; i++) {
		if (str_is(words[i], word))
			return i;
		str_join(&list, ", ", words[i]);
	}
	return err_say(e, -EINVAL, "%s is none of %s", q, str_text(&list));
}

static const char *const propagation_words[] = {
	[PROPAGATION_PRIVATE] = "private",
	[PROPAGATION_SLAVE] = "slave",
	[PROPAGATION_SHARED] = "shared",
	[PROPAGATION_KEEP] = "unchanged",
	NULL,
};

static int parse_propagation(const char *word, void *field, struct err *e)
{
	int i = parse_word(word, propagation_words, e);

	if (i >= 0)
		*(enum propagation *)field = (enum propagation)i;
	return MIN(i, 0);
}

static const char *const setgroups_words[] = { "allow", "deny", NULL };

static int parse_setgroups(const char *word, void *field, struct err *e)
{
	int i = parse_word(word, setgroups_words, e);

	if (i >= 0)
		*(enum setgroups *)field = i ? SETGROUPS_DENY : SETGROUPS_ALLOW;
	return MIN(i, 0);
}

static int parse_offset(const char *word, void *field, struct err *e)
{
	struct setup_offset *offset = field;
	auto_free char *q = quoted(word);
	int r = duration_parse(word, &offset->by);

	if (r < 0)
		return err_say(e, r, "%s is no offset such as 90, -1.5h or +3d", q);
	offset->set = true;
	return 0;
}

typedef __typeof__(((struct unshare_opts *)0)->mounts) mounts;

static int parse_tmpfs(const char *word, void *field, struct err *e)
{
	(void)e;
	vec_push((mounts *)field, { .target = word });
	return 0;
}

static int parse_bind(const char *word, void *field, struct err *e)
{
	const char *colon = strchr(word, ':');
	struct setup_mount m = { 0 };
	char *source, *end;

	if (!colon || colon == word || !colon[1]) {
		auto_free char *q = quoted(word);

		return err_say(e, -EINVAL, "%s is not SRC:DST or SRC:DST:ro", q);
	}
	/* One string for both: freeing the source frees the target. */
	source = xstrdup(word);
	source[colon - word] = '\0';
	m.source = source;
	m.target = source + (colon - word) + 1;
	end = strrchr(m.target, ':');
	if (end && (str_is(end, ":ro") || str_is(end, ":rw"))) {
		m.readonly = end[2] == 'o';
		*end = '\0';
	}
	vec_push((mounts *)field, m);
	return 0;
}

/* A file on both sides of the colon. */
static void complete_bind(struct candidates *ret)
{
	candidates_settle_items(ret, ":");
	ret->files = true;
}

/* "unlimited" or a number, at the head of *TEXT. */
static bool parse_value(const char **text, rlim_t *ret)
{
	const char *rest = str_after(*text, "unlimited");
	uint64_t value;

	if (rest) {
		*text = rest;
		*ret = RLIM_INFINITY;
		return true;
	}
	if (num_prefix(text, &value) < 0)
		return false;
	*ret = value;
	return true;
}

static int parse_limit(const char *word, void *field, struct err *e)
{
	size_t n = strcspn(word, "=");
	const char *p = word[n] ? word + n + 1 : "";
	auto_free char *name = xstrndup(word, n);
	auto_free char *q = quoted(word);
	int resource = parse_word(name, setup_limit_words, e);
	struct rlimit value = { 0 };
	bool good = parse_value(&p, &value.rlim_cur);

	if (resource < 0)
		return resource;

	value.rlim_max = value.rlim_cur;
	if (good && *p == ':') {
		p++;
		good = parse_value(&p, &value.rlim_max);
	}
	if (!good || *p)
		return err_say(e, -EINVAL, "%s is not NAME=SOFT:HARD, as nofile=1024:4096", q);
	if (value.rlim_cur > value.rlim_max)
		return err_say(e, -EINVAL, "%s: the soft limit is above the hard one", q);
	vec_push((__typeof__(((struct unshare_opts *)0)->limits) *)field, { resource, value });
	return 0;
}

static void complete_limit(struct candidates *ret)
{
	for (int i = 0; setup_limit_words[i]; i++) {
		auto_free char *word = xasprintf("%s=", setup_limit_words[i]);

		candidates_add(ret, word, NULL);
	}
}

typedef __typeof__(((struct unshare_opts *)0)->links) words;

static int parse_words(const char *word, void *field, struct err *e)
{
	(void)e;
	vec_push((words *)field, word);
	return 0;
}

/* /proc/net/dev: two lines of headings, then "  NAME: NUMBERS" for each interface. */
static void complete_link(struct candidates *ret)
{
	auto_close int proc = proc_open();
	auto_str struct str table = { 0 };

	if (proc < 0 || proc_read(proc, "self/net/dev", &table) < 0)
		return;
	for (const char *p = str_text(&table); *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *name = p + strspn(p, " ");
		size_t n = strcspn(name, ":|\n");
		auto_free char *word = xstrndup(name, n);

		if (name[n] == ':')
			candidates_add(ret, word, NULL);
	}
}

#define SIZE_OF(field) sizeof(((struct unshare_opts *)0)->field)

const struct arg_kind arg_dir = { "DIR", sizeof(char *), parse_text, NULL, complete_file };
const struct arg_kind arg_name = { "NAME", sizeof(char *), parse_text, NULL };
const struct arg_kind arg_names = { "NAME,...", SIZE_OF(keep_env), parse_words, NULL,
				    complete_variables };
const struct arg_kind arg_owner = { "UID:GID", SIZE_OF(owner), parse_owner, NULL };
const struct arg_kind arg_map = { "INNER:OUTER:COUNT", SIZE_OF(map_users), parse_map, map_words };
const struct arg_kind arg_signal = { "SIG", sizeof(int), parse_signal, NULL, complete_signal };
const struct arg_kind arg_propagation = { "MODE", sizeof(enum propagation), parse_propagation,
					  propagation_words };
const struct arg_kind arg_setgroups = { "WORD", sizeof(enum setgroups), parse_setgroups,
					setgroups_words };
const struct arg_kind arg_offset = { "OFFSET", sizeof(struct setup_offset), parse_offset, NULL };
const struct arg_kind arg_tmpfs = { "DIR", SIZE_OF(mounts), parse_tmpfs, NULL, complete_file };
const struct arg_kind arg_bind = { "SRC:DST[:ro]", SIZE_OF(mounts), parse_bind, NULL,
				   complete_bind };
const struct arg_kind arg_link = { "IFNAME", SIZE_OF(links), parse_words, NULL, complete_link };
const struct arg_kind arg_limit = { "NAME=SOFT:HARD", SIZE_OF(limits), parse_limit, NULL,
				    complete_limit };

void unshare_opts_done(void *opts)
{
	struct unshare_opts *o = opts;

	vec_done(&o->map_users);
	vec_done(&o->map_groups);
	for (size_t i = 0; i < o->mounts.n; i++)
		free((char *)o->mounts.v[i].source);
	vec_done(&o->mounts);
	vec_done(&o->limits);
	vec_done(&o->links);
	vec_done(&o->keep_env);
}
