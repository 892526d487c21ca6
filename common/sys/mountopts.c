/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountopts.h"

#include "../base/dl.h"
#include "../base/escape.h"
#include "../base/str.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <sys/mount.h>

#define LIBMOUNT_CALLS(X)                                                                          \
	X(mnt_split_optstr)                                                                        \
	X(mnt_optstr_get_flags)                                                                    \
	X(mnt_optstr_next_option)                                                                  \
	X(mnt_get_builtin_optmap)

struct libmount {
	LIBMOUNT_CALLS(DL_FIELD)
};

DL_NOTE("libmount.so.1", "mounts", "Reads mount options");

/* The flags of mount(2) that a single mount can have, and what mount_setattr(2) calls them. */
static const struct {
	unsigned long ms;
	uint64_t attr;
	bool is_atime;
} flags[] = {
	{ MS_RDONLY, MOUNT_ATTR_RDONLY, false },
	{ MS_NOSUID, MOUNT_ATTR_NOSUID, false },
	{ MS_NODEV, MOUNT_ATTR_NODEV, false },
	{ MS_NOEXEC, MOUNT_ATTR_NOEXEC, false },
	{ MS_NOSYMFOLLOW, MOUNT_ATTR_NOSYMFOLLOW, false },
	{ MS_NODIRATIME, MOUNT_ATTR_NODIRATIME, false },
	{ MS_RELATIME, MOUNT_ATTR_RELATIME, true },
	{ MS_NOATIME, MOUNT_ATTR_NOATIME, true },
	{ MS_STRICTATIME, MOUNT_ATTR_STRICTATIME, true },
};

static int not_here(const char *word, size_t n, struct err *e)
{
	auto_free char *text = xstrndup(word, n);
	auto_free char *q = quoted(text);

	err_say(e, -EINVAL, "mount option %s means nothing here", q);
	err_hint(e, "of a mount: ro nosuid nodev noexec nosymfollow noatime nodiratime relatime "
		    "strictatime, their opposites, and rec");
	return -EINVAL;
}

/* One word that libmount knows; it changes the flags of mount(2), MS. */
static int add_word(const struct libmount *lib, const char *name, size_t n, unsigned long *ms,
		    bool *atime, struct err *e)
{
	const struct libmnt_optmap *map = lib->mnt_get_builtin_optmap(MNT_LINUX_MAP);
	auto_free char *word = xstrndup(name, n);
	unsigned long on = 0, off = ~0UL, known = 0;

	lib->mnt_optstr_get_flags(word, &on, map);
	lib->mnt_optstr_get_flags(word, &off, map);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		known |= flags[i].ms;
		*atime |= flags[i].is_atime && (on | ~off) & flags[i].ms;
	}
	if ((on | ~off) & ~known)
		return not_here(name, n, e);
	*ms = (*ms | on) & off;
	return 0;
}

static int add_words(const struct libmount *lib, char *text, unsigned long *ms, bool *atime,
		     struct err *e)
{
	char *name, *value;
	size_t n, nvalue;
	int r = 0;

	while (r == 0 && text &&
	       lib->mnt_optstr_next_option(&text, &name, &n, &value, &nvalue) == 0)
		r = add_word(lib, name, n, ms, atime, e);
	return r;
}

static void add_rest(const struct libmount *lib, char *text, struct mountopts *ret)
{
	char *name, *value;
	size_t n, nvalue;

	while (text && lib->mnt_optstr_next_option(&text, &name, &n, &value, &nvalue) == 0) {
		if (n == strlen("rec") && memcmp(name, "rec", n) == 0 && !value)
			ret->recursive = true;
		else
			vec_push(&ret->rest,
				 { xstrndup(name, n), value ? xstrndup(value, nvalue) : NULL });
	}
}

static int convert(const struct libmount *lib, char *user, char *vfs, struct mountopts *ret,
		   struct err *e)
{
	unsigned long ms = 0;
	bool atime = false;
	int r = user ? not_here(user, strcspn(user, ","), e) : 0;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		ms |= ret->set & flags[i].attr ? flags[i].ms : 0;
	if (r == 0)
		r = add_words(lib, vfs, &ms, &atime, e);
	if (r < 0)
		return r;
	ret->set = 0;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		ret->set |= ms & flags[i].ms ? flags[i].attr : 0;
	ret->clear = atime ? MOUNT_ATTR__ATIME : 0;
	return 0;
}

/* libmount passes over an option whose quote does not end. */
static bool is_quoted_well(const char *text)
{
	bool open = false;

	for (; *text; text++)
		open ^= *text == '"';
	return !open;
}

int mountopts_parse(const char *text, struct mountopts *ret, struct err *e)
{
	static const char *const names[] = { LIBMOUNT_CALLS(DL_NAME) };
	auto_free char *user = NULL;
	auto_free char *vfs = NULL;
	auto_free char *rest = NULL;
	auto_free char *q = quoted(text);
	struct libmount lib;
	int r = dl_load("libmount.so.1", "libmount1", names, ARRAY_LEN(names), &lib, e);

	if (r < 0)
		return r;
	if (!is_quoted_well(text) || lib.mnt_split_optstr(text, &user, &vfs, &rest, 0, 0) < 0)
		return err_say(e, -EINVAL, "mount options %s cannot be read", q);
	r = convert(&lib, user, vfs, ret, e);
	if (r == 0)
		add_rest(&lib, rest, ret);
	return r;
}

void mountopts_done(struct mountopts *o)
{
	for (size_t i = 0; i < o->rest.n; i++) {
		free(o->rest.v[i].name);
		free(o->rest.v[i].value);
	}
	vec_done(&o->rest);
}
